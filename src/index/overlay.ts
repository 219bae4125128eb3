// A table of cached rows and of rows that were just read from their files, which are held in memory. Their words are indexed on first use.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { fieldNames } from './fields.ts';
import {
  countLengths,
  type ColumnName,
  type Columns,
  type Links,
  type Postings,
  type RecordTable,
  type Rejected,
} from './table.ts';

/** A record that was just read. */
export interface FreshRow {
  excerpt: Excerpt;
  /** Its words by field, asked for once; a row without them holds none. */
  words?: () => string[][];
}

/** A number is a row of the base whose file is as it was. */
export type OverlayRow = number | FreshRow;

/** `base` gives what the rows that are `given` do not bring themselves. */
export function overlayTable(
  given: readonly OverlayRow[],
  rejected: readonly Rejected[],
  base: RecordTable = emptyTable,
): RecordTable {
  // Of a copy: words are let go of, and somebody else may make another table of the same rows.
  const rows = given.map((one) => (typeof one === 'number' ? one : { ...one }));
  const baseRows = Int32Array.from(rows, (one) => (typeof one === 'number' ? one : -1));
  const freshAt = (row: number): FreshRow => rows[row] as FreshRow;
  const index = once(() => indexFresh(rows));
  const lengthsColumn = once(() => {
    const fieldCount = fieldNames.length;
    const lengths: number[] = [];
    const before = base.column('lengths');
    for (let row = 0; row < rows.length; row++) {
      const old = baseRows[row]!;
      const own = old < 0 ? index().lengths.get(row)! : undefined;
      for (let field = 0; field < fieldCount; field++)
        lengths.push(own ? own[field]! : before[old * fieldCount + field]!);
    }
    return lengths;
  });
  const columns: Partial<Record<ColumnName, readonly unknown[]>> = {};
  const makeColumn = (name: ColumnName): readonly unknown[] => {
    if (name === 'lengths') return lengthsColumn();
    const before = base.column(name);
    return rows.map((one) => (typeof one === 'number' ? before[one] : (one.excerpt[name] ?? '')));
  };
  /** By row of the base, the row here; -1 for one that is gone. */
  const newRows = once(() => {
    const found = new Int32Array(base.count).fill(-1);
    for (let row = 0; row < rows.length; row++) if (baseRows[row]! >= 0) found[baseRows[row]!] = row;
    return found;
  });
  const isAligned = once(() => newRows().every((row, old) => row === old));
  const excerptAt = (row: number): Excerpt => {
    const one = rows[row]!;
    return typeof one === 'number' ? base.excerptAt(one) : one.excerpt;
  };
  const links = once(() => linksOf(rows, baseRows, base));
  const terms = once(() => [...new Set([...base.terms, ...index().postings.keys()])].sort());
  const statistics = once(() => countLengths(lengthsColumn()));
  return {
    count: rows.length,
    column: <K extends ColumnName>(name: K) => (columns[name] ??= makeColumn(name)) as Columns[K],
    excerptAt,
    excerptLine: (row) => {
      const one = rows[row]!;
      return typeof one === 'number' ? base.excerptLine(one) : JSON.stringify(excerptAt(row));
    },
    rowsNaming: (text) => {
      const wanted = JSON.stringify(text);
      const found = base.rowsNaming(text).flatMap((old) => (newRows()[old]! < 0 ? [] : [newRows()[old]!]));
      for (let row = 0; row < rows.length; row++)
        if (baseRows[row]! < 0 && JSON.stringify(freshAt(row).excerpt).includes(wanted)) found.push(row);
      return found.sort((a, b) => a - b);
    },
    get links() {
      return links();
    },
    rejected,
    get terms() {
      return terms();
    },
    postings: (term) => {
      const old = base.postings(term);
      const kept = old && !isAligned() ? old.map((field) => field && renumber(field, newRows())) : old;
      const own = index().postings.get(term);
      return own && kept ? joinPostings(kept, own) : (kept ?? own);
    },
    get statistics() {
      return statistics();
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
  const postings = new Map<string, (number[] | 0)[]>();
  const lengths = new Map<number, number[]>();
  for (const [row, one] of rows.entries()) {
    if (typeof one === 'number') continue;
    const words = one.words?.() ?? [];
    delete one.words;
    const own: number[] = [];
    for (let field = 0; field < fieldNames.length; field++) {
      let distinct = 0;
      for (const word of words[field] ?? []) {
        let byField = postings.get(word);
        if (byField === undefined) postings.set(word, (byField = []));
        while (byField.length <= field) byField.push(0);
        const pairs = byField[field]!;
        // Rows ascend: a word that this field held before is counted at the end.
        if (pairs !== 0 && pairs[pairs.length - 2] === row) {
          pairs[pairs.length - 1]!++;
          continue;
        }
        distinct++;
        if (pairs === 0) byField[field] = [row, 1];
        else pairs.push(row, 1);
      }
      own.push(distinct);
    }
    lengths.set(row, own);
  }
  return { postings, lengths };
}

function renumber(pairs: readonly number[], newRows: Int32Array): number[] | 0 {
  const found: number[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const row = newRows[pairs[at]!]!;
    if (row >= 0) found.push(row, pairs[at + 1]!);
  }
  return found.length > 0 ? found : 0;
}

/** Rows of one are not rows of the other. */
function joinPostings(first: Postings, second: Postings): Postings {
  return fieldNames.map((_, field) => {
    const [one, two] = [first[field] || [], second[field] || []];
    if (two.length === 0) return one.length === 0 ? 0 : one;
    if (one.length === 0) return two;
    const joined: number[] = [];
    for (let a = 0, b = 0; a < one.length || b < two.length;) {
      const isOne = b >= two.length || (a < one.length && one[a]! < two[b]!);
      if (isOne) joined.push(one[a++]!, one[a++]!);
      else joined.push(two[b++]!, two[b++]!);
    }
    return joined;
  });
}

function linksOf(rows: readonly OverlayRow[], baseRows: Int32Array, base: RecordTable): Links {
  const before = new Map(base.links.map((link) => [link[0], link]));
  return rows.flatMap((one, row): Links => {
    const old = baseRows[row]!;
    if (old >= 0) {
      const link = before.get(old);
      return link ? [[row, link[1], link[2]]] : [];
    }
    const { supersedes, forgets } = (one as FreshRow).excerpt;
    return supersedes.length + forgets.length > 0 ? [[row, supersedes, forgets]] : [];
  });
}

const emptyTable: RecordTable = {
  count: 0,
  column: () => [],
  excerptAt: (row) => {
    throw new RangeError(`records: there is no row ${row}`);
  },
  excerptLine: () => '',
  rowsNaming: () => [],
  links: [],
  rejected: [],
  terms: [],
  postings: () => undefined,
  statistics: countLengths([]),
  release: () => {},
};
