// RecordTable: the records of a store by row, with the postings of their terms. Cached (cache.ts), read a moment ago, or both (overlay.ts).
import type { Excerpt } from '../domain/excerpt.ts';
import type { RecordType } from '../domain/types.ts';
import { fieldNames } from './fields.ts';

/** What has to be known of all records, by row but for the last two. Each is parsed on first use. */
export interface Columns {
  /** As in Excerpt. */
  path: readonly string[];
  /** Size in bytes. */
  bytes: readonly number[];
  mtimeMs: readonly number[];
  blob: readonly string[];
  type: readonly RecordType[];
  created: readonly string[];
  /** '' without one. */
  branch: readonly string[];
  /** '' without one. */
  session: readonly string[];
  /** Distinct terms, by row × field. */
  lengths: readonly number[];
  /** Few records say something of others: [row, supersedes, forgets]. */
  links: readonly (readonly [row: number, supersedes: readonly string[], forgets: readonly string[]])[];
  /** Sorted by UTF-16 code units; of some the records may be gone. */
  terms: readonly string[];
}

export type ColumnName = keyof Columns;

/** By field, [row, times, row, times, …] with rows ascending; [] for a field that does not hold the term. */
export type Postings = readonly (readonly number[])[];

export interface RecordTable {
  readonly count: number;
  column<K extends ColumnName>(name: K): Columns[K];
  excerptAt(row: number): Excerpt;
  /** The excerpt as one line of JSON. */
  excerptLine(row: number): string;
  /** Rows whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. Ascending. */
  rowsNaming(text: string): number[];
  /** Undefined where no record ever held the term. */
  postings(term: string): Postings | undefined;
  /** Lets go of what was parsed; it is parsed again on use. */
  release(): void;
}

/** By field, distinct terms on average of the records that have it. */
export function averageLengths(table: RecordTable): number[] {
  const lengths = table.column('lengths');
  return fieldNames.map((_, field) => {
    let [total, holders] = [0, 0];
    for (let at = field; at < lengths.length; at += fieldNames.length) {
      total += lengths[at]!;
      if (lengths[at]! > 0) holders++;
    }
    return holders === 0 ? 1 : total / holders;
  });
}

/** The first of `count` places in ascending order that is not before what is sought. */
export function lowerBound(count: number, isBefore: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the first of sorted terms that is not before the given one. */
export function placeOf(terms: readonly string[], term: string): number {
  return lowerBound(terms.length, (at) => terms[at]! < term);
}
