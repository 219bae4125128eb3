// The list of records that were made on this machine: what proves a file our own, and where it was made. Not a cache.
// JSON lines; an entry that cannot be read harms only itself.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readQuietly } from '../run/harden.ts';

export interface LedgerEntry {
  /** The record's id. */
  id: string;
  /** Full git blob id of the bytes as written. */
  blob: string;
  /** ISO 8601. */
  at: string;
  session?: string;
  /** HEAD's full commit id when it was made; absent before the first commit. */
  commit?: string;
  /** Absent when detached. */
  branch?: string;
  /** Made on the default branch, or detached: it follows the commit, not the branch. */
  onDefault: boolean;
  /** As in Place.worktreeKey. */
  worktree?: string;
  /** Branches that it was moved to since. An entry that only adopts repeats id and blob. */
  adopted?: string[];
  /** A person wrote it, with no command of ours. */
  byHand?: true;
}

/** Bytes that came from elsewhere. */
interface ForeignEntry {
  id: string;
  foreign: string;
  at: string;
}

/** Entries by blob; several records may have the same bytes only in theory, several entries of one record are joined. */
export interface Ledger {
  readonly byBlob: ReadonlyMap<string, LedgerEntry>;
  /** Blobs that were judged foreign once. An entry in `byBlob` (trusted, or written here since) outweighs it. */
  readonly foreign: ReadonlySet<string>;
}

export const emptyLedger: Ledger = { byBlob: new Map(), foreign: new Set() };

/** Never throws; without a ledger, an empty one. About 15 ms for 10,000 entries. */
export function readLedger(paths: MemoryPaths): Ledger {
  const byBlob = new Map<string, LedgerEntry>();
  const foreign = new Set<string>();
  for (const name of [madeName, seenName])
    for (const line of readQuietly(join(paths.privateDir, name)).split('\n')) {
      const entry = line === '' ? undefined : parseEntry(line);
      if (!entry) continue;
      if ('foreign' in entry) foreign.add(entry.foreign);
      else {
        const known = byBlob.get(entry.blob);
        byBlob.set(entry.blob, known ? joinEntries(known, entry) : entry);
      }
    }
  return { byBlob, foreign };
}

/** Records that were made, trusted or adopted here. Throws what the file system throws. */
export function appendLedger(paths: MemoryPaths, entries: readonly LedgerEntry[]): void {
  append(paths, madeName, entries);
}

/**
 * What a look found out of files that nothing vouched for. Beside the ledger's own file, whose time tells caches that trust has changed:
 * these lines only hold what was judged. Throws what the file system throws.
 */
export function appendSeen(paths: MemoryPaths, entries: readonly (LedgerEntry | ForeignEntry)[]): void {
  append(paths, seenName, entries);
}

/** Each entry begins with a newline, so that what an interrupted append left behind harms only itself. */
function append(paths: MemoryPaths, name: string, entries: readonly object[]): void {
  if (entries.length === 0) return;
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  const text = entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');
  appendFileSync(join(paths.privateDir, name), text, { mode: 0o600 });
}

const madeName = 'ledger.jsonl';
const seenName = 'ledger-seen.jsonl';

/** The entry that moves a record to a branch; append it. */
export function adoptEntry(entry: LedgerEntry, branch: string, at: string): LedgerEntry {
  return { ...entry, at, adopted: [...new Set([...(entry.adopted ?? []), branch])] };
}

/** The first entry says where it was made; later ones add branches. */
function joinEntries(known: LedgerEntry, next: LedgerEntry): LedgerEntry {
  if (!next.adopted) return known;
  return { ...known, adopted: [...new Set([...(known.adopted ?? []), ...next.adopted])] };
}

function parseEntry(line: string): LedgerEntry | ForeignEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) || isForeign(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is LedgerEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    typeof entry['id'] === 'string' &&
    isBlob(entry['blob']) &&
    (entry['adopted'] === undefined ||
      (Array.isArray(entry['adopted']) && entry['adopted'].every((branch) => typeof branch === 'string')))
  );
}

function isForeign(value: unknown): value is ForeignEntry {
  return typeof value === 'object' && value !== null && isBlob((value as Record<string, unknown>)['foreign']);
}

function isBlob(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value);
}
