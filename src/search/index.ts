// The full-text index beside the git dir: one large part and one small part for what came since. Derived and disposable: keyed by
// blob id, so it follows whatever the catalog found; unreadable is empty.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { readPlainFile, type ReadRecord } from '../store/read-with.ts';
import { segmentBuilder } from './build-segment.ts';
import type { Catalog } from './catalog.ts';
import type { Entries } from './entries.ts';
import { fieldNames, wordsOfRecord } from '../index/fields.ts';
import { formatSegment, parseSegment, type Segment } from './segment.ts';
import { averageLengths, makeCounter, type Statistics, statisticsIn } from './statistics.ts';

export interface IndexPart {
  segment: Segment;
  /** By document of the segment: its place in `entries`, -1 when that file is gone or has changed. */
  places: Int32Array;
  /** Every document is its own place: what it says of documents holds for places. */
  isWhole: boolean;
  /** The other way round: by place, its document in this part, -1 when it is not here. */
  documents: Int32Array;
}

export interface SearchIndex extends Statistics {
  /** As in the catalog; hits are places in it. */
  entries: Entries;
  parts: readonly IndexPart[];
  /** As averageLengths gives them. */
  averageLengths: readonly number[];
}

/** Another number leaves old caches alone; raise it when words or fields change. */
const cacheVersion = 2;
/** The small part is folded into the large one when it outgrows this share, or this number, whichever is more. */
const smallShare = 0.1;
const smallCount = 64;

function cacheFiles(place: MemoryPaths): [base: string, recent: string] {
  const file = (name: string): string => join(place.privateDir, 'cache', `index-v${cacheVersion}-${name}.bin`);
  return [file('base'), file('recent')];
}

/** The index of all entries; opens the files that it does not know yet, unless they are among `opened`, and writes its cache back, best effort. */
export async function openIndex(
  place: MemoryPaths,
  entries: Entries,
  opened: Catalog['opened'] = new Map(),
): Promise<SearchIndex> {
  const [baseFile, recentFile] = cacheFiles(place);
  const { count } = entries;
  const wanted = placesByKey(entries);
  const base = readSegment(baseFile);
  const recent = base && readSegment(recentFile);
  const known = [base, recent].flatMap((segment) => (segment ? [claimDocuments(segment, wanted, count)] : []));
  if (wanted.size === 0) return asIndex(entries, known);

  const fresh = [...wanted].sort(([, a], [, b]) => a - b);
  const isSmall = base !== undefined && isSmallPart(liveCount(known[1]) + fresh.length, count);
  const builder = segmentBuilder(fieldNames.length);
  for (const part of isSmall ? known.slice(1) : known)
    builder.merge(part.segment, (document) => part.places[document]! >= 0);
  const read = recordReader(place, opened);
  for (const [key, at] of fresh) {
    const record = await read(entries.at(at));
    if (record !== undefined) builder.add(key, wordsOfRecord(record));
  }
  const bytes = formatSegment(builder.finish());
  writeSegment(isSmall ? recentFile : baseFile, bytes);
  const built = parseSegment(bytes, fieldNames.length);

  const all = placesByKey(entries);
  const segments = isSmall ? [base, built] : [built];
  return asIndex(
    entries,
    segments.map((segment) => claimDocuments(segment, all, count)),
  );
}

/** Whether so many documents of `count` are few enough for the part that is written anew each time. */
export function isSmallPart(documents: number, count: number): boolean {
  return documents <= Math.max(smallCount, count * smallShare);
}

/** Files with the same bytes have keys in a row: whichever of them a document is taken for, it holds the same words. */
function placesByKey({ count, keyAt }: Entries): Map<number, number> {
  const places = new Map<number, number>();
  for (let place = 0; place < count; place++) {
    let key = keyAt(place);
    while (places.has(key)) key++;
    places.set(key, place);
  }
  return places;
}

/** What openKeptIndex needs of an index to open it again without asking for its records. */
export interface KeptIndex extends Statistics {
  /** As in IndexPart, a list for each part; with the checksums of their segments. */
  places: readonly Int32Array[];
  checksums: readonly number[];
  /** The small part where it is not the one in the cache's file. */
  recent?: Uint8Array;
}

