// Differences of the memory between two revisions, or from one to the working tree with uncommitted changes.
import { RepomemError } from '../domain/errors.ts';
import { findMergeBase, readCommit, resolveCommit } from '../git/history/commits.ts';
import { diffMemory } from '../git/history/memory-history.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { describeChange, type NamedRecord, nameRecord, readNames, versionOf } from './log.ts';
import { type Memory, requireRepository } from '../memory/open.ts';
import { type AssessedRecord, readRecordSet } from '../memory/records.ts';
import { isRecordPath } from '../store/layout.ts';

/**
 * `range`: `A..B`, `A...B` (from the merge base), `A` (to the working tree), or nothing: the changes of this branch against the
 * default one, with its uncommitted records. Throws RepomemError `not-found` for an unknown commit.
 */
export async function diffRecords(memory: Memory, range?: string) {
  requireRepository(memory);
  const { paths, snapshot } = memory;
  const { from, to } = findEnds(memory, range);
  const all = await diffMemory(paths, from, to);
  const changes = all.filter(({ path }) => isRecordPath(path));
  const recordSet = to === undefined ? await readRecordSet(memory) : undefined;
  const name = readNames(
    memory,
    changes.map((change) => versionOf(change, to)),
  );
  const found = changes.map((change) => {
    const here = change.after === undefined ? recordSet?.byPath.get(change.path) : undefined;
    return describeChange(change, here ? nameHere(here) : name(versionOf(change, to)));
  });
  const seen = new Set(all.map(({ path }) => path));
  // Git's diff omits untracked records. Those of other branches are left out.
  for (const one of recordSet?.assessed ?? []) {
    const isUntracked = one.excerpt.tier === 'shared' && !snapshot.index.has(repositoryPath(one.excerpt, snapshot));
    if (isUntracked && one.isHere && !seen.has(one.excerpt.path))
      found.push(describeChange({ status: 'A' }, nameHere(one)));
  }
  return {
    from: readCommit(paths, from),
    /** Absent for the working tree. */
    ...(to !== undefined && { to: readCommit(paths, to) }),
    changes: found,
    /** Memory files that are not records. */
    files: all.filter(({ path }) => !isRecordPath(path)).map(({ path }) => path),
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

function nameHere({ excerpt, trust }: AssessedRecord): NamedRecord {
  const { id, path, type, title, supersedes, forgets, bytes, blob } = excerpt;
  return nameRecord({ id, path, type, title, supersedes, forgets, bytes, blob }, trust === 'foreign');
}
