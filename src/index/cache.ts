// The one cache of records, `cache/records-v1-<worktree>.jsonl`: JSON lines, of which a question parses those of its own words and of the records
// that it shows. Derived and disposable: a damaged, foreign or older file is an absent one. Lines, in this order:
//
//   ["repomem records",1,"<crc32 of all that follows>"]
//   the head: how many records, when they were looked at, how long each of the next lines is
//   a line a column (see Columns), then where the lines below end, terms, links, rejected files, statistics
//   an excerpt a line, in the order of the rows
//   the postings of a term a line, in the order of the terms
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { once } from '../domain/once.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { ColumnName, Columns, Links, Postings, RecordTable, Rejected, Statistics } from './table.ts';

export interface CachedTable extends RecordTable {
  /** Of the file's bytes: the same id, the same rows. */
  readonly id: string;
  /** When its files were looked at, in milliseconds: of younger ones size and time say nothing. */
  readonly inspectedAt: number;
}

const mark = 'repomem records';
/** Another number makes old files unreadable, and unreadable is absent. Raise it when words, fields or the layout change. */
const version = 1;

const columnNames = [
  'path',
  'bytes',
  'mtimeMs',
  'blob',
  'type',
  'created',
  'branch',
  'session',
  'lengths',
] as const satisfies readonly ColumnName[];
const partNames = [...columnNames, 'excerptEnds', 'postingEnds', 'terms', 'links', 'rejected', 'statistics'] as const;
type PartName = (typeof partNames)[number];

interface Head {
  count: number;
  inspectedAt: number;
  /** Bytes of each part's line, its end included, in the order of partNames. */
  parts: number[];
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
    const pieces = formatTable(table, inspectedAt);
    writeFileAtomic(fileOf(paths), pieces, { mode: 0o600, dirMode: 0o700, fsync: false });
    return idOf(pieces[0]!);
  } catch {
    return undefined;
  }
}

/** Strings of so many lines are joined before they become bytes. */
const linesAtOnce = 200;

/** The file in pieces, the first line by itself. */
export function formatTable(table: RecordTable, inspectedAt: number): Buffer[] {
  const excerpts = joinLines(excerptLines(table));
  const terms: string[] = [];
  const postings = joinLines(postingLines(table, terms));
  const parts: Record<PartName, unknown> = {
    ...(Object.fromEntries(columnNames.map((name) => [name, table.column(name)])) as Record<ColumnName, unknown>),
    excerptEnds: excerpts.ends,
    postingEnds: postings.ends,
    terms,
    links: table.links,
    rejected: table.rejected,
    statistics: table.statistics,
  };
  const partLines = partNames.map((name) => Buffer.from(`${JSON.stringify(parts[name])}\n`));
  const head: Head = { count: table.count, inspectedAt, parts: partLines.map(({ length }) => length) };
  const content = [Buffer.from(`${JSON.stringify(head)}\n`), ...partLines, ...excerpts.blocks, ...postings.blocks];
  return [Buffer.from(`${JSON.stringify([mark, version, checksumOf(content)])}\n`), ...content];
}

function* excerptLines(table: RecordTable): Iterable<string> {
  for (let row = 0; row < table.count; row++) yield table.excerptLine(row);
}

/** Of terms that a record holds, which are added to `terms`. */
function* postingLines(table: RecordTable, terms: string[]): Iterable<string> {
  for (const term of table.terms) {
    const postings = table.postings(term) ?? [];
    const last = postings.findLastIndex((field) => field !== 0);
    if (last < 0) continue;
    terms.push(term);
    yield JSON.stringify(last + 1 < postings.length ? postings.slice(0, last + 1) : postings);
  }
}

/** The lines in blocks, so that few stand in memory as strings, and where each ends, counted from the first. */
function joinLines(lines: Iterable<string>): { blocks: Buffer[]; ends: number[] } {
  const blocks: Buffer[] = [];
  const ends: number[] = [];
  let end = 0;
  let open: string[] = [];
  const close = (): void => {
    blocks.push(Buffer.from(open.join('')));
    open = [];
  };
  for (const line of lines) {
    open.push(line, '\n');
    ends.push((end += Buffer.byteLength(line) + 1));
    if (open.length >= 2 * linesAtOnce) close();
  }
  close();
  return { blocks, ends };
}

