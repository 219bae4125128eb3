// BM25 of a question's terms over the fields of records.
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

/** How rare a word is that so many of `count` records hold, as in BM25. */
export function idf(count: number, documents: number): number {
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
}

/** By row, the BM25 of a term times its weight; 0 where it does not stand. */
export function scoreTerm(table: RecordTable, { weight, postings, documents }: FoundTerm): Float64Array {
  const lengths = table.column('lengths');
  const averages = averageLengths(table.statistics);
  const rarity = idf(table.count, documents);
  const sums = new Float64Array(table.count);
  for (const [field, pairs] of postings.entries()) {
    if (pairs === 0) continue;
    const boost = fieldWeights[fieldNames[field]!] * weight * rarity;
    for (let at = 0; at < pairs.length; at += 2) {
      const row = pairs[at]!;
      const times = pairs[at + 1]!;
      const length = lengths[row * fieldNames.length + field]! / averages[field]!;
      sums[row]! += (boost * (times * (k + 1))) / (times + k * (1 - b + b * length));
    }
  }
  return sums;
}
