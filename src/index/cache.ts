// The one cache of records, `cache/records-v3-<worktree>.jsonl`: JSON lines, of which a question parses those of its own words and of the records
// that it shows. Derived and disposable: a damaged, foreign or older file is an absent one. Lines, in this order:
//
//   ["repomem records",3,"<crc32 of all that follows>"]
//   the head: how many records, when they were looked at, how many bytes each of the next lines has
//   a line a column (see Columns), then where the lines below end
//   an excerpt a line, in the order of the rows
//   the postings of a term a line, in the order of the terms
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { lowerBound, placeOf } from './sorted.ts';
import { columnNames, type Columns, type Postings, type RecordTable } from './table.ts';

export interface CachedTable extends RecordTable {
  /** Of the file's bytes: the same id, the same rows. */
  readonly id: string;
  /** When its files were looked at, in milliseconds: of younger ones size and time say nothing. */
  readonly inspectedAt: number;
}

const mark = 'repomem records';
/** Another number makes old files unreadable, and unreadable is absent. Raise it when words, fields or the layout change. */
const version = 3;

/** Where each excerpt and each term's postings end, in bytes from the first. */
interface Parts extends Columns {
  excerptEnds: readonly number[];
  postingEnds: readonly number[];
}

interface Head {
  count: number;
  inspectedAt: number;
  /** Bytes of each part's line, its end included, in the order of the lines. */
  parts: Record<keyof Parts, number>;
}

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `records-v${version}-${paths.worktreeKey}.jsonl`);
}

/** False when every record will have to be read. */
export function hasTable(paths: MemoryPaths): boolean {
  return existsSync(fileOf(paths));
}

/** Undefined when there is none, or none that can be read. */
export function readTable(paths: MemoryPaths): CachedTable | undefined {
  try {
    return parseTable(readFileSync(fileOf(paths)));
  } catch {
    return undefined;
  }
}

/** Best effort: on a read-only or full disk undefined, and the records are read again the next time. Gives the table's id. */
export function writeTable(paths: MemoryPaths, table: RecordTable, inspectedAt: number): string | undefined {
  try {
    const { id, pieces } = formatTable(table, inspectedAt);
    writeFileAtomic(fileOf(paths), pieces, { mode: 0o600, dirMode: 0o700, fsync: false });
    return id;
  } catch {
    return undefined;
  }
}

/** The file in pieces, and the table's id. */
export function formatTable(table: RecordTable, inspectedAt: number): { id: string; pieces: Buffer[] } {
  const excerpts = joinLines();
  for (let row = 0; row < table.count; row++) excerpts.add(JSON.stringify(table.excerptAt(row)));
  const terms: string[] = [];
  const postings = joinLines();
  for (const term of table.column('terms')) {
    const fields = table.postings(term) ?? [];
    const held = fields.slice(0, fields.findLastIndex((pairs) => pairs.length > 0) + 1);
    if (held.length === 0) continue;
    terms.push(term);
    postings.add(JSON.stringify(held));
  }
  const parts: [keyof Parts, readonly unknown[]][] = [
    ...columnNames.map((name): [keyof Parts, readonly unknown[]] => [
      name,
      name === 'terms' ? terms : table.column(name),
    ]),
    ['excerptEnds', excerpts.ends],
    ['postingEnds', postings.ends],
  ];
  const partLines = parts.map(([name, part]) => [name, lineBytes(JSON.stringify(part))] as const);
  const sizes = Object.fromEntries(partLines.map(([name, { length }]) => [name, length]));
  const head: Head = { count: table.count, inspectedAt, parts: sizes as Head['parts'] };
  const content = [
    lineBytes(JSON.stringify(head)),
    ...partLines.map(([, line]) => line),
    ...excerpts.pieces(),
    ...postings.pieces(),
  ];
  const id = checksumOf(content);
  return { id, pieces: [lineBytes(JSON.stringify([mark, version, id])), ...content] };
}

function lineBytes(line: string): Buffer {
  return Buffer.from(`${line}\n`);
}

const pieceBytes = 1 << 16;

/** Lines in pieces of that size, and where each ends: a piece a line would take as much memory again. */
function joinLines() {
  const [pieces, ends]: [Buffer[], number[]] = [[], []];
  let [room, used, end] = [Buffer.alloc(pieceBytes), 0, 0];
  const close = (): void => void pieces.push(room.subarray(0, used));
  const add = (text: string): void => {
    const size = Buffer.byteLength(text) + 1;
    if (used + size > room.length) {
      close();
      [room, used] = [Buffer.alloc(Math.max(size, pieceBytes)), 0];
    }
    used += room.write(`${text}\n`, used);
    ends.push((end += size));
  };
  return { add, ends, pieces: () => (close(), pieces) };
}

/** Throws a RangeError or SyntaxError when the bytes are not a whole table of this version. */
export function parseTable(bytes: Buffer): CachedTable {
  const firstEnd = bytes.indexOf(0x0a) + 1;
  const [said, number, id] = JSON.parse(bytes.toString('utf8', 0, firstEnd)) as [string, number, string];
  if (said !== mark || number !== version) throw new RangeError('records: of another version');
  if (checksumOf([bytes.subarray(firstEnd)]) !== id) throw new RangeError('records: damaged');
  let end = bytes.indexOf(0x0a, firstEnd) + 1;
  const { count, inspectedAt, parts } = JSON.parse(bytes.toString('utf8', firstEnd, end)) as Head;
  const spans = new Map(Object.entries(parts).map(([name, size]) => [name, [end, (end += size)] as const]));
  const parsed = new Map<keyof Parts, unknown>();
  const part = <K extends keyof Parts>(name: K): Parts[K] => {
    if (!parsed.has(name)) parsed.set(name, JSON.parse(bytes.toString('utf8', ...spans.get(name)!)));
    return parsed.get(name) as Parts[K];
  };
  const excerpts: Excerpt[] = [];
  const postingsAt = (): number => end + (part('excerptEnds').at(-1) ?? 0);
  return {
    id,
    inspectedAt,
    count,
    column: part,
    excerptAt: (row) => (excerpts[row] ??= JSON.parse(lineOf(bytes, end, part('excerptEnds'), row)) as Excerpt),
    rowsNaming: (text) =>
      findLines(bytes.subarray(end, postingsAt()), part('excerptEnds'), JSON.stringify(text).slice(1, -1)),
    postings: (term) => {
      const terms = part('terms');
      const at = placeOf(terms, term);
      if (terms[at] !== term) return undefined;
      return JSON.parse(lineOf(bytes, postingsAt(), part('postingEnds'), at)) as Postings;
    },
    release: () => {
      excerpts.length = 0;
      parsed.clear();
    },
  };
}

/** Without its end. */
function lineOf(bytes: Buffer, from: number, ends: readonly number[], at: number): string {
  return bytes.toString('utf8', from + (at === 0 ? 0 : ends[at - 1]!), from + ends[at]! - 1);
}

/** Numbers of the lines that hold the text, in order. */
function findLines(lines: Buffer, ends: readonly number[], text: string): number[] {
  const found: number[] = [];
  for (let at = lines.indexOf(text); at !== -1; at = lines.indexOf(text, ends[found.at(-1)!])) {
    const start = at;
    found.push(lowerBound(ends.length, (line) => ends[line]! <= start));
  }
  return found;
}

function checksumOf(content: readonly Uint8Array[]): string {
  const checksum = content.reduce((sum, piece) => crc32(piece, sum), 0);
  return checksum.toString(16).padStart(8, '0');
}
