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
import type { RecordTable } from './table.ts';

type ObjectFormat = 'sha1' | 'sha256';
type WordsOf = (record: MemoryRecord) => string[][];

/** What a look at the files said. */
export interface Inspection {
  cached: CachedTable | undefined;
  /** Of the blob ids. */
  objectFormat: ObjectFormat;
  listed: RecordNames;
  /** By listed name: a row of the cache whose file is as it was, what was read, or a file that git may vouch for and is read else. */
  found: (OverlayRow | Unsure)[];
  /** Undefined where nothing is searched. */
  wordsOf: WordsOf | undefined;
}

interface Unsure {
  name: RecordName;
  /** Row of the cache. */
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

/**
 * Reads files that the cache does not know. Without `wordsOf` the records read cannot be searched nor cached: they have no words and no times,
 * and take a third of the memory.
 */
export function inspectFiles(
  paths: MemoryPaths,
  objectFormat: ObjectFormat,
  cached?: CachedTable,
  listed = listRecordNames(paths),
  wordsOf?: WordsOf,
): Inspection {
  const rows = new Map(cached?.column('path').map((path, row) => [path, row]));
  const found = listed.names.map((name) => {
    const known = rows.get(name.path);
    if (known !== undefined) return isSame(cached!, known, name) ? known : { name, known };
    const read = readPlainFile(name, objectFormat, wordsOf !== undefined);
    return read === undefined || 'problem' in read ? { name } : freshRow(read.file, read, wordsOf);
  });
  return { cached, objectFormat, listed, found, wordsOf };
}

/** Whether the file of a row has the size and time that it had, and had them long enough to be believed. */
function isSame(cached: CachedTable, row: number, { absolute }: RecordName): boolean {
  const mtimeMs = cached.column('mtimeMs')[row]!;
  return settledAt(mtimeMs) <= cached.inspectedAt && isUntouched(absolute, mtimeMs, cached.column('bytes')[row]!);
}

function freshRow(
  file: RecordFile,
  read: { record: MemoryRecord; blob: string; text: string },
  wordsOf: WordsOf | undefined,
): FreshRow {
  const { record } = read;
  return { excerpt: excerptOf(file, read), ...(wordsOf && { words: () => wordsOf(record) }) };
}

/** `blobOf`: the blob of a path, as in Excerpt, whose bytes git just found unchanged. Async only because the YAML code is loaded when a file needs it. */
export async function refreshTable(
  inspection: Inspection,
  blobOf: (path: string) => string | undefined,
): Promise<Refreshed> {
  const { cached, listed, found } = inspection;
  const rows: OverlayRow[] = [];
  const problems = [...listed.problems];
  for (const one of found) {
    const isRow = typeof one === 'number' || 'excerpt' in one;
    const row = isRow ? one : await readUnsure(one, inspection, blobOf(one.name.path));
    if (typeof row === 'object' && 'problem' in row) problems.push(row.problem);
    else if (row !== undefined) rows.push(row);
  }
  const kept = rows.filter((one) => typeof one === 'number').length;
  const moved = Math.max(rows.length, cached?.count ?? 0) - kept;
  return { table: cached && moved === 0 ? cached : overlayTable(rows, cached), problems, moved };
}

/** A row of the cache whose bytes git vouches for; undefined for a file that is gone meanwhile. */
async function readUnsure(
  { name, known }: Unsure,
  { cached, objectFormat, wordsOf }: Inspection,
  blob: string | undefined,
): Promise<number | FreshRow | { problem: Problem } | undefined> {
  const file = statRecordFile(name);
  if (file === undefined || 'problem' in file) return file;
  if (known !== undefined && cached?.column('blob')[known] === blob) return known;
  const read =
    readPlainFile(file, objectFormat) ?? (await import('../store/read-file.ts')).readRecordFile(file, objectFormat);
  return 'problem' in read ? read : freshRow(file, read, wordsOf);
}
