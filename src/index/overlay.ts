// A table of cached rows and of rows that were just read from their files, which are held in memory. Their words are indexed on first use.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { fieldNames } from './fields.ts';
import type { ColumnName, Columns, Postings, RecordTable } from './table.ts';

/** A record that was just read. */
export interface FreshRow {
  excerpt: Excerpt;
  /** Its words by field, asked for once; a row without them holds none. */
  words?: (() => string[][]) | undefined;
}

/** A number is a row of the base whose file is as it was. */
export type OverlayRow = number | FreshRow;

/** `base` gives what the rows that are `given` do not bring themselves. */
export function overlayTable(given: readonly OverlayRow[], base: RecordTable = emptyTable): RecordTable {
  // Of a copy: words are let go of, and another table may be made of the same rows.
  const rows = given.map((one) => (typeof one === 'number' ? one : { ...one }));
  const index = once(() => indexFresh(rows, base));
  /** By row of the base, the row here; -1 for one that is gone. */
  const newRows = once(() => {
    const found = new Int32Array(base.count).fill(-1);
    for (const [row, one] of rows.entries()) if (typeof one === 'number') found[one] = row;
    return found;
  });
  const makeColumn = (name: ColumnName): readonly unknown[] => {
    if (name === 'lengths') return index().lengths;
    if (name === 'terms') return [...new Set([...base.column('terms'), ...index().terms])].sort();
    const before = base.column(name);
    return rows.map((one) => (typeof one === 'number' ? before[one] : (one.excerpt[name] ?? '')));
  };
  const columns: Partial<Record<ColumnName, readonly unknown[]>> = {};
  return {
    count: rows.length,
    column: <K extends ColumnName>(name: K) => (columns[name] ??= makeColumn(name)) as Columns[K],
    excerptAt: (row) => {
      const one = rows[row]!;
      return typeof one === 'number' ? base.excerptAt(one) : one.excerpt;
    },
    rowsNaming: (text) => {
      const named = new Set(base.rowsNaming(text));
      const wanted = JSON.stringify(text).slice(1, -1);
      return [...rows.keys()].filter((row) => {
        const one = rows[row]!;
        return typeof one === 'number' ? named.has(one) : JSON.stringify(one.excerpt).includes(wanted);
      });
    },
    postings: (term) => {
      const [kept, own] = [base.postings(term), index().postings(term)];
      if (kept === undefined) return own;
      return fieldNames.map((_, field) => joinPairs(kept[field] ?? [], newRows(), own?.[field] ?? []));
    },
    release: () => base.release(),
  };
}

interface FreshIndex {
  terms: readonly string[];
  postings(term: string): Postings | undefined;
  /** As in Columns. */
  lengths: readonly number[];
}

const fieldCount = fieldNames.length;
/** Numbers of an entry. */
const width = 3;

/**
 * Each term is a chain of entries: the row, times × fieldCount + field, where the entry before begins or −1. In one typed array: lists of their own
 * for each term take five times the memory, and the collector copies them.
 */
function indexFresh(rows: readonly OverlayRow[], base: RecordTable): FreshIndex {
  /** Term → where its last entry begins. */
  const last = new Map<string, number>();
  const lengths: number[] = [];
  let entries = new Int32Array(width << 12);
  let end = 0;
  for (const [row, one] of rows.entries()) {
    const words = typeof one === 'number' ? [] : (one.words?.() ?? []);
    if (typeof one === 'object') one.words = undefined;
    for (let field = 0; field < fieldCount; field++) {
      const before = end;
      for (const word of words[field] ?? []) {
        const known = last.get(word) ?? -1;
        if (known >= before) {
          entries[known + 1]! += fieldCount;
          continue;
        }
        if (end === entries.length) {
          const full = entries;
          entries = new Int32Array(2 * end);
          entries.set(full);
        }
        entries.set([row, fieldCount + field, known], end);
        last.set(word, end);
        end += width;
      }
      lengths.push(
        typeof one === 'number' ? base.column('lengths')[one * fieldCount + field]! : (end - before) / width,
      );
    }
  }
  const postings = (term: string): Postings | undefined => {
    if (!last.has(term)) return undefined;
    const found: number[][] = fieldNames.map(() => []);
    for (let at = last.get(term)!; at >= 0; at = entries[at + 2]!) {
      const said = entries[at + 1]!;
      found[said % fieldCount]!.push(Math.floor(said / fieldCount), entries[at]!);
    }
    for (const pairs of found) pairs.reverse();
    return found;
  };
  return { terms: [...last.keys()], postings, lengths };
}

/** Postings of the base, by its rows, and of rows that were just read. */
function joinPairs(kept: readonly number[], newRows: Int32Array, own: readonly number[]): number[] {
  const joined: number[] = [];
  let next = 0;
  const addOwn = (end: number): void => {
    while (next < own.length && own[next]! < end) joined.push(own[next++]!, own[next++]!);
  };
  for (let at = 0; at < kept.length; at += 2) {
    const row = newRows[kept[at]!]!;
    if (row < 0) continue;
    addOwn(row);
    joined.push(row, kept[at + 1]!);
  }
  addOwn(Number.POSITIVE_INFINITY);
  return joined;
}

const emptyTable: RecordTable = {
  count: 0,
  column: () => [],
  excerptAt: (row) => {
    throw new RangeError(`records: there is no row ${row}`);
  },
  rowsNaming: () => [],
  postings: () => undefined,
  release: () => {},
};
