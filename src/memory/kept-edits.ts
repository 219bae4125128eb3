// What was edited in place since a sight was kept, beside it: a few records and the columns that follow them, so that the sight itself need not be
// written again. Derived and disposable like it; it speaks of one sight alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { type CatalogRow, decodeRow, encodeRow } from '../search/catalog-rows.ts';
import { bytesOf, formatColumns, numbersIn, parseColumns } from '../search/columns.ts';
import { withEdits } from '../search/edited-shelf.ts';
import type { EditedIndex } from '../search/edited-index.ts';
import type { KeptIndex } from '../search/index.ts';
import { statisticsIn } from '../search/statistics.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { KeptSight, WatchedPath } from './kept-sight.ts';

interface EditsHead {
  /** Checksum of the sight that was edited. */
  base: number;
  rows: [paths: number, row: CatalogRow][];
  /** As in SightHead. */
  watched: readonly WatchedPath[];
  index: Omit<KeptIndex, 'places' | 'recent'>;
}

/** Head, verdicts, tracked, places in the two parts of the index, its small part. */
const columnCount = 6;
/** Another number makes old files unreadable, and unreadable is absent. */
const fileVersion = 2;

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `sight-edits-v${fileVersion}-${paths.worktreeKey}.bin`);
}

/** Best effort, as writeSight. `searched` is over the edited shelf. */
export function writeEdits(
  paths: MemoryPaths,
  { base, shelf, verdicts, tracked }: Pick<KeptSight, 'base' | 'shelf' | 'verdicts' | 'tracked'>,
  watched: readonly WatchedPath[],
  searched: EditedIndex,
): void {
  const { parts } = searched;
  const checksums = parts.map(({ segment }) => segment.checksum);
  const rows = [...shelf.edits].map(([at, excerpt]): [number, CatalogRow] => [at, encodeRow(excerpt)]);
  const head: EditsHead = { base, rows, watched, index: { checksums, ...statisticsIn(searched) } };
  const [first, second] = [0, 1].map((part) => bytesOf(parts[part]?.places ?? new Int32Array())) as [
    Uint8Array,
    Uint8Array,
  ];
  const columns = [
    Buffer.from(JSON.stringify(head)),
    verdicts,
    tracked,
    first,
    second,
    searched.recent ?? Buffer.alloc(0),
  ];
  try {
    writeFileAtomic(fileOf(paths), formatColumns(columns), {
      mode: 0o600,
      dirMode: 0o700,
      fsync: false,
      mayBeMissing: true,
    });
  } catch {
    // Read-only or full: read anew the next time.
  }
}

/** The sight with what was edited since; as it is when there is nothing that can be read and speaks of it. */
export function addEdits(paths: MemoryPaths, kept: KeptSight): KeptSight {
  try {
    const columns = parseColumns(readFileSync(fileOf(paths)), columnCount);
    const { base, rows, watched, index } = JSON.parse((columns[0] as Buffer).toString('utf8')) as EditsHead;
    if (base !== kept.base) return kept;
    const recent = columns[5]!;
    const excerpts = rows.map(([at, row]) => {
      const read = decodeRow(row, kept.shelf.tierAt(at));
      if ('problem' in read) throw new RangeError('edits: a row without a record');
      return [at, read.excerpt] as const;
    });
    return {
      ...kept,
      head: { ...kept.head, watched, index: { ...index, ...(recent.length > 0 && { recent }) } },
      shelf: withEdits(kept.shelf, new Map(excerpts)),
      verdicts: columns[1]!,
      tracked: columns[2]!,
      places: index.checksums.map((_, part) => numbersIn(Int32Array, columns[3 + part]!)),
    };
  } catch {
    return kept;
  }
}