/** Undefined when the files are no longer those that it was kept with. */
export function openKeptIndex(place: MemoryPaths, entries: Entries, kept: KeptIndex): SearchIndex | undefined {
  const segments = readKeptSegments(place, kept);
  const parts = segments?.map((segment, at) => partOf(segment, kept.places[at]!, entries.count));
  return parts && asIndex(entries, parts, statisticsIn(kept));
}

/** As many as there are checksums; undefined as for openKeptIndex. */
export function readKeptSegments(place: MemoryPaths, { places, checksums, recent }: KeptIndex): Segment[] | undefined {
  const files = cacheFiles(place);
  const segments: Segment[] = [];
  for (const [at, checksum] of checksums.entries()) {
    const segment = at === 1 && recent ? parseOrNothing(() => recent as Buffer) : readSegment(files[at]!);
    if (segment?.checksum !== checksum || segment.documentCount !== places[at]!.length) return undefined;
    segments.push(segment);
  }
  return segments;
}

/** Takes what the segment holds out of `wanted`, so that no later part answers for the same file. */
function claimDocuments(segment: Segment, wanted: Map<number, number>, count: number): IndexPart {
  const places = new Int32Array(segment.documentCount);
  for (let document = 0; document < places.length; document++) {
    const key = segment.keys[document]!;
    places[document] = wanted.get(key) ?? -1;
    wanted.delete(key);
  }
  return partOf(segment, places, count);
}

/** `count`: of all places. */
export function partOf(segment: Segment, places: Int32Array, count: number): IndexPart {
  const documents = new Int32Array(count).fill(-1);
  let isWhole = true;
  for (let document = 0; document < places.length; document++) {
    const place = places[document]!;
    if (place >= 0) documents[place] = document;
    if (place !== document) isWhole = false;
  }
  return { segment, places, documents, isWhole };
}

function liveCount(part: IndexPart | undefined): number {
  return part?.places.reduce((sum, place) => sum + (place >= 0 ? 1 : 0), 0) ?? 0;
}

/** One record at a time: all of a large store at once would not fit in memory. Undefined for a file that vanished meanwhile. */
function recordReader(
  place: MemoryPaths,
  opened: Catalog['opened'],
): (excerpt: Excerpt) => MemoryRecord | undefined | Promise<MemoryRecord | undefined> {
  return (excerpt) => {
    const known = opened.get(excerpt.path);
    if (known) return known;
    const absolute = excerpt.tier === 'shared' ? join(place.root, excerpt.path) : excerpt.path;
    const file = { ...excerpt, absolute };
    const result = readPlainFile(file);
    if (result === undefined)
      return import('../store/read.ts').then(({ readRecordFile }) => recordOf(readRecordFile(file)));
    return recordOf(result);
  };
}

function recordOf(read: ReadRecord): MemoryRecord | undefined {
  return 'record' in read ? read.record : undefined;
}

/** `known`: what was counted over these very parts. */
export function asIndex(entries: Entries, parts: readonly IndexPart[], known?: Statistics): SearchIndex {
  const statistics = known ?? countParts(parts);
  return { entries, parts, ...statistics, averageLengths: averageLengths(statistics) };
}

function countParts(parts: readonly IndexPart[]): Statistics {
  const counter = makeCounter();
  for (const { segment, places } of parts)
    for (let document = 0; document < places.length; document++)
      if (places[document]! >= 0) counter.add(segment, document);
  return counter.statistics();
}

function readSegment(file: string): Segment | undefined {
  return parseOrNothing(() => readFileSync(file));
}

function parseOrNothing(read: () => Buffer): Segment | undefined {
  try {
    return parseSegment(read(), fieldNames.length);
  } catch {
    return undefined;
  }
}

function writeSegment(file: string, bytes: Buffer): void {
  try {
    writeFileAtomic(file, bytes, { mode: 0o600, dirMode: 0o700, fsync: false });
  } catch {
    // Read-only or full: the next run builds it again.
  }
}
