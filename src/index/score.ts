// MiniSearch as the scorer: BM25 of a question's terms over the fields of some records, with the statistics of all records.
import MiniSearch from 'minisearch';
import { fieldNames, fieldWeights } from './fields.ts';
import { averagesOf, type Postings, type RecordTable } from './table.ts';

/**
 * k, saturation of repeated words, the usual value: 0.9 to 2 differ by less than half a point. b, how much a long field counts less, the usual
 * value: 0.3 costs records with a body 1.3 points. d, what a word is worth however long the field: nothing, as in plain BM25.
 */
const bm25 = { k: 1.2, b: 0.75, d: 0 };

export interface FoundTerm {
  term: string;
  /** 1 for the word itself, less for what is like it. */
  weight: number;
  postings: Postings;
  /** Rows that hold it in any field, each once. */
  rows: readonly number[];
}

/** How rare a word is that so many of `count` records hold, as in BM25. */
export function idf(count: number, documents: number): number {
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
}

/**
 * Scores these rows as MiniSearch would that had indexed the whole table: it is given the postings of these terms in these rows. For a term, row and
 * BM25 times its weight, of the rows that hold it.
 */
export function scorerOf(
  table: RecordTable,
  terms: readonly FoundTerm[],
  rows: readonly number[],
): (term: FoundTerm) => (readonly [row: number, score: number])[] {
  // By row, one more than its place in `rows`; 0 for the others.
  const places = new Uint32Array(table.count);
  for (const [at, row] of rows.entries()) places[row] = at + 1;
  const lengths = table.column('lengths');
  const width = fieldNames.length;
  const held = new Map(
    terms.map(({ term, postings }) => {
      const byField = postings.map((pairs, field) => ({ field, ...heldAmong(pairs, places) }));
      return [term, byField.filter(({ count }) => count > 0)];
    }),
  );
  const mini = MiniSearch.loadJS<number>(
    {
      serializationVersion: 2,
      documentCount: table.count,
      nextId: rows.length,
      documentIds: Object.fromEntries(rows.entries()),
      fieldIds: Object.fromEntries(fieldNames.map((name, field) => [name, field])),
      fieldLength: Object.fromEntries(rows.map((row, at) => [at, lengths.slice(row * width, (row + 1) * width)])),
      averageFieldLength: averagesOf(lengths),
      storedFields: {},
      dirtCount: 0,
      index: [...held].map(([term, byField]) => [
        term,
        Object.fromEntries(byField.map(({ field, times }) => [field, times])),
      ]),
    },
    { fields: fieldNames, tokenize: (term) => [term], processTerm: (term) => term, autoVacuum: false },
  );
  return ({ term, weight, rows: holders }) => {
    // MiniSearch takes a term's rarity from the postings that it was given: the true one is put in its place.
    const rarity = weight * idf(table.count, holders.length);
    const boost = Object.fromEntries(
      held.get(term)!.map(({ field, count }) => {
        const name = fieldNames[field]!;
        return [name, (fieldWeights[name] * rarity) / idf(table.count, count)];
      }),
    );
    return mini.search(term, { bm25, boost, fields: Object.keys(boost) }).map(({ id, score }) => [id as number, score]);
  };
}

/** By place, how often the row holds the term; `count`: in how many of the rows. */
function heldAmong(pairs: readonly number[], places: Uint32Array): { times: Record<number, number>; count: number } {
  const times: Record<number, number> = {};
  let count = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const place = places[pairs[at]!]!;
    if (place === 0) continue;
    times[place - 1] = pairs[at + 1]!;
    count++;
  }
  return { times, count };
}
