// What is on disk, as excerpts: enough to list, rank and filter. The files are the truth; the cache beside the git dir only saves
// opening those whose size and time have not moved. Off the way of a warm hook nothing third-party is loaded.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
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
import { readNewFile, readPlainFile } from '../store/read-with.ts';
import { settledAt } from '../store/settled.ts';
import { type CatalogRow, decodeRow, encodeProblem, encodeRow, excerptOf, isBlob, isSameFile } from './catalog-rows.ts';

export interface Catalog {
  /** In the order of listRecordFiles: shared before local, each by path. */
  excerpts: Excerpt[];
  problems: Problem[];
  /** Records that had to be opened this time, by path: the index takes them from here instead of reading them again. Not all of very many. */
  opened: ReadonlyMap<string, MemoryRecord>;
}

/** What was read as excerpts stays so until a row of it is asked for. */
type Kept = CatalogRow | Excerpt;

/** For the next reading in the same process. */
const keptOf = new WeakMap<Catalog, readonly Kept[]>();

/** Another number makes old caches unreadable, and unreadable is empty. */
const cacheVersion = 1;

/** Whole records kept for the index; more would take memory that 100,000 of them do not leave. */
const maxOpened = 10_000;

/** The half of a reading that needs nothing from git: what is there by name, and what was known of it. */
export interface Listing extends RecordNames {
  known: ReadonlyMap<string, CatalogRow>;
}

export function listStore(place: MemoryPaths): Listing {
  return { ...listRecordNames(place), known: readCache(cacheFileOf(place)) };
}

/** False when every record will have to be opened. */
export function hasCatalog(place: MemoryPaths): boolean {
  return existsSync(cacheFileOf(place));
}

/** What git said a moment ago: a listing made meanwhile, and the blob of a path (as in Excerpt) that the working tree holds unchanged. */
export interface Witness {
  listing: Listing;
  blobOf(path: string): string | undefined;
}

export interface ReadOptions {
  /** What a long-lived process got the last time: it gets the very same back when nothing moved. */
  previous?: Catalog | undefined;
  witness?: Witness | undefined;
  /** Nobody asks for whole records: `opened` stays empty. */
  isBrief?: boolean;
}

/**
 * Lists the store and opens what moved since the last time (blob where git vouches for it, else size and mtime). The cache is written when
 * something moved, best effort: a read-only disk costs time, never an error. Async only because the YAML code is loaded when a file needs it.
 */
export async function readCatalog(
  place: MemoryPaths,
  algorithm: 'sha1' | 'sha256' = 'sha1',
  { previous, witness, isBrief = false }: ReadOptions = {},
): Promise<Catalog> {
  if (previous) {
    const { files } = listRecordFiles(place);
    const known = rowsOf(previous);
    if (known.size === files.length && files.every((file) => isKnown(known, file))) return previous;
  }
  const { names, known, ...listed } = witness?.listing ?? {
    ...listRecordNames(place),
    known: previous ? rowsOf(previous) : readCache(cacheFileOf(place)),
  };
  const problems = [...listed.problems];
  const excerpts: Excerpt[] = [];
  const kept: Kept[] = [];
  const opened = new Map<string, MemoryRecord>();
  const keep = (row: CatalogRow, name: RecordName): void => {
    kept.push(row);
    const said = decodeRow(row, name.tier);
    if ('problem' in said) problems.push(said.problem);
    else excerpts.push(said.excerpt);
  };
  const add = (file: RecordFile, read: { record: MemoryRecord; blob: string; text: string }): void => {
    const excerpt = excerptOf(file, read);
    // A piece of a string keeps the whole of it in memory: of very many files only the pieces are kept.
    if (excerpts.length >= maxOpened) return keep(JSON.parse(JSON.stringify(encodeRow(excerpt))), file);
    if (!isBrief) opened.set(file.path, read.record);
    kept.push(excerpt);
    excerpts.push(excerpt);
  };
  let hasMoved = false;
  for (const name of names) {
    const row = known.get(name.path);
    if (row !== undefined && witness !== undefined && isBlob(row, witness.blobOf(name.path))) {
      keep(row, name);
      continue;
    }
    const fresh = row === undefined ? readNewFile(name, algorithm) : undefined;
    if (fresh) {
      hasMoved = true;
      add(fresh.file, fresh);
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
    if ('problem' in result) keep(encodeProblem(file, result.problem), file);
    else add(file, result);
  }
  const catalog = { excerpts, problems, opened };
  keptOf.set(catalog, kept);
  if (hasMoved || kept.length !== known.size) writeCache(cacheFileOf(place), kept.map(asRow));
  return catalog;
}

function asRow(kept: Kept): CatalogRow {
  return Array.isArray(kept) ? kept : encodeRow(kept);
}

function rowsOf(catalog: Catalog): ReadonlyMap<string, CatalogRow> {
  const rows = (keptOf.get(catalog) ?? []).map(asRow);
  keptOf.set(catalog, rows);
  return asMap(rows);
}

function cacheFileOf(place: MemoryPaths): string {
  return join(place.privateDir, 'cache', `catalog-v${cacheVersion}.json`);
}

function isKnown(known: ReadonlyMap<string, CatalogRow>, file: RecordFile): boolean {
  const row = known.get(file.path);
  return row !== undefined && isSameFile(row, file);
}

function asMap(rows: readonly CatalogRow[]): ReadonlyMap<string, CatalogRow> {
  return new Map(rows.map((row) => [row[0], row]));
}

/** Unreadable, of another version, half written: empty. Rows too young to be told from a second change are left out. */
function readCache(cacheFile: string): ReadonlyMap<string, CatalogRow> {
  try {
    const writtenMs = statSync(cacheFile).mtimeMs;
    const stored: unknown = JSON.parse(readFileSync(cacheFile, 'utf8'));
    if (typeof stored !== 'object' || stored === null || !('rows' in stored) || !Array.isArray(stored.rows))
      return new Map();
    const rows: CatalogRow[] = stored.rows;
    return asMap(rows.filter((row) => settledAt(row[2]) < writtenMs));
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
