// How the memory differs: between two revisions, or from one to the working tree with what is not committed yet.
import { RepomemError } from '../domain/errors.ts';
import { findMergeBase, readCommit, resolveCommit, type CommitInfo } from '../git/commits.ts';
import { diffMemory, type MemoryChange } from '../git/memory-history.ts';
import { repositoryPath } from '../git/trust.ts';
import { describeChange, isRecordPath, type RecordChange } from './history.ts';
import { readNames, type NamedRecord } from './judge-history.ts';
import type { Memory } from './open.ts';
import { safeId } from './safe-id.ts';
import { requireRepository } from './stage.ts';
import { readWorld, type World } from './world.ts';

export interface MemoryDiff {
  from: CommitInfo;
  /** Absent for the working tree. */
  to?: CommitInfo;
  changes: RecordChange[];
  /** Files of the memory that are no records. */
  files: string[];
}

/**
 * `range`: `A..B`, `A...B` (from where they parted), `A` (to the working tree), or nothing: what this branch adds to the default one,
 * uncommitted records of this branch included. RepomemError `not-found` for what is no commit.
 */
export async function diffRecords(memory: Memory, range?: string): Promise<MemoryDiff> {
  requireRepository(memory);
  const { place } = memory;
  const { from, to } = findEnds(memory, range);
  const changes = await diffMemory(place, from, to === undefined ? 'worktree' : { commit: to });
  const world = to === undefined ? await readWorld(memory) : undefined;
  const name = readNames(
    memory,
    changes.map((change) => ({ path: change.path, blob: blobOf(change), ...(to !== undefined && { commit: to }) })),
  );
  const found = changes.flatMap((change) => {
    if (!isRecordPath(change.path)) return [];
    const here = world?.byPath.get(change.path);
    const record =
      world && here && change.after === undefined
        ? nameHere(world, change.path)
        : name({ path: change.path, blob: blobOf(change), ...(to !== undefined && { commit: to }) });
    return record ? [describeChange(change, record)] : [];
  });
  if (world) found.push(...findUntracked(memory, world, new Set(changes.map(({ path }) => path))));
  return {
    from: readCommit(place, from),
    ...(to !== undefined && { to: readCommit(place, to) }),
    changes: found,
    files: changes.filter(({ path }) => !isRecordPath(path)).map(({ path }) => path),
  };
}

function findEnds({ place, snapshot }: Memory, range: string | undefined): { from: string; to?: string } {
  if (range === undefined) {
    if (snapshot.head === undefined)
      throw new RepomemError('not-found', 'diff: expected a commit to compare with; there is none yet');
    const base = snapshot.defaultRef && findMergeBase(place, snapshot.defaultRef, snapshot.head);
    return { from: base ?? snapshot.head };
  }
  const match = /^(.*?)(\.\.\.?)(.*)$/.exec(range);
  if (!match) return { from: resolveCommit(place, range) };
  const [one, other] = [match[1] || 'HEAD', match[3] || 'HEAD'];
  const from = match[2] === '...' ? findMergeBase(place, one, other) : resolveCommit(place, one);
  if (from === undefined) throw new RepomemError('not-found', `${range}: expected a common ancestor; found none`);
  return { from, to: resolveCommit(place, other) };
}

/** Git's diff does not see them. Those of other branches are not part of this one. */
function findUntracked(memory: Memory, world: World, seen: ReadonlySet<string>): RecordChange[] {
  const { index } = memory.snapshot;
  return world.judged.flatMap(({ excerpt, isHere }) => {
    if (excerpt.tier !== 'shared' || !isHere || seen.has(excerpt.path)) return [];
    if (index.has(repositoryPath(excerpt, memory.snapshot))) return [];
    const record = nameHere(world, excerpt.path);
    return record ? [describeChange({ status: 'A' }, record)] : [];
  });
}

function nameHere(world: World, path: string): NamedRecord | undefined {
  const judged = world.byPath.get(path);
  if (!judged) return undefined;
  const { id, type, title, supersedes, forgets, bytes } = judged.excerpt;
  const isForeign = judged.trust === 'foreign';
  return isForeign
    ? { id: safeId(judged.excerpt), path: '', type, title: '', isForeign, supersedes: [], forgets: [], bytes }
    : { id, path, type, title, isForeign, supersedes, forgets, bytes };
}

/** The bytes that tell what a change was about: the new ones, else the old; '' for an edited file that git has no blob of. */
function blobOf(change: MemoryChange): string {
  return change.after ?? (change.status === 'D' ? change.before : undefined) ?? '';
}
