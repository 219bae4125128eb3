// A judged memory as one file beside the caches: the shelf of its records, what was judged of them, and which place is which document of
// the index. Derived and disposable; whether it still holds is asked in sight.ts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import { bytesOf, checksumOf, formatColumns, numbersIn, parseColumns } from '../search/columns.ts';
import type { KeptIndex, SearchIndex } from '../search/index.ts';
import { type Shelf, shelfColumns, shelfOf } from '../search/shelf.ts';
import { statisticsIn } from '../search/statistics.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { addEdits } from './kept-edits.ts';

/** What is no column. */
export interface SightHead {
  /** What it was judged from. */
  key: string;
  /** Folders and files that were no records, with their times and sizes: what a look compares. */
  watched: readonly WatchedPath[];
  /** Of the snapshot that it was judged by, what is as true now as then. */
  git: Pick<Snapshot, 'head' | 'branch' | 'defaultBranch' | 'defaultRef' | 'objectFormat'> & { trackedLocal: string[] };
  /** The project's settings are obeyed. */
  projectIsTrusted: boolean;
  /** Files that are no records. */
  problems: readonly Problem[];
  index: Omit<KeptIndex, 'places'>;
}

export type WatchedPath = [path: string, mtimeMs: number, bytes: number];

export interface KeptSight {
  /** Of the file's bytes: the same number, the same sight, what was edited since aside. */
  base: number;
  head: SightHead;
  shelf: Shelf;
  verdicts: Uint8Array;
  /** By place, the sum of what git knows of the file. */
  tracked: Uint8Array;
  places: readonly Int32Array[];
}

/** Git looks at the file: an edit in place is an edit to git. */
export const watchedBit = 1;
/** What HEAD tracks, whatever its bytes. */
export const committedBit = 2;
/** Tracked and unchanged; while git's index stands it can say whether it still is. */
export const cleanBit = 4;

const partCount = 2;
/** Head, verdicts, tracked, places. */
const ownColumns = 3 + partCount;
/** Another number makes old files unreadable, and unreadable is absent. */
const fileVersion = 9;

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `sight-v${fileVersion}-${paths.worktreeKey}.bin`);
}

/** Best effort: a read-only disk costs time, never an error. */
export function writeSight(
  paths: MemoryPaths,
  head: Omit<SightHead, 'index'>,
  { shelf, verdicts, tracked }: Pick<KeptSight, 'shelf' | 'verdicts' | 'tracked'>,
  searched: SearchIndex,
): void {
  const { parts } = searched;
  const index = { checksums: parts.map(({ segment }) => segment.checksum), ...statisticsIn(searched) };
  const columns = [
    Buffer.from(JSON.stringify({ ...head, index } satisfies SightHead)),
    verdicts,
    tracked,
    ...Array.from({ length: partCount }, (_, at) => bytesOf(parts[at]?.places ?? new Int32Array())),
    ...shelf.columns,
  ];
  try {
    writeFileAtomic(fileOf(paths), formatColumns(columns), { mode: 0o600, dirMode: 0o700, fsync: false });
  } catch {
    // Read-only or full: judged anew the next time.
  }
}

/** False when everything will have to be read. */
export function hasSight(paths: MemoryPaths): boolean {
  return existsSync(fileOf(paths));
}

/** Undefined when there is none, or none that can be read. */
export function readSight(paths: MemoryPaths): KeptSight | undefined {
  try {
    const bytes = readFileSync(fileOf(paths));
    const columns = parseColumns(bytes, ownColumns + shelfColumns);
    const head = JSON.parse((columns[0] as Buffer).toString('utf8')) as SightHead;
    return addEdits(paths, {
      base: checksumOf(bytes),
      head,
      shelf: shelfOf(columns.slice(ownColumns)),
      verdicts: columns[1]!,
      tracked: columns[2]!,
      places: head.index.checksums.map((_, part) => numbersIn(Int32Array, columns[3 + part]!)),
    });
  } catch {
    return undefined;
  }
}
