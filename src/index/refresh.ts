// Brings the cached table up to date in two steps. inspectFiles compares names, sizes and times while git runs; refreshTable then reads the files
// that differ, but for those whose blob git vouches for.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import {
  isUntouched,
  listRecordNames,
  statRecordFile,
  type RecordFile,
  type RecordName,
  type RecordNames,
} from '../store/list-files.ts';
import { readPlainFile } from '../store/read-with.ts';
import { settledAt } from '../store/settled.ts';
import type { CachedTable } from './cache.ts';
import { excerptOf } from './read-excerpt.ts';
import { type FreshRow, type OverlayRow, overlayTable } from './overlay.ts';
import type { RecordTable, Rejected } from './table.ts';

/** What a look at the files said. */
export interface Inspection {
  cached?: CachedTable;
  algorithm: 'sha1' | 'sha256';
  listed: RecordNames;
  /** By listed name: a row of the cache whose file is as it was, what was read, or a file that git may vouch for and is read else. */
  found: (number | FreshRow | Unsure)[];
  /** Undefined where nothing is searched. */
  wordsOf: WordsOf | undefined;
}

type WordsOf = (record: MemoryRecord) => string[][];

interface Unsure {
  name: RecordName;
  /** Of the cache. */
  known?: number;
}

export interface Refreshed {
  /** The very table of the cache where every row is as it was. */
  table: RecordTable;
  /** Files and folders that are no records. */
  problems: Problem[];
  /** Rows that are not in the cache as they are, or rows of the cache that are of no use any more, whichever are more. */
  moved: number;
}

const idLength = { sha1: 40, sha256: 64 } as const;

/**
 * Reads files that the cache does not know. Without `wordsOf` the records read cannot be searched nor cached: they have no words, and take a
 * third of the memory.
 */
export function inspectFiles(
  paths: MemoryPaths,
  algorithm: 'sha1' | 'sha256',
  cached?: CachedTable,
  listed = listRecordNames(paths),
  wordsOf?: WordsOf,
): Inspection {
  // Of another algorithm no blob id is of use.
  if (cached && cached.count > 0 && cached.column('blob')[0]!.length !== idLength[algorithm])
    return inspectFiles(paths, algorithm, undefined, listed, wordsOf);
  const rowOf = rowFinder(cached);
  const isSame = cached && fileTest(cached);
  const found = listed.names.map((name) => {
    const known = rowOf(name.path);
    if (known === undefined) return readNew(name, algorithm, wordsOf) ?? { name };
    return isSame!(known, name) ? known : { name, known };
  });
  return { ...(cached && { cached }), algorithm, listed, found, wordsOf };
}

/** Rows by path. Names are listed in the order of the rows: the next one is most often the next row. */
function rowFinder(cached: CachedTable | undefined): (path: string) => number | undefined {
  if (cached === undefined) return () => undefined;
  const known = cached.column('path');
  let rows: Map<string, number> | undefined;
  let next = 0;
  return (path) => {
    if (known[next] === path) return next++;
    rows ??= new Map(known.map((one, row) => [one, row]));
    const row = rows.get(path);
    if (row !== undefined) next = row + 1;
    return row;
  };
}

/** Whether the file of a row has the size and time that it had, and had them long enough to be believed. */
function fileTest(cached: CachedTable): (row: number, name: Pick<RecordName, 'absolute'>) => boolean {
  const [sizes, times] = [cached.column('bytes'), cached.column('mtimeMs')];
  return (row, { absolute }) =>
    settledAt(times[row]!) <= cached.inspectedAt && isUntouched(absolute, times[row]!, sizes[row]!);
}

/** `blobOf`: the blob of a path, as in Excerpt, whose bytes git just found unchanged. */
export async function refreshTable(
  paths: MemoryPaths,
  inspection: Inspection,
  algorithm: 'sha1' | 'sha256',
  blobOf: (path: string) => string | undefined,
): Promise<Refreshed> {
  const { cached, listed, found, wordsOf } = inspection;
  if (algorithm !== inspection.algorithm)
    return refreshTable(paths, inspectFiles(paths, algorithm, undefined, listed, wordsOf), algorithm, blobOf);
  const rows: OverlayRow[] = [];
  const rejected: Rejected[] = [];
  const problems = [...listed.problems];
  const rejectedBefore = new Map(cached?.rejected.map((one) => [one[0], one]));
  for (const one of found) {
    if (typeof one === 'number' || !('name' in one)) {
      rows.push(one);
      continue;
    }
    const read = await readUnsure(one, inspection, blobOf(one.name.path), rejectedBefore);
    if (read === undefined) continue;
    if (typeof read === 'number') rows.push(read);
    else if ('problem' in read) problems.push(read.problem);
    else if (isRejected(read)) {
      rejected.push(read);
      problems.push(read[3]);
    } else rows.push(read);
  }
  const kept = rows.filter((one) => typeof one === 'number').length;
  const known = new Set(cached?.rejected);
  const moved = Math.max(rows.length, cached?.count ?? 0) - kept + rejected.filter((one) => !known.has(one)).length;
  const isSame = cached !== undefined && moved === 0 && rejected.length === known.size;
  return { table: isSame ? cached : overlayTable(rows, rejected, cached), problems, moved };
}

function isRejected(read: FreshRow | Rejected): read is Rejected {
  return Array.isArray(read);
}

/** A row of the cache whose bytes git vouches for; undefined for a file that is gone meanwhile. Async only because the YAML code is loaded when a file needs it. */
async function readUnsure(
  { name, known }: Unsure,
  { algorithm, cached, wordsOf }: Inspection,
  blob: string | undefined,
  rejected: ReadonlyMap<string, Rejected>,
): Promise<number | FreshRow | Rejected | { problem: Problem } | undefined> {
  const file = statRecordFile(name);
  if (file === undefined) return undefined;
  if ('problem' in file) return file;
  const { bytes, mtimeMs } = file;
  if (known !== undefined && blob !== undefined && cached!.column('blob')[known] === blob) return known;
  const before = rejected.get(name.path);
  if (before && before[1] === bytes && before[2] === mtimeMs && settledAt(mtimeMs) <= (cached?.inspectedAt ?? 0))
    return before;
  const read = await readRow(file, algorithm, wordsOf);
  return 'problem' in read ? [name.path, bytes, mtimeMs, read.problem] : read;
}

async function readRow(
  file: RecordFile,
  algorithm: 'sha1' | 'sha256',
  wordsOf: WordsOf | undefined,
): Promise<FreshRow | { problem: Problem }> {
  const read =
    readPlainFile(file, algorithm) ?? (await import('../store/read-file.ts')).readRecordFile(file, algorithm);
  return 'problem' in read ? read : freshRow(file, read, wordsOf);
}

function readNew(name: RecordName, algorithm: 'sha1' | 'sha256', wordsOf: WordsOf | undefined): FreshRow | undefined {
  const read = readPlainFile(name, algorithm);
  return read === undefined || 'problem' in read ? undefined : freshRow(read.file, read, wordsOf);
}

function freshRow(file: RecordFile, read: Parameters<typeof excerptOf>[1], wordsOf: WordsOf | undefined): FreshRow {
  return { excerpt: excerptOf(file, read), ...(wordsOf && { words: () => wordsOf(read.record) }) };
}
