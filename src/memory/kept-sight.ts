// A judged memory as one file beside the caches: what of it stands, is trusted and belongs here, the excerpts as text that is decoded when
// somebody asks, and which place is which document of the index. Derived and disposable; whether it still holds is asked in sight.ts.
import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import type { Problem } from '../domain/record.ts';
import { type CatalogRow, decodeRow, encodeRow } from '../search/catalog-rows.ts';
import { bytesOf, formatColumns, numbersIn, parseColumns } from '../search/columns.ts';
import { type Entries, sessionsOf } from '../search/entries.ts';
import type { KeptIndex, SearchIndex } from '../search/index.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Judged, World } from './world.ts';

/** What is neither number nor excerpt. */
export interface SightHead {
  /** What it was judged from. */
  key: string;
  /** Folders and files that were no records, with their times (and sizes): what a look compares. */
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
  entries: Entries;
  places: readonly Int32Array[];
  /** Of the file, what the records' files alone decide. */
  columns: readonly Uint8Array[];
  judgedAt(place: number): Judged;
  mayFind(place: number): boolean;
  /** As in World. */
  placesNaming(text: string): number[];
  /** By place: path (as in Excerpt), time and size of each record's file when it was read. */
  files(): { paths: readonly string[]; mtimes: Float64Array; sizes: Float64Array };
  /** Git tracked the file and found it unchanged: while the index stands it can say whether it still is. */
  isWatched(place: number): boolean;
}

const trusts: readonly Trust[] = ['foreign', 'local', 'own', 'reviewed'];
const isHereFlag = 4;
const isActiveFlag = 8;
const isLocalFlag = 16;
const isWatchedFlag = 32;
const partCount = 2;
const columnCount = 11;
/** Another number makes old files unreadable, and unreadable is absent. */
const fileVersion = 3;

function fileOf(place: Place): string {
  return join(place.privateDir, 'cache', `sight-v${fileVersion}-${place.worktreeKey}.bin`);
}

/** Best effort: a read-only disk costs time, never an error. What `kept` holds of the same files is not encoded again. */
export function writeSight(
  place: Place,
  head: Omit<SightHead, 'index'>,
  { world, index, isWatched }: { world: World; index: SearchIndex; isWatched(excerpt: Excerpt): boolean },
  kept?: KeptSight,
): void {
  const { parts, documentCount, averageLengths } = index;
  const checksums = parts.map(({ segment }) => segment.checksum);
  const headText = JSON.stringify({ ...head, index: { checksums, documentCount, averageLengths } } satisfies SightHead);
  const columns = [
    Buffer.from(headText),
    Uint8Array.from(world.judged, (one) => flagsOf(one) + (isWatched(one.excerpt) ? isWatchedFlag : 0)),
    ...Array.from({ length: partCount }, (_, at) => bytesOf(parts[at]?.places ?? new Int32Array())),
    ...(kept?.columns ?? columnsOf(world)),
  ];
  try {
    writeFileAtomic(fileOf(place), formatColumns(columns), { mode: 0o600, dirMode: 0o700, fsync: false });
  } catch {
    // Read-only or full: judged anew the next time.
  }
}

/** What the files alone decide. */
function columnsOf({ judged, entries }: World): Uint8Array[] {
  const rows = judged.map(({ excerpt }) => Buffer.from(JSON.stringify(encodeRow(excerpt))));
  let end = 0;
  return [
    bytesOf(Float64Array.from(judged, ({ excerpt }) => excerpt.mtimeMs)),
    bytesOf(Float64Array.from(judged, ({ excerpt }) => excerpt.bytes)),
    bytesOf(entries.sessions.ordinals),
    bytesOf(entries.sessions.order),
    bytesOf(Uint32Array.from(rows, (row) => (end += row.length))),
    Buffer.from(judged.map(({ excerpt }) => excerpt.path).join('\0')),
    Buffer.concat(rows),
  ];
}

function flagsOf({ excerpt, trust, isHere, isActive }: Judged): number {
  const tier = excerpt.tier === 'local' ? isLocalFlag : 0;
  return trusts.indexOf(trust) + (isHere ? isHereFlag : 0) + (isActive ? isActiveFlag : 0) + tier;
}

/** Undefined when there is none, or none that can be read. */
export function readSight(place: Place): KeptSight | undefined {
  try {
    return decodeSight(place, parseColumns(readFileSync(fileOf(place)), columnCount));
  } catch {
    return undefined;
  }
}

function decodeSight(place: Place, columns: readonly Uint8Array[]): KeptSight {
  const [headText, flags] = columns as [Buffer, Uint8Array];
  const placeColumns = columns.slice(2, 2 + partCount);
  const fileColumns = columns.slice(2 + partCount);
  const [mtimes, sizes, ordinals, order, ends, paths, rows] = fileColumns as Buffer[];
  const head = JSON.parse(headText.toString('utf8')) as SightHead;
  const rowEnds = numbersIn(Uint32Array, ends!);
  const rowAt = (at: number): CatalogRow =>
    JSON.parse(rows!.toString('utf8', at === 0 ? 0 : rowEnds[at - 1], rowEnds[at])) as CatalogRow;
  const known: Excerpt[] = [];
  const excerptAt = (at: number): Excerpt => {
    const decoded = (known[at] ??= decode(rowAt(at), flags[at]!));
    return decoded;
  };
  const sessions = sessionsOf(numbersIn(Uint32Array, ordinals!), numbersIn(Uint32Array, order!));
  return {
    head,
    entries: { count: rowEnds.length, at: excerptAt, sessions },
    places: head.index.checksums.map((_, part) => numbersIn(Int32Array, placeColumns[part]!)),
    columns: fileColumns,
    judgedAt: (at) => ({
      excerpt: excerptAt(at),
      trust: trusts[flags[at]! & 3]!,
      isHere: (flags[at]! & isHereFlag) !== 0,
      isActive: (flags[at]! & isActiveFlag) !== 0,
    }),
    mayFind: (at) => (flags[at]! & (isHereFlag | isActiveFlag)) === (isHereFlag | isActiveFlag),
    placesNaming: (text) => findRows(rows!, rowEnds, Buffer.from(JSON.stringify(text))),
    isWatched: (at) => (flags[at]! & isWatchedFlag) !== 0,
    files: () => ({
      paths: paths!.toString('utf8').split('\0').slice(0, rowEnds.length),
      mtimes: numbersIn(Float64Array, mtimes!),
      sizes: numbersIn(Float64Array, sizes!),
    }),
  };
}

/** Numbers of the rows that hold the bytes, in order. */
function findRows(rows: Buffer, ends: Uint32Array, bytes: Buffer): number[] {
  const found: number[] = [];
  let row = 0;
  for (let at = rows.indexOf(bytes); at !== -1; at = rows.indexOf(bytes, ends[row - 1])) {
    while (ends[row]! <= at) row++;
    found.push(row++);
    if (row >= ends.length) break;
  }
  return found;
}

function decode(row: CatalogRow, flags: number): Excerpt {
  const kept = decodeRow(row, (flags & isLocalFlag) === 0 ? 'shared' : 'local');
  if ('problem' in kept) throw new RangeError('sight: a row without a record');
  return kept.excerpt;
}

export function absolutePath(place: Place, path: string): string {
  // Plain joining: of two thousand paths normalizing takes longer than asking the disk.
  return isAbsolute(path) ? path : `${place.root}/${path}`;
}
