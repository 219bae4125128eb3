// RecordTable: the records of a store by row, with the postings of their terms. Cached (cache.ts), read a moment ago, or both (overlay.ts).
import type { Excerpt } from '../domain/excerpt.ts';
import type { Problem } from '../domain/record.ts';
import { isDurable, type RecordType } from '../domain/types.ts';
import { fieldNames } from './fields.ts';

/** Key columns, by row: what has to be known of all records. A column is parsed on first use. */
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
}

export type ColumnName = keyof Columns;

/** Few records say something of others: [row, supersedes, forgets]. */
export type Links = readonly (readonly [row: number, supersedes: readonly string[], forgets: readonly string[]])[];

/** By field, [row, times, row, times, …] with rows ascending; 0 for a field that does not hold the term. */
export type Postings = readonly (readonly number[] | 0)[];

/** A file that is named as a record and could not be read as one. */
export type Rejected = readonly [path: string, bytes: number, mtimeMs: number, problem: Problem];

/** What is counted over all records. Whole numbers: they are the same however the table came to be. */
export interface Statistics {
  /** By field, the distinct terms of all records together. */
  readonly totals: readonly number[];
  /** By field, the records that have it. */
  readonly holders: readonly number[];
}

export interface RecordTable {
  readonly count: number;
  column<K extends ColumnName>(name: K): Columns[K];
  excerptAt(row: number): Excerpt;
  /** The excerpt as one line of JSON. */
  excerptLine(row: number): string;
  /** Rows whose excerpt may hold this text as a value of its own, such as a cited path: all that do, and perhaps others. Ascending. */
  rowsNaming(text: string): number[];
  readonly links: Links;
  readonly rejected: readonly Rejected[];
  /** Sorted by UTF-16 code units; of some the records may be gone. */
  readonly terms: readonly string[];
  /** Undefined where no record ever held the term. */
  postings(term: string): Postings | undefined;
  readonly statistics: Statistics;
  /** Lets go of what was parsed; it is parsed again on use. */
  release(): void;
}

/** By field, distinct terms on average of the records that have it. */
export function averageLengths({ totals, holders }: Statistics): number[] {
  return totals.map((total, field) => (holders[field] === 0 ? 1 : total / holders[field]!));
}

/** `lengths` as in Columns. */
export function countLengths(lengths: readonly number[]): Statistics {
  const totals = fieldNames.map(() => 0);
  const holders = fieldNames.map(() => 0);
  const fieldCount = fieldNames.length;
  for (let at = 0, field = 0; at < lengths.length; at++, field = field + 1 === fieldCount ? 0 : field + 1) {
    const length = lengths[at]!;
    if (length === 0) continue;
    totals[field]! += length;
    holders[field]!++;
  }
  return { totals, holders };
}

/** From when on a record fades, in milliseconds since 1970; Infinity for one that lasts. */
export function fadesFrom(table: RecordTable, row: number): number {
  return isDurable(table.column('type')[row]!) ? Number.POSITIVE_INFINITY : Date.parse(table.column('created')[row]!);
}
