// Brings the cached table up to date: reads the files that it does not know, and those whose size or time is another.
import { guessFormat } from '../git/run/object-format.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { isUntouched, type ListedFiles, listRecordFiles } from '../store/list-files.ts';
import { readPlainFile } from '../store/read-with.ts';
import { settledAt } from '../store/settled.ts';
import { type CachedTable, readTable } from './cache.ts';
import { excerptOf } from './read-excerpt.ts';
import { type OverlayRow, overlayTable } from './overlay.ts';
import type { RecordTable } from './table.ts';

export interface Refreshed {
  /** The very table of the cache where every row is as it was. */
  table: RecordTable;
  /** Files and folders that are no records. */
  problems: Problem[];
  /** See ListedFiles. */
  folders: readonly string[];
  /** Rows that are not in the cache as they are, or rows of the cache that are of no use any more, whichever are more. */
  moved: number;
}

export interface RefreshOptions {
  /** Without it the records read cannot be searched nor cached: they have no words, and take a third of the memory. */
  wordsOf?: (record: MemoryRecord) => string[][];
  /** What was read a moment ago. */
  cached?: CachedTable | undefined;
  listed?: ListedFiles;
}

/** Async only because the YAML code is loaded when a file needs it. */
export async function refreshTable(
  paths: MemoryPaths,
  { wordsOf, cached = readTable(paths), listed = listRecordFiles(paths) }: RefreshOptions = {},
): Promise<Refreshed> {
  const objectFormat = guessFormat(paths);
  const known = new Map(cached?.column('path').map((path, row) => [path, row]));
  const [mtimes, sizes, blobs] = [cached?.column('mtimeMs'), cached?.column('bytes'), cached?.column('blob')];
  const problems = [...listed.problems];
  const rows: OverlayRow[] = [];
  for (const file of listed.files) {
    const row = known.get(file.path);
    const isSame = row !== undefined && isUntouched(file.absolute, mtimes![row]!, sizes![row]!);
    if (isSame && settledAt(mtimes![row]!) <= cached!.inspectedAt) {
      rows.push(row);
      continue;
    }
    const read =
      readPlainFile(file, objectFormat) ?? (await import('../store/read-file.ts')).readRecordFile(file, objectFormat);
    if (!('problem' in read)) {
      const { record } = read;
      const fresh = { excerpt: excerptOf(read.file, read), ...(wordsOf && { words: () => wordsOf(record) }) };
      rows.push(isSame && read.blob === blobs![row] ? row : fresh);
    } else if (read.problem.code !== 'gone') problems.push(read.problem);
  }
  const kept = rows.filter((one) => typeof one === 'number').length;
  const moved = Math.max(rows.length, cached?.count ?? 0) - kept;
  const table = cached && moved === 0 ? cached : overlayTable(rows, cached);
  return { table, problems, folders: listed.folders, moved };
}
