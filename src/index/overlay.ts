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
      return fieldNames.map((_, field) => joinPairs(renumber(kept[field] ?? [], newRows()), own?.[field] ?? []));
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
/** Numbers of an entry, and entries of a chunk. */
const [width, chunkEntries] = [3, 1 << 14];

const offsetOf = (entry: number): number => (entry % chunkEntries) * width;

/**
 * Each term is a chain of entries: the row, times × fieldCount + field, the entry before or −1. In typed arrays: lists of their own for each term
 * take five times the memory, and the collector copies them.
 */
function indexFresh(rows: readonly OverlayRow[], base: RecordTable): FreshIndex {
  /** Term → its last entry. */
  const last = new Map<string, number>();
  const lengths: number[] = [];
  const chunks: Int32Array[] = [];
  let count = 0;
  const chunkOf = (entry: number): Int32Array => chunks[Math.floor(entry / chunkEntries)]!;
  for (const [row, one] of rows.entries()) {
    const words = typeof one === 'number' ? [] : (one.words?.() ?? []);
    if (typeof one === 'object') one.words = undefined;
    for (let field = 0; field < fieldCount; field++) {
      const before = count;
      for (const word of words[field] ?? []) {
        const known = last.get(word) ?? -1;
        if (known >= before) chunkOf(known)[offsetOf(known) + 1]! += fieldCount;
        else {
          if (count % chunkEntries === 0) chunks.push(new Int32Array(chunkEntries * width));
          chunkOf(count).set([row, fieldCount + field, known], offsetOf(count));
          last.set(word, count++);
        }
      }
      lengths.push(typeof one === 'number' ? base.column('lengths')[one * fieldCount + field]! : count - before);
    }
  }
  const postings = (term: string): Postings | undefined => {
    if (!last.has(term)) return undefined;
    const found: number[][] = fieldNames.map(() => []);
    for (let entry = last.get(term)!; entry >= 0;) {
      const [chunk, at] = [chunkOf(entry), offsetOf(entry)];
      const said = chunk[at + 1]!;
      found[said % fieldCount]!.push(Math.floor(said / fieldCount), chunk[at]!);
      entry = chunk[at + 2]!;
    }
    for (const pairs of found) pairs.reverse();
    return found;
  };
  return { terms: [...last.keys()], postings, lengths };
}

function renumber(pairs: readonly number[], newRows: Int32Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const row = newRows[pairs[at]!]!;
    if (row >= 0) found.push(row, pairs[at + 1]!);
  }
  return found;
}

/** Rows of one are not rows of the other. */
function joinPairs(one: readonly number[], two: readonly number[]): readonly number[] {
  if (one.length === 0 || two.length === 0) return one.length === 0 ? two : one;
  const joined: number[] = [];
  for (let a = 0, b = 0; a < one.length || b < two.length;) {
    const isOne = b >= two.length || (a < one.length && one[a]! < two[b]!);
    if (isOne) joined.push(one[a++]!, one[a++]!);
    else joined.push(two[b++]!, two[b++]!);
  }
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
