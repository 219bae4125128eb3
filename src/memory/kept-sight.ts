// A judged memory as one file beside the caches: the shelf of its records, what was judged of them, and which place is which document of
// the index. Derived and disposable; whether it still holds is asked in sight.ts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../domain/place.ts';
import type { Problem } from '../domain/record.ts';
import { bytesOf, formatColumns, numbersIn, parseColumns } from '../search/columns.ts';
import type { KeptIndex, SearchIndex } from '../search/index.ts';
import { type Shelf, shelfColumns, shelfOf } from '../search/shelf.ts';
import { writeFileAtomic } from '../store/atomic.ts';

/** What is no column. */
export interface SightHead {
  /** What it was judged from. */
  key: string;
  /** Folders and files that were no records, with their times and sizes: what a look compares. */
  watched: readonly WatchedPath[];
  objectFormat: 'sha1' | 'sha256';
  /** As in Snapshot. */
  defaultRef?: string;
  /** The project's settings are obeyed. */
  projectIsTrusted: boolean;
  /** Files that are no records. */
  problems: readonly Problem[];
  index: Omit<KeptIndex, 'places'>;
}

export type WatchedPath = [path: string, mtimeMs: number, bytes: number];

export interface KeptSight {
  head: SightHead;
  shelf: Shelf;
  verdicts: Uint8Array;
  /** By place, 1: git tracked the file and found it unchanged; while its index stands it can say whether it still is. */
  tracked: Uint8Array;
  places: readonly Int32Array[];
}

const partCount = 2;
/** Head, verdicts, tracked, places. */
const ownColumns = 3 + partCount;
/** Another number makes old files unreadable, and unreadable is absent. */
const fileVersion = 6;

function fileOf(place: Place): string {
  return join(place.privateDir, 'cache', `sight-v${fileVersion}-${place.worktreeKey}.bin`);
}

/** Best effort: a read-only disk costs time, never an error. */
export function writeSight(
  place: Place,
  head: Omit<SightHead, 'index'>,
  { shelf, verdicts, tracked }: Pick<KeptSight, 'shelf' | 'verdicts' | 'tracked'>,
  { parts, documentCount, averageLengths }: SearchIndex,
): void {
  const index = { checksums: parts.map(({ segment }) => segment.checksum), documentCount, averageLengths };
  const columns = [
    Buffer.from(JSON.stringify({ ...head, index } satisfies SightHead)),
    verdicts,
    tracked,
    ...Array.from({ length: partCount }, (_, at) => bytesOf(parts[at]?.places ?? new Int32Array())),
    ...shelf.columns,
  ];
  try {
    writeFileAtomic(fileOf(place), formatColumns(columns), { mode: 0o600, dirMode: 0o700, fsync: false });
  } catch {
    // Read-only or full: judged anew the next time.
  }
}

/** False when everything will have to be read. */
export function hasSight(place: Place): boolean {
  return existsSync(fileOf(place));
}

/** Undefined when there is none, or none that can be read. */
export function readSight(place: Place): KeptSight | undefined {
  try {
    const columns = parseColumns(readFileSync(fileOf(place)), ownColumns + shelfColumns);
    const head = JSON.parse((columns[0] as Buffer).toString('utf8')) as SightHead;
    return {
      head,
      shelf: shelfOf(columns.slice(ownColumns)),
      verdicts: columns[1]!,
      tracked: columns[2]!,
      places: head.index.checksums.map((_, part) => numbersIn(Int32Array, columns[3 + part]!)),
    };
  } catch {
    return undefined;
  }
}
