// RecordTable: the records of a store by row, with the postings of their terms. Cached (cache.ts), read a moment ago, or both (overlay.ts).
import type { Excerpt } from '../domain/excerpt.ts';
import { fieldNames } from './fields.ts';

/** What has to be known of all records, as in Excerpt; '' where that has nothing. */
const excerptColumns = [
  'path',
  'bytes',
  'mtimeMs',
  'blob',
  'type',
  'created',
  'branch',
  'session',
  'supersedes',
  'forgets',
] as const;

type ExcerptColumns = { [Name in (typeof excerptColumns)[number]]: readonly NonNullable<Excerpt[Name]>[] };

/** By row but for the terms. Each is parsed on first use. */
export interface Columns extends ExcerptColumns {
  /** Distinct terms, by row × field. */
  lengths: readonly number[];
  /** Sorted by UTF-16 code units; of some the records may be gone. */
  terms: readonly string[];
}

export type ColumnName = keyof Columns;

export const columnNames = [...excerptColumns, 'lengths', 'terms'] as const satisfies ColumnName[];

/** By field, [row, times, row, times, …] with rows ascending; [] for a field that does not hold the term. */
export type Postings = readonly (readonly number[])[];

export interface RecordTable {
  readonly count: number;
  column<K extends ColumnName>(name: K): Columns[K];
  excerptAt(row: number): Excerpt;
  /** Rows whose excerpt holds this text anywhere, such as a cited path or a part of one. Ascending. */
  rowsNaming(text: string): number[];
  /** Undefined where no record ever held the term. */
  postings(term: string): Postings | undefined;
  /** Lets go of what was parsed; it is parsed again on use. */
  release(): void;
}

const averagesByLengths = new WeakMap<readonly number[], number[]>();

/** By field, distinct terms on average of the records that have it; 1 where none has. `lengths` as in Columns. */
export function averagesOf(lengths: readonly number[]): number[] {
  const known = averagesByLengths.get(lengths);
  if (known !== undefined) return known;
  const totals = fieldNames.map(() => 0);
  const holders = fieldNames.map(() => 0);
  for (let at = 0; at < lengths.length; at++) {
    if (lengths[at] === 0) continue;
    totals[at % fieldNames.length]! += lengths[at]!;
    holders[at % fieldNames.length]!++;
  }
  const averages = totals.map((total, field) => (holders[field] === 0 ? 1 : total / holders[field]!));
  averagesByLengths.set(lengths, averages);
  return averages;
}
