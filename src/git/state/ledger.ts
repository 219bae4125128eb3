// The ledger of records made on this machine: proves that a file is our own, and where it was made. Not a cache. JSON lines; an
// unreadable entry is skipped.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';

export interface LedgerEntry {
  /** The record's id. */
  id: string;
  /** Full git blob id of the bytes as written. */
  blob: string;
  /** ISO 8601. */
  at: string;
  session?: string;
  /** Full commit id of HEAD when it was made; absent before the first commit. */
  commit?: string;
  /** Absent when detached. */
  branch?: string;
  /** Made on the default branch, or detached: it follows the commit, not the branch. */
  onDefault: boolean;
  /** As in MemoryPaths.worktreeKey. */
  worktree?: string;
  /** Branches that later adopted it. An adopting entry repeats id and blob. */
  adopted?: string[];
  /** Written by a person without repomem. */
  byHand?: true;
}

/** Content that came from elsewhere. */
interface ForeignEntry {
  id: string;
  foreign: string;
  at: string;
}

/** Entries by blob; entries of the same blob are merged. */
export interface Ledger {
  readonly byBlob: ReadonlyMap<string, LedgerEntry>;
  /** Blobs once judged foreign. An entry in `byBlob` (trusted, or written here since) takes precedence. */
  readonly foreign: ReadonlySet<string>;
}

/** Never throws; empty without a ledger. About 15 ms for 10,000 entries. */
export function readLedger(paths: MemoryPaths): Ledger {
  const byBlob = new Map<string, LedgerEntry>();
  const foreign = new Set<string>();
  for (const name of [madeName, seenName])
    for (const line of readTextOrEmpty(join(paths.privateDir, name)).split('\n')) {
      const entry = line === '' ? undefined : parseEntry(line);
      if (!entry) continue;
      if ('foreign' in entry) foreign.add(entry.foreign);
      else {
        const known = byBlob.get(entry.blob);
        // The first entry holds the origin; later ones add branches.
        const adopted = known && [...new Set([...(known.adopted ?? []), ...(entry.adopted ?? [])])];
        byBlob.set(entry.blob, adopted ? { ...known, ...(adopted.length > 0 && { adopted }) } : entry);
      }
    }
  return { byBlob, foreign };
}

/** Adds records that were made, trusted or adopted here. Throws errors of the file system. */
export function appendLedger(paths: MemoryPaths, entries: readonly LedgerEntry[]): void {
  appendLines(paths, madeName, entries);
}

/**
 * Adds the provenance of unknown files. Kept apart from the ledger file, whose mtime tells caches that trust has changed: these
 * lines only store earlier judgements. Throws errors of the file system.
 */
export function appendSeen(paths: MemoryPaths, entries: readonly (LedgerEntry | ForeignEntry)[]): void {
  appendLines(paths, seenName, entries);
}

/** Appends JSON lines to a private file. Each starts with a newline, so that an interrupted append damages only itself. */
export function appendLines(paths: MemoryPaths, name: string, entries: readonly object[]): void {
  if (entries.length === 0) return;
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  const text = entries.map((entry) => `\n${JSON.stringify(entry)}`).join('');
  appendFileSync(join(paths.privateDir, name), text, { mode: 0o600 });
}

const madeName = 'ledger.jsonl';
const seenName = 'ledger-seen.jsonl';

/** What an entry says of a record that is made now, in this worktree. */
export function madeHere(
  { worktreeKey: worktree }: MemoryPaths,
  { head, branch, defaultBranch }: { head?: string; branch?: string; defaultBranch?: string | undefined },
): Pick<LedgerEntry, 'commit' | 'branch' | 'onDefault' | 'worktree'> {
  const onDefault = branch === undefined || branch === defaultBranch;
  return { ...(head && { commit: head }), ...(branch && { branch }), onDefault, worktree };
}

/** The entry that moves a record to a branch; the caller appends it. */
export function adoptEntry(entry: LedgerEntry, branch: string, at: string): LedgerEntry {
  return { ...entry, at, adopted: [...new Set([...(entry.adopted ?? []), branch])] };
}

function parseEntry(line: string): LedgerEntry | ForeignEntry | undefined {
  type Line = (LedgerEntry | ForeignEntry) & Partial<Record<string, unknown>>;
  const value = attempt(() => JSON.parse(line) as Line | null);
  const { id, blob, foreign, adopted = [] } = value ?? {};
  const isMade = isText(id) && isBlob(blob) && Array.isArray(adopted) && adopted.every(isText);
  return value && (isMade || isBlob(foreign)) ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isBlob(value: unknown): boolean {
  return isText(value) && /^[0-9a-f]{40,64}$/.test(value);
}
