// A table of cached rows and of rows that were just read from their files, which are held in memory. Their words are indexed on first use.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { fieldNames } from './fields.ts';
import type { ColumnName, Columns, Postings, RecordTable } from './table.ts';

/** A record that was just read. */
export interface FreshRow {
  excerpt: Excerpt;
  /** Its words by field, asked for once; a row without them holds none. */
  words?: () => string[][];
}

/** A number is a row of the base whose file is as it was. */
export type OverlayRow = number | FreshRow;

/** `base` gives what the rows that are `given` do not bring themselves. */
export function overlayTable(given: readonly OverlayRow[], base: RecordTable = emptyTable): RecordTable {
  // Of a copy: words are let go of, and another table may be made of the same rows.
  const rows = given.map((one) => (typeof one === 'number' ? one : { ...one }));
  const index = once(() => indexFresh(rows));
  /** By row of the base, the row here; -1 for one that is gone. */
  const newRows = once(() => {
    const found = new Int32Array(base.count).fill(-1);
    for (const [row, one] of rows.entries()) if (typeof one === 'number') found[one] = row;
    return found;
  });
  const lengthsOfRows = (): number[] => {
    const before = base.column('lengths');
    const [count, fresh] = [fieldNames.length, index().lengths];
    return rows.flatMap((one, row) =>
      typeof one === 'number' ? before.slice(one * count, (one + 1) * count) : fresh.get(row)!,
    );
  };
  const makeColumn = (name: ColumnName): readonly unknown[] => {
    if (name === 'lengths') return lengthsOfRows();
    if (name === 'terms') return [...new Set([...base.column('terms'), ...index().postings.keys()])].sort();
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
      const [kept, own] = [base.postings(term), index().postings.get(term)];
      if (kept === undefined) return own;
      return fieldNames.map((_, field) => joinPairs(renumber(kept[field] ?? [], newRows()), own?.[field] ?? []));
    },
    release: () => base.release(),
  };
}

interface FreshIndex {
  postings: Map<string, Postings>;
  /** By row, the distinct terms of each field. */
  lengths: Map<number, number[]>;
}

function indexFresh(rows: readonly OverlayRow[]): FreshIndex {
  const postings = new Map<string, number[][]>();
  const lengths = new Map<number, number[]>();
  for (const [row, one] of rows.entries()) {
    if (typeof one === 'number') continue;
    const words = one.words?.() ?? [];
    delete one.words;
    const own = fieldNames.map((_, field) => {
      let distinct = 0;
      for (const word of words[field] ?? []) {
        let byField = postings.get(word);
        if (byField === undefined) postings.set(word, (byField = []));
        while (byField.length <= field) byField.push([]);
        const pairs = byField[field]!;
        // Rows ascend: a word that this field held before is counted at the end.
        if (pairs.at(-2) === row) pairs[pairs.length - 1]!++;
        else {
          pairs.push(row, 1);
          distinct++;
        }
      }
      return distinct;
    });
    lengths.set(row, own);
  }
  return { postings, lengths };
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
