// Who holds a term, and which records hold the most telling words of a question.
import { fieldNames } from './fields.ts';
import type { Postings, RecordTable } from './table.ts';

/** One term's postings with what is counted of them. */
export interface TermPostings {
  term: string;
  postings: Postings;
  /** How many records hold it by field. */
  byField: readonly number[];
  /** Rows that hold it in any field, each once; and how many. */
  holders: readonly number[];
  documents: number;
}

/** In a process that stays, words asked lately stay counted: about 300 kB each where every second of 10,000 records holds them. */
const maxKept = 100;
const keptByTable = new WeakMap<RecordTable, Map<string, TermPostings>>();

export function findPostings(table: RecordTable, term: string): TermPostings {
  let kept = keptByTable.get(table);
  if (kept === undefined) keptByTable.set(table, (kept = new Map()));
  let found = kept.get(term);
  if (found === undefined) {
    found = countPostings(term, table.postings(term) ?? [], table.count);
    if (kept.size >= maxKept) kept.clear();
    kept.set(term, found);
  }
  return found;
}

function countPostings(term: string, postings: Postings, count: number): TermPostings {
  const byField = fieldNames.map((_, field) => (postings[field] || []).length / 2);
  const seen = new Uint8Array(count);
  const holders: number[] = [];
  for (const pairs of postings)
    if (pairs !== 0)
      for (let at = 0; at < pairs.length; at += 2) {
        const row = pairs[at]!;
        if (seen[row] === 1) continue;
        seen[row] = 1;
        holders.push(row);
      }
  return { term, postings, byField, holders, documents: holders.length };
}

/** The idf of MiniSearch's BM25. */
export function idf(table: RecordTable, documents: number): number {
  return Math.log(1 + (table.count - documents + 0.5) / (documents + 0.5));
}

/**
 * Where the most telling of these terms stand, at most `limit` allowed rows, unordered; all that hold any term when they are
 * fewer.
 */
export function tellingRows(
  table: RecordTable,
  terms: readonly TermPostings[],
  limit: number,
  isAllowed: (row: number) => boolean,
): readonly number[] {
  const rarestFirst = [...terms].sort((a, b) => a.documents - b.documents);
  const sums = new Float64Array(table.count);
  const { rows, isAll } = sumTerms(table, sums, rarestFirst, limit);
  const best = bestAllowed(sums, rows, limit, isAllowed);
  if (isAll || best.length >= limit) return best;
  // Of those that the rare words found too few may be told.
  return bestAllowed(sums, sumTerms(table, sums, rarestFirst, table.count).rows, limit, isAllowed);
}

/** Sums of many numbers differ in their last digits by the order in which they were added. */
const almost = 1 - 1e-9;

/** The rows that hold any term, with what they tell summed up in `sums`; without those that cannot be among the best `enough`. */
function sumTerms(
  table: RecordTable,
  sums: Float64Array,
  rarestFirst: readonly TermPostings[],
  enough: number,
): { rows: Uint32Array; isAll: boolean } {
  sums.fill(0);
  const found = new Uint32Array(table.count);
  const weights = rarestFirst.map(({ documents }) => idf(table, documents));
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  let count = 0;
  let isAll = true;
  for (const [at, { holders, documents }] of rarestFirst.entries()) {
    const weight = weights[at]!;
    // Who is found already holds a word that tells more than all that are left; and a word of every second record finds nothing by itself.
    const isLate = count >= enough && (rest < weights[at - 1]! * almost || documents * 2 > table.count);
    if (isLate) isAll = false;
    for (let i = 0; i < documents; i++) {
      const row = holders[i]!;
      // Every weight is above 0.
      if (sums[row] === 0) {
        if (isLate) continue;
        found[count++] = row;
      }
      sums[row]! += weight;
    }
    rest -= weight;
  }
  return { rows: found.subarray(0, count), isAll };
}

/** Asking for each row what may be found costs more than the sums: only the best are asked, and more of them when too few may. */
function bestAllowed(
  sums: Float64Array,
  rows: Uint32Array,
  limit: number,
  isAllowed: (row: number) => boolean,
): number[] {
  for (let count = limit; ; count *= 4) {
    const best = mostTelling(rows, sums, count).filter(isAllowed);
    if (best.length >= limit || count >= rows.length)
      return Array.from(best.length > limit ? mostTelling(best, sums, limit) : best);
  }
}

function mostTelling(rows: Uint32Array, sums: Float64Array, count: number): Uint32Array {
  if (rows.length <= count) return rows;
  const least = nthLargest(rows, sums, count);
  const best: number[] = [];
  const equal: number[] = [];
  for (const row of rows) {
    if (sums[row]! > least) best.push(row);
    else if (sums[row] === least) equal.push(row);
  }
  // Of equals the later ones in the list: names begin with the date.
  equal.sort((a, b) => b - a);
  return Uint32Array.from([...best, ...equal.slice(0, count - best.length)]);
}

function nthLargest(rows: Uint32Array, sums: Float64Array, n: number): number {
  return Float64Array.from(rows, (row) => sums[row]!).sort()[rows.length - n]!;
}
