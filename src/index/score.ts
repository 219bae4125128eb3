// BM25 of a question's terms over the fields of some records, with the statistics of all records.
import { fieldNames, fieldWeights } from './fields.ts';
import { averageLengths, type Postings, type RecordTable } from './table.ts';

/**
 * k, saturation of repeated words, the usual value: 0.9 to 2 differ by less than half a point. b, how much a long field counts less, the usual
 * value: 0.3 costs records with a body 1.3 points.
 */
const [k, b] = [1.2, 0.75];

export interface FoundTerm {
  term: string;
  /** 1 for the word itself, less for what is like it. */
  weight: number;
  postings: Postings;
  /** How many records hold it in any field. */
  documents: number;
}

/** By row, the BM25 of a term times its weight; only rows that hold it. */
export type Scorer = (term: FoundTerm) => ReadonlyMap<number, number>;

/** How rare a word is that so many of `count` records hold, as in BM25. */
export function idf(count: number, documents: number): number {
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
}

/** Scores these rows. */
export function scorerOf(table: RecordTable, rows: readonly number[]): Scorer {
  const isScored = new Uint8Array(table.count);
  for (const row of rows) isScored[row] = 1;
  const lengths = table.column('lengths');
  const averages = averageLengths(table.statistics);
  return ({ weight, postings, documents }) => {
    const sums = new Map<number, number>();
    for (const [field, pairs] of postings.entries()) {
      if (pairs === 0) continue;
      const boost = fieldWeights[fieldNames[field]!] * weight * idf(table.count, documents);
      for (let at = 0; at < pairs.length; at += 2) {
        const row = pairs[at]!;
        if (isScored[row] === 0) continue;
        const times = pairs[at + 1]!;
        const length = lengths[row * fieldNames.length + field]! / averages[field]!;
        const own = (boost * (times * (k + 1))) / (times + k * (1 - b + b * length));
        sums.set(row, (sums.get(row) ?? 0) + own);
      }
    }
    return sums;
  };
}
