// Deletes superseded and expired shared records; git's history keeps them. Deletes only reviewed, unmodified records, only on the
// default branch, and never in a commit with new records: git would see a rename, and two branches that rename one file conflict.
import { lstatSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { matchesKey } from '../domain/record.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { isDurable } from '../domain/types.ts';
import { isShallow, listIdsEver } from '../git/history/memory-tree.ts';
import { isAmong } from '../git/state/snapshot.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { activeExcerpts } from '../memory/verdicts.ts';
import { checkWithin } from '../store/atomic.ts';
import { listRecordFiles } from '../store/list-files.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import { readRecordSet, type RecordSet } from '../memory/records.ts';

export type PruneReason = 'superseded' | 'forgotten' | 'folded' | 'spent-tombstone';

export type PruneReport = Awaited<ReturnType<typeof pruneMemory>>;

/** Throws RepomemError `usage` with a hint when pruning is not possible now; a dry run does not, unless there is no repository. */
export async function pruneMemory(memory: Memory, isDryRun: boolean, only?: PruneReason) {
  const blocked = findObstacle(memory);
  if (blocked && (!isDryRun || blocked.code === 'no-repository')) throw blocked;
  const all = listPrunable(memory, await readRecordSet(memory));
  const records = all.filter(({ reason }) => only === undefined || reason === only);
  const bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  const { root } = memory.paths;
  for (const file of isDryRun ? [] : records.map(({ path }) => join(root, path))) {
    checkWithin(dirname(file), root);
    if (lstatSync(file, { throwIfNoEntry: false })?.isFile()) rmSync(file, { force: true });
  }
  // `blocked`: why nothing may be deleted now.
  return { records, bytes, ...(blocked && { blocked: blocked.message }), isDone: !isDryRun };
}

function findObstacle({ snapshot, paths }: Memory): RepomemError | undefined {
  if (!snapshot.isRepository || snapshot.head === undefined)
    return new RepomemError('no-repository', 'prune: without commits nothing would keep what is deleted', {
      hint: 'commit the memory first',
    });
  const { branch, defaultBranch, operation } = snapshot;
  if (branch === undefined || branch !== defaultBranch)
    return obstacle(
      `only on ${defaultBranch ?? 'the default branch'}; this is ${branch ?? 'a detached HEAD'}`,
      `records that branches delete come back or conflict when they meet: git switch ${defaultBranch ?? 'BRANCH'}`,
    );
  if (operation !== undefined) return obstacle(`a ${operation} is under way`, 'finish it first');
  const added = listRecordFiles(paths).files.filter(({ tier, path }) => {
    const inGit = repositoryPath({ path }, snapshot);
    return tier === 'shared' && (!snapshot.index.has(inGit) || snapshot.added.has(inGit));
  });
  if (added.length === 0) return undefined;
  const what = added.length === 1 ? 'a shared record is' : `${added.length} shared records are`;
  return obstacle(
    `${what} not committed yet, such as ${added[0]?.path ?? ''}`,
    'commit new records first: a deletion beside a similar new file looks like a rename to git, and two such branches conflict',
  );
}

function obstacle(why: string, hint: string): RepomemError {
  return new RepomemError('usage', `prune: ${why}`, { hint });
}

/** `by`: id of the record that makes it obsolete. */
function listPrunable(memory: Memory, recordSet: RecordSet) {
  const { snapshot } = memory;
  // Only reviewed records may make others obsolete, and records edited here are kept.
  const reviewed = recordSet.assessed
    .map(({ excerpt }) => excerpt)
    .filter((excerpt) => {
      const path = repositoryPath(excerpt, snapshot);
      return (
        excerpt.tier === 'shared' && snapshot.reviewed.get(path) === excerpt.blob && !isAmong(snapshot.dirty, path)
      );
    });
  const active = new Set(activeExcerpts(reviewed, () => true));
  const judged = reviewed.flatMap((excerpt): Judgement[] => {
    const { id, type, partOf } = excerpt;
    if (type === 'tombstone' || type === 'session') return [];
    const tombstone = reviewed.find((one) => one.type === 'tombstone' && one.forgets.includes(id));
    if (tombstone) return [[excerpt, 'forgotten', tombstone]];
    if (!active.has(excerpt)) return [[excerpt, 'superseded', reviewed.find((one) => one.supersedes.includes(id))]];
    const digest = partOf === undefined || isDurable(type) ? undefined : reviewed.find((one) => one.id === partOf);
    return digest && digest !== excerpt && active.has(digest) ? [[excerpt, 'folded', digest]] : [];
  });
  const prunable = [...judged, ...listTombstones(memory, recordSet, reviewed)].map(
    ([{ id, path, title, bytes }, reason, by]) => ({ id, path, title, bytes, reason, ...(by && { by: by.id }) }),
  );
  return prunable.sort((a, b) => (a.path < b.path ? -1 : 1));
}

type Judgement = [excerpt: Excerpt, reason: PruneReason, by?: Excerpt | undefined];

/**
 * A tombstone hides records of other branches, and suppresses new records similar to the forgotten one (by its sketch). So it is
 * deleted only when it has no sketch and no history in git ever had the record.
 */
function listTombstones(memory: Memory, recordSet: RecordSet, reviewed: readonly Excerpt[]): Judgement[] {
  const tombstones = reviewed.filter(({ type }) => type === 'tombstone');
  if (tombstones.length === 0 || isShallow(memory.paths)) return [];
  const ever = listIdsEver(memory.paths);
  return tombstones.flatMap((tombstone): Judgement[] => {
    const { record } = readFull(memory, recordSet.byPath.get(tombstone.path)!);
    const isSpent =
      record.extra[matchesKey] === undefined && record.forgets.every((id) => !ever.has(id) && !recordSet.byId.has(id));
    return isSpent ? [[tombstone, 'spent-tombstone']] : [];
  });
}
