// Differences of the memory between two revisions, or from one to the working tree with uncommitted changes.
import { RepomemError } from '../domain/errors.ts';
import { findMergeBase, readCommit, resolveCommit, type CommitInfo } from '../git/history/commits.ts';
import { diffMemory, type MemoryChange } from '../git/history/memory-history.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { describeChange, type RecordChange } from './log.ts';
import { readNames, type NamedRecord } from './assess.ts';
import type { Memory } from '../memory/open.ts';
import { safeId } from '../memory/safe-id.ts';
import { readRecordSet, type RecordSet } from '../memory/records.ts';
import { requireRepository } from '../memory/open.ts';
import { isRecordPath } from '../store/layout.ts';

export interface MemoryDiff {
  from: CommitInfo;
  /** Absent for the working tree. */
  to?: CommitInfo;
  changes: RecordChange[];
  /** Memory files that are not records. */
  files: string[];
}

/**
 * `range`: `A..B`, `A...B` (from the merge base), `A` (to the working tree), or nothing: the changes of this branch against the
 * default one, with its uncommitted records. Throws RepomemError `not-found` for an unknown commit.
 */
export async function diffRecords(memory: Memory, range?: string): Promise<MemoryDiff> {
  requireRepository(memory);
  const { paths } = memory;
  const { from, to } = findEnds(memory, range);
  const changes = await diffMemory(paths, from, to === undefined ? 'worktree' : { commit: to });
  const recordSet = to === undefined ? await readRecordSet(memory) : undefined;
  const name = readNames(
    memory,
    changes.map((change) => ({ path: change.path, blob: blobOf(change), ...(to !== undefined && { commit: to }) })),
  );
  const found = changes.flatMap((change) => {
    if (!isRecordPath(change.path)) return [];
    const here = recordSet?.byPath.get(change.path);
    const record =
      recordSet && here && change.after === undefined
        ? nameHere(recordSet, change.path)
        : name({ path: change.path, blob: blobOf(change), ...(to !== undefined && { commit: to }) });
    return record ? [describeChange(change, record)] : [];
  });
  if (recordSet) found.push(...findUntracked(memory, recordSet, new Set(changes.map(({ path }) => path))));
  return {
    from: readCommit(paths, from),
    ...(to !== undefined && { to: readCommit(paths, to) }),
    changes: found,
    files: changes.filter(({ path }) => !isRecordPath(path)).map(({ path }) => path),
  };
}

function findEnds({ paths, snapshot }: Memory, range: string | undefined): { from: string; to?: string } {
  if (range === undefined) {
    if (snapshot.head === undefined)
      throw new RepomemError('not-found', 'diff: expected a commit to compare with; there is none yet');
    const base = snapshot.defaultRef && findMergeBase(paths, snapshot.defaultRef, snapshot.head);
    return { from: base ?? snapshot.head };
  }
  const match = /^(.*?)(\.\.\.?)(.*)$/.exec(range);
  if (!match) return { from: resolveCommit(paths, range) };
  const [one, other] = [match[1] || 'HEAD', match[3] || 'HEAD'];
  const from = match[2] === '...' ? findMergeBase(paths, one, other) : resolveCommit(paths, one);
  if (from === undefined) throw new RepomemError('not-found', `${range}: expected a common ancestor; found none`);
  return { from, to: resolveCommit(paths, other) };
}

/** Git's diff omits untracked records. Those of other branches are left out. */
function findUntracked(memory: Memory, recordSet: RecordSet, seen: ReadonlySet<string>): RecordChange[] {
  const { index } = memory.snapshot;
  return recordSet.assessed.flatMap(({ excerpt, isHere }) => {
    if (excerpt.tier !== 'shared' || !isHere || seen.has(excerpt.path)) return [];
    if (index.has(repositoryPath(excerpt, memory.snapshot))) return [];
    const record = nameHere(recordSet, excerpt.path);
    return record ? [describeChange({ status: 'A' }, record)] : [];
  });
}

function nameHere(recordSet: RecordSet, path: string): NamedRecord | undefined {
  const assessed = recordSet.byPath.get(path);
  if (!assessed) return undefined;
  const { id, type, title, supersedes, forgets, bytes } = assessed.excerpt;
  const isForeign = assessed.trust === 'foreign';
  return isForeign
    ? { id: safeId(assessed.excerpt), path: '', type, title: '', isForeign, supersedes: [], forgets: [], bytes }
    : { id, path, type, title, isForeign, supersedes, forgets, bytes };
}

/** The blob that shows the record: the new one, else the old; '' for an edited file that has no blob in git. */
function blobOf(change: MemoryChange): string {
  return change.after ?? (change.status === 'D' ? change.before : undefined) ?? '';
}
