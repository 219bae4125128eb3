// What is on disk, as excerpts: enough to list, rank and filter. The files are the truth; the cache beside the git dir only saves
// opening those whose size and time have not moved. Off the way of a warm hook nothing third-party is loaded.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Excerpt, tokensOf } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import {
  listRecordFiles,
  listRecordNames,
  statRecordFile,
  type RecordFile,
  type RecordName,
  type RecordNames,
} from '../store/list.ts';
import { readPlainFile } from '../store/read-with.ts';
import { type CatalogRow, decodeRow, encodeRow, isBlob, isSameFile } from './catalog-rows.ts';

export interface Catalog {
  /** In the order of listRecordFiles: shared before local, each by path. */
  excerpts: Excerpt[];
  problems: Problem[];
  /** Records that had to be opened this time, by path: the index takes them from here instead of reading them again. Not all of very many. */
  opened: ReadonlyMap<string, MemoryRecord>;
}

/** For the next reading in the same process. */
const rowsOf = new WeakMap<Catalog, readonly CatalogRow[]>();

/** Another number makes old caches unreadable, and unreadable is empty. */
const cacheVersion = 1;

/** Whole records kept for the index; more would take memory that 100,000 of them do not leave. */
const maxOpened = 10_000;

/** A file changed this shortly before the cache was written may have changed again within the same tick of its clock. */
const sameTickMs = 20;

/** The half of a reading that needs nothing from git: what is there by name, and what was known of it. */
export interface Listing extends RecordNames {
  known: ReadonlyMap<string, CatalogRow>;
}

export function listStore(place: Place): Listing {
  return { ...listRecordNames(place), known: readCache(cacheFileOf(place)) };
}

/** What git said a moment ago: a listing made meanwhile, and the blob of a path (as in Excerpt) that the working tree holds unchanged. */
export interface Witness {
  listing: Listing;
  blobOf(path: string): string | undefined;
}

/**
 * Lists the store and opens what moved since the last time (blob where git vouches for it, else size and mtime). The cache is written when
 * something moved, best effort: a read-only disk costs time, never an error. A long-lived process passes what it got the last time, and
 * gets the very same back when nothing moved. Async only because the YAML code is loaded when a file needs it.
 */
export async function readCatalog(
  place: Place,
  algorithm: 'sha1' | 'sha256' = 'sha1',
  seen: { previous?: Catalog | undefined; witness?: Witness | undefined } = {},
): Promise<Catalog> {
  const { previous, witness } = seen;
  if (previous) {
    const { files } = listRecordFiles(place);
    const known = asMap(rowsOf.get(previous) ?? []);
    if (known.size === files.length && files.every((file) => isKnown(known, file))) return previous;
  }
  const { names, problems, known } = witness?.listing ?? {
    ...listRecordNames(place),
    known: (previous && asMap(rowsOf.get(previous) ?? [])) ?? readCache(cacheFileOf(place)),
  };
  const excerpts: Excerpt[] = [];
  const rows: CatalogRow[] = [];
  const opened = new Map<string, MemoryRecord>();
  const keep = (row: CatalogRow, name: RecordName): void => {
    rows.push(row);
    const kept = decodeRow(row, name.tier);
    if ('problem' in kept) problems.push(kept.problem);
    else excerpts.push(kept.excerpt);
  };
  let hasMoved = false;
  for (const name of names) {
    const row = known.get(name.path);
    if (row !== undefined && witness !== undefined && isBlob(row, witness.blobOf(name.path))) {
      keep(row, name);
      continue;
    }
    const file = statRecordFile(name);
    if (file === undefined) continue;
    if ('problem' in file) {
      problems.push(file.problem);
      continue;
    }
    if (row !== undefined && isSameFile(row, file)) {
      keep(row, name);
      continue;
    }
    hasMoved = true;
    const result = readPlainFile(file, algorithm) ?? (await import('../store/read.ts')).readRecordFile(file, algorithm);
    if ('problem' in result) {
      problems.push(result.problem);
      rows.push(encodeRow(file, result));
      continue;
    }
    let fresh = encodeRow(file, { excerpt: excerptOf(file, result) });
    if (opened.size < maxOpened) opened.set(file.path, result.record);
    // A piece of a string keeps the whole of it in memory: of very many files only the pieces are kept.
    else fresh = JSON.parse(JSON.stringify(fresh));
    keep(fresh, name);
  }
  if (hasMoved || rows.length !== known.size) writeCache(cacheFileOf(place), rows);
  const catalog = { excerpts, problems, opened };
  rowsOf.set(catalog, rows);
  return catalog;
}

function cacheFileOf(place: Place): string {
  return join(place.privateDir, 'cache', `catalog-v${cacheVersion}.json`);
}

function isKnown(known: ReadonlyMap<string, CatalogRow>, file: RecordFile): boolean {
  const row = known.get(file.path);
  return row !== undefined && isSameFile(row, file);
}

function asMap(rows: readonly CatalogRow[]): ReadonlyMap<string, CatalogRow> {
  return new Map(rows.map((row) => [row[0], row]));
}

function excerptOf(file: RecordFile, read: { record: MemoryRecord; blob: string; text: string }): Excerpt {
  const { body: _body, facts: _facts, extra: _extra, files: _files, ...kept } = read.record;
  const { path, tier, bytes, mtimeMs } = file;
  // Assigned, not spread twice: a start without caches does this for every record.
  return Object.assign(kept, { path, tier, blob: read.blob, bytes, mtimeMs, tokens: tokensOf(read.text) });
}

/** Unreadable, of another version, half written: empty. Rows too young to be told from a second change are left out. */
function readCache(cacheFile: string): ReadonlyMap<string, CatalogRow> {
  try {
    const youngest = statSync(cacheFile).mtimeMs - sameTickMs;
    const stored: unknown = JSON.parse(readFileSync(cacheFile, 'utf8'));
    if (typeof stored !== 'object' || stored === null || !('rows' in stored) || !Array.isArray(stored.rows))
      return new Map();
    const rows: CatalogRow[] = stored.rows;
    return asMap(rows.filter((row) => row[2] < youngest));
  } catch {
    return new Map();
  }
}

function writeCache(cacheFile: string, rows: readonly CatalogRow[]): void {
  try {
    writeFileAtomic(cacheFile, JSON.stringify({ version: cacheVersion, rows }), {
      mode: 0o600,
      dirMode: 0o700,
      fsync: false,
    });
  } catch {
    // Read-only or full: the next run opens the same files again.
  }
}
