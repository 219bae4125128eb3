// Files of records that a person or an agent changes: which may be changed, where they are written, and their ledger entries. The commit
// hook loads it: no YAML here.
import { rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt, Tier } from '../domain/excerpt.ts';
import { madeHere, type LedgerEntry } from '../git/state/ledger.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import type { Memory } from '../memory/open.ts';
import type { AssessedRecord } from '../memory/records.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { blobId } from '../store/blob.ts';
import { absolutePath } from '../store/layout.ts';
import { ensureLocalDir } from '../store/scaffold.ts';

/** Throws RepomemError `untrusted` for a foreign record; `undone`: such as `not shared`. */
export function refuseForeign(
  { excerpt: { id }, trust }: Pick<AssessedRecord, 'excerpt' | 'trust'>,
  undone: string,
): void {
  if (trust !== 'foreign') return;
  throw new RepomemError('untrusted', `${id}: came from elsewhere and is not reviewed; ${undone}`, {
    hint: `repomem show ${id} --foreign shows it; repomem trust ${id} accepts it`,
  });
}

/** The ledger entry of a record made here, now, on the current branch. */
export function entryOf(
  { paths, snapshot }: Memory,
  { id, blob, session }: Pick<Excerpt, 'id' | 'blob' | 'session'>,
  at: string,
): LedgerEntry {
  return { id, blob, at, ...(session && { session }), ...madeHere(paths, snapshot) };
}

export function blobOf({ snapshot }: Memory, data: string | Uint8Array): string {
  return blobId(Buffer.from(data), snapshot.objectFormat);
}

/** Writes a file of a tier. Returns its path, relative to the folder that holds `.claude-mem` if it lies below it. */
export function writeBytes(memory: Memory, file: string, data: string | Uint8Array, tier: Tier): string {
  const { paths } = memory;
  // A committed link must not redirect the write.
  if (tier === 'shared') writeFileAtomic(file, data, { within: paths.root });
  else {
    ensureLocalDir(paths);
    writeFileAtomic(file, data, { within: dirname(dirname(paths.localDir)), dirMode: 0o700 });
  }
  return shownPath(memory, file);
}

/** Relative to the folder that holds `.claude-mem`, if the file lies below it. */
export function shownPath({ paths }: Memory, file: string): string {
  const below = relative(paths.root, file);
  return below.startsWith('..') ? file : below;
}

export function removeFile({ paths }: Memory, { path }: Pick<Excerpt, 'path'>): void {
  rmSync(absolutePath(paths, path), { force: true });
}

/**
 * Whether other branches have the file too. `git commit -a` includes every deletion; beside a similar new record git sees a rename,
 * and two branches that rename one file differently conflict. So such a record is hidden by its tombstone alone, on every branch
 * that has it, until prune deletes the file in a commit without additions. A default branch without a remote has no other copies.
 */
export function isOnOthers({ snapshot }: Pick<Memory, 'snapshot'>, excerpt: Pick<Excerpt, 'tier' | 'path'>): boolean {
  if (excerpt.tier !== 'shared' || !snapshot.reviewed.has(repositoryPath(excerpt, snapshot))) return false;
  return snapshot.hasRemote || snapshot.branch !== snapshot.defaultBranch;
}
