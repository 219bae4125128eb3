// Trust of a file's bytes, and whether the record belongs to the current branch. Pure: judged from a snapshot and the ledger, never
// from the file's own claims.
import type { Excerpt, Trust } from '../../domain/excerpt.ts';
import type { Ledger } from './ledger.ts';
import type { Snapshot } from './snapshot.ts';

type Located = Pick<Excerpt, 'path' | 'tier' | 'blob'>;

/**
 * `reviewed`: the same blob is in the tree of a reviewed branch. `own`: written on this machine, by repomem (the ledger) or by the
 * user's hand (bytes not brought by git). `local`: kept out of git. `foreign`: everything else; this judgement is permanent.
 */
export function judgeTrust(excerpt: Located, snapshot: Snapshot, ledger: Ledger): Trust {
  if (ledger.byBlob.has(excerpt.blob)) return excerpt.tier === 'local' ? 'local' : 'own';
  // Without git all files are the user's; if git refused to answer (dubious ownership, for example), some may not be.
  if (!snapshot.isRepository)
    return snapshot.problem !== undefined ? 'foreign' : excerpt.tier === 'local' ? 'local' : 'own';
  if (snapshot.reviewedBlobs.has(excerpt.blob)) return 'reviewed';
  if (ledger.foreign.has(excerpt.blob) || snapshot.foreign.has(excerpt.blob)) return 'foreign';
  if (excerpt.tier === 'local') return 'local';
  return snapshot.byHand.has(excerpt.blob) ? 'own' : 'foreign';
}

/** The same for a file that is not a record, such as settings.yaml or a mode; `path` is relative to the folder that holds `.claude-mem`. */
export function judgeFile(path: string, blob: string, snapshot: Snapshot, ledger: Ledger): Trust {
  return judgeTrust({ path, blob, tier: 'shared' }, snapshot, ledger);
}

/** Whether the default branch has these exact bytes at this exact path: settings and modes are effective only at their path. */
export function isFileReviewed(snapshot: Snapshot, path: string, blob: string): boolean {
  const inRepository = repositoryPath({ path }, snapshot);
  return [snapshot.reviewed, ...snapshot.alsoReviewed].some((tree) => tree.get(inRepository) === blob);
}

/**
 * Whether the record belongs to the current branch. Committed records do. An uncommitted one made on the default branch (or
 * detached) belongs where its commit is an ancestor; one made on another branch belongs there until it is adopted.
 */
export function belongsHere(excerpt: Located & Pick<Excerpt, 'branch'>, snapshot: Snapshot, ledger: Ledger): boolean {
  if (!snapshot.isRepository) return true;
  const path = repositoryPath(excerpt, snapshot);
  if (excerpt.tier === 'shared' && snapshot.index.has(path) && !snapshot.added.has(path)) return true;
  const entry = ledger.byBlob.get(excerpt.blob);
  // For a hand-written record the ledger only knows where it was first seen, which may be another branch.
  const { branch, defaultBranch, head, heldCommits } = snapshot;
  // Without an entry only the file's own branch field is left: enough to exclude it from other branches, never to trust it.
  if (!entry || (entry.byHand && !entry.adopted))
    return excerpt.branch === undefined || excerpt.branch === branch || excerpt.branch === defaultBranch;
  if (branch !== undefined && (entry.branch === branch || entry.adopted?.includes(branch))) return true;
  if (!entry.onDefault) return false;
  // All records of the default branch belong to it. Made before the first commit: it belongs to every history.
  const isOnDefault = branch !== undefined && branch === defaultBranch;
  return entry.commit === undefined || entry.commit === head || isOnDefault || heldCommits.has(entry.commit);
}

/** Path relative to the top of the working tree. */
export function repositoryPath(excerpt: Pick<Excerpt, 'path'>, snapshot: Pick<Snapshot, 'memoryPrefix'>): string {
  return snapshot.memoryPrefix.slice(0, -'.claude-mem/'.length) + excerpt.path;
}
