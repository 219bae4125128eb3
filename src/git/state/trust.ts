// Trust of a file's bytes, and the branch that they belong to. Pure: judged from a snapshot and the ledger, never from what the file
// says of itself.
import type { Excerpt, Trust } from '../../domain/excerpt.ts';
import type { Ledger } from './ledger.ts';
import type { Snapshot } from './snapshot.ts';

type Located = Pick<Excerpt, 'path' | 'tier' | 'blob'>;

/**
 * `reviewed`: the same blob stands in the tree of a branch that counts as reviewed. `own`: written on this machine, by us (the ledger) or by
 * the user's hand (bytes that git did not bring). `local`: kept out of git. `foreign`: everything else, and for good once it was judged so.
 */
export function judgeTrust(excerpt: Located, snapshot: Snapshot, ledger: Ledger): Trust {
  if (ledger.byBlob.has(excerpt.blob)) return excerpt.tier === 'local' ? 'local' : 'own';
  if (!snapshot.isRepository) return judgeWithoutGit(excerpt, snapshot);
  if (snapshot.reviewedBlobs.has(excerpt.blob)) return 'reviewed';
  if (ledger.foreign.has(excerpt.blob) || snapshot.foreign.has(excerpt.blob)) return 'foreign';
  if (excerpt.tier === 'local') return isTrackedLocal(excerpt, snapshot) ? 'foreign' : 'local';
  return snapshot.byHand.has(excerpt.blob) ? 'own' : 'foreign';
}

/** The same question for a file that is not a record, such as settings.yaml or a mode; `path` is relative to the folder that holds `.claude-mem`. */
export function judgeFile(path: string, blob: string, snapshot: Snapshot, ledger: Ledger): Trust {
  return judgeTrust({ path, blob, tier: 'shared' }, snapshot, ledger);
}

/** True when these very bytes stand at this very path of the default branch: settings and modes are obeyed by where they stand. */
export function isFileReviewed(snapshot: Snapshot, path: string, blob: string): boolean {
  const inRepository = repositoryPath({ path }, snapshot);
  return [snapshot.reviewed, ...snapshot.alsoReviewed].some((tree) => tree.get(inRepository) === blob);
}

/**
 * Whether the record belongs to the branch that is checked out. Committed ones do. An uncommitted one made on the default branch (or
 * detached) belongs wherever the commit is that it was made at; one made on another branch belongs there, until it is adopted.
 */
export function belongsHere(excerpt: Located & Pick<Excerpt, 'branch'>, snapshot: Snapshot, ledger: Ledger): boolean {
  if (!snapshot.isRepository) return true;
  if (excerpt.tier === 'shared' && isCommitted(repositoryPath(excerpt, snapshot), snapshot)) return true;
  const entry = ledger.byBlob.get(excerpt.blob);
  // Of a record written by hand the ledger knows where it was first seen, which need not be where it belongs.
  if (!entry || (entry.byHand && !entry.adopted)) return belongsByName(excerpt.branch, snapshot);
  if (entry.branch !== undefined && entry.branch === snapshot.branch) return true;
  if (snapshot.branch !== undefined && entry.adopted?.includes(snapshot.branch)) return true;
  if (!entry.onDefault) return false;
  // Made before the first commit: every history begins after it.
  return entry.commit === undefined || entry.commit === snapshot.head || isHeld(entry.commit, snapshot);
}

/** Relative to the top of the working tree. */
export function repositoryPath(excerpt: Pick<Excerpt, 'path'>, snapshot: Pick<Snapshot, 'memoryPrefix'>): string {
  return snapshot.memoryPrefix.slice(0, -'.claude-mem/'.length) + excerpt.path;
}

/** HEAD stands on the default branch, where every record of that branch was made, or holds the commit. */
function isHeld(commit: string, snapshot: Snapshot): boolean {
  const isOnDefault = snapshot.branch !== undefined && snapshot.branch === snapshot.defaultBranch;
  return isOnDefault || snapshot.heldCommits.has(commit);
}

/** Without an entry in the ledger only the file's own word is left: enough to keep it off other branches, never to trust it. */
function belongsByName(branch: string | undefined, snapshot: Snapshot): boolean {
  return branch === undefined || branch === snapshot.branch || branch === snapshot.defaultBranch;
}

/** Without git there are no strangers; where git refused to answer (dubious ownership, say) there may be. */
function judgeWithoutGit(excerpt: Located, snapshot: Snapshot): Trust {
  if (snapshot.problem !== undefined) return 'foreign';
  return excerpt.tier === 'local' ? 'local' : 'own';
}

/** Somebody put a file by force where git ignores everything: it came with the repository. */
function isTrackedLocal({ path }: Located, { trackedLocal }: Snapshot): boolean {
  if (trackedLocal.size === 0) return false;
  return [...trackedLocal].some((tracked) => path.endsWith(`/${tracked}`));
}

function isCommitted(path: string, snapshot: Snapshot): boolean {
  return snapshot.index.has(path) && !snapshot.added.has(path);
}