/** Throws a RangeError or SyntaxError when the bytes are not a whole table of this version. */
export function parseTable(bytes: Buffer): CachedTable {
  const sealEnd = bytes.indexOf(0x0a) + 1;
  const [said, number, checksum] = JSON.parse(bytes.toString('utf8', 0, sealEnd)) as unknown[];
  if (said !== mark || number !== version) throw new RangeError('records: of another version');
  if (checksumOf([bytes.subarray(sealEnd)]) !== checksum) throw new RangeError('records: damaged');
  const headEnd = bytes.indexOf(0x0a, sealEnd) + 1;
  const head = JSON.parse(bytes.toString('utf8', sealEnd, headEnd)) as Head;
  let end = headEnd;
  const spans = new Map(partNames.map((name, at) => [name, [end, (end += head.parts[at]!)] as const]));
  const parsed = new Map<PartName, unknown>();
  const part = <T>(name: PartName): T => {
    if (!parsed.has(name)) parsed.set(name, JSON.parse(bytes.toString('utf8', ...spans.get(name)!)));
    return parsed.get(name) as T;
  };
  const excerptsAt = end;
  const excerptEnds = (): readonly number[] => part('excerptEnds');
  const excerpts: Excerpt[] = [];
  const postingsAt = once(() => excerptsAt + (excerptEnds().at(-1) ?? 0));
  const excerptLine = (row: number): string => lineOf(bytes, excerptsAt, excerptEnds(), row);
  return {
    id: checksum as string,
    inspectedAt: head.inspectedAt,
    count: head.count,
    column: <K extends ColumnName>(name: K) => part<Columns[K]>(name),
    excerptAt: (row) => (excerpts[row] ??= JSON.parse(excerptLine(row)) as Excerpt),
    excerptLine,
    rowsNaming: (text) =>
      findLines(bytes.subarray(excerptsAt, postingsAt()), excerptEnds(), Buffer.from(JSON.stringify(text))),
    get links() {
      return part<Links>('links');
    },
    get rejected() {
      return part<readonly Rejected[]>('rejected');
    },
    get terms() {
      return part<readonly string[]>('terms');
    },
    postings: (term) => {
      const terms = part<readonly string[]>('terms');
      const at = lowerBound(terms, term);
      if (terms[at] !== term) return undefined;
      return JSON.parse(lineOf(bytes, postingsAt(), part('postingEnds'), at)) as Postings;
    },
    get statistics() {
      return part<Statistics>('statistics');
    },
    release: () => {
      excerpts.length = 0;
      parsed.clear();
    },
  };
}

/** The place of the first term that is not before the given one. */
export function lowerBound(terms: readonly string[], term: string): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (terms[middle]! < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Without its end. */
function lineOf(bytes: Buffer, from: number, ends: readonly number[], at: number): string {
  return bytes.toString('utf8', from + (at === 0 ? 0 : ends[at - 1]!), from + ends[at]! - 1);
}

/** Numbers of the lines that hold the bytes, in order. */
function findLines(lines: Buffer, ends: readonly number[], wanted: Buffer): number[] {
  const found: number[] = [];
  let line = 0;
  for (let at = lines.indexOf(wanted); at !== -1; at = lines.indexOf(wanted, ends[line - 1])) {
    while (ends[line]! <= at) line++;
    found.push(line++);
    if (line >= ends.length) break;
  }
  return found;
}

function checksumOf(content: readonly Uint8Array[]): string {
  const checksum = content.reduce((sum, piece) => crc32(piece, sum), 0);
  return checksum.toString(16).padStart(8, '0');
}

function idOf(firstLine: Buffer): string {
  return (JSON.parse(firstLine.toString('utf8')) as [string, number, string])[2];
}
