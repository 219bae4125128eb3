// The memory in git's history: who added a record, changes between revisions. Paths are as in Excerpt: relative to the folder that holds `.claude-mem`.
import { idOfPath } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { isRecordPath } from '../../store/layout.ts';
import { askGit, runCommand, runIn, startIn } from '../run/runner.ts';
import { commitFormat, type CommitInfo, parseCommit, resolveCommit } from './commits.ts';
import { plainDiff } from '../run/harden.ts';
import { parseRaw, type RawChange, withRenames } from '../cites/renames.ts';
import { isAncestor } from '../state/ancestors.ts';
import { memoryPrefixOf } from '../state/snapshot.ts';

const shape = ['--raw', '--no-abbrev', '--no-renames', '-z', ...plainDiff];

/**
 * Commits that touched the memory, newest first. Merges are left out: their changes are listed with the merged commits. A rename is that
 * of a record: same id or same bytes under another name.
 */
export async function readMemoryLog(
  paths: MemoryPaths,
  { revision = 'HEAD', since, maxCount }: { revision?: string; since?: string; maxCount?: number } = {},
): Promise<{ commit: CommitInfo; changes: RawChange[] }[]> {
  const prefix = memoryPrefixOf(paths);
  const range = [
    revision === 'HEAD' ? revision : resolveCommit(paths, revision),
    ...(since === undefined ? [] : [`^${resolveCommit(paths, since)}`]),
    ...(maxCount === undefined ? [] : [`--max-count=${maxCount}`]),
  ];
  const output = await askGit(paths, ['log', ...shape, `--format=%x01${commitFormat}`, ...range, '--', prefix]);
  const commits = new Map<string, RawChange[]>();
  for (const change of parseRaw(output)) {
    const known = commits.get(change.commit);
    if (known) known.push(change);
    else commits.set(change.commit, [change]);
  }
  return [...commits].map(([text, changes]) => ({ commit: parseCommit(text), changes: pairChanges(changes, prefix) }));
}

/**
 * Record path → the commit that added it, from one walk over the memory's history; correct after squashes and rebases. A renamed
 * file keeps the commit of its first name. Uncommitted records are left out.
 */
export async function findAdders(
  paths: MemoryPaths,
  range: { revision?: string; since?: string } = {},
): Promise<Map<string, CommitInfo>> {
  const adders = new Map<string, CommitInfo>();
  for (const { commit, changes } of (await readMemoryLog(paths, range)).reverse())
    for (const { status, path, from } of changes)
      if (status === 'A') adders.set(path, commit);
      else if (status === 'R') adders.set(path, adders.get(from) ?? commit);
  return adders;
}

/**
 * Memory files that came with a commit which findAdders lists no record for: those of the commit, if it is a merge, else those of the
 * merge that brought it to the default branch. `commit`: full id.
 */
export async function findRecordsWith(
  paths: MemoryPaths,
  commit: string,
  defaultRef: string | undefined,
): Promise<{ filePaths: string[]; merge?: string }> {
  const own = listAdded(paths, ['--root', '--no-commit-id', '-m', '--first-parent', commit]);
  if (own.length > 0 || defaultRef === undefined) return { filePaths: own };
  const list = async (...how: string[]): Promise<string[]> =>
    (await startIn(paths, ['rev-list', ...how, `${commit}..${defaultRef}`])).stdout.trim().split('\n');
  const [ancestry, firstParents] = await Promise.all([list('--ancestry-path'), list('--first-parent', '--parents')]);
  const mainLine = firstParents.map((line) => line.split(' '));
  // No merge brought a commit that is on the first-parent line itself.
  if (mainLine.at(-1)?.[1] === commit) return { filePaths: [] };
  // The oldest first-parent commit that contains it; if its predecessor contains it too, no merge brought it.
  const carriers = new Set(ancestry);
  const merge = mainLine.map(([one = '']) => one).findLast((one) => carriers.has(one));
  if (!merge || isAncestor(paths, commit, `${merge}^1`) !== false) return { filePaths: [] };
  const filePaths = listAdded(paths, [`${merge}^1`, merge]);
  return filePaths.length > 0 ? { filePaths, merge } : { filePaths };
}

function listAdded(paths: MemoryPaths, what: string[]): string[] {
  const prefix = memoryPrefixOf(paths);
  const args = ['diff-tree', '-r', ...shape, '--diff-filter=A', ...what, '--', prefix];
  const changes = pairChanges(parseRaw(runIn(paths, args).stdout), prefix);
  return changes.map(({ path }) => path).filter(isRecordPath);
}

/** Changes of the memory from `base` to `head`, or to the working tree (without untracked files). Full ids. */
export async function diffMemory(paths: MemoryPaths, base: string, head?: string): Promise<RawChange[]> {
  const prefix = memoryPrefixOf(paths);
  const args = ['diff', ...shape, base, ...(head === undefined ? [] : [head]), '--', prefix];
  return pairChanges(parseRaw(await runCommand(paths, args)), prefix);
}

/** Files that differ between two commits, with git's rename detection; paths from the top of the working tree. Full ids. */
export async function listChanges(paths: MemoryPaths, base: string, head: string): Promise<RawChange[]> {
  return parseRaw(await runCommand(paths, ['diff', ...withRenames, '--ignore-submodules=all', base, head, '--']));
}

/**
 * Pairs a removal and an addition of the same record as a rename. Git's own detection goes by similarity, and records are similar:
 * it would pair a pruned record with a new one.
 */
function pairChanges(changes: readonly RawChange[], prefix: string): RawChange[] {
  const removed = new Set(changes.filter(({ status }) => status === 'D'));
  const paired = changes.flatMap((change): RawChange[] => {
    if (change.status === 'D') return [];
    const free = change.status === 'A' ? [...removed] : [];
    const id = idOfPath(change.path);
    const twin = free.find(({ path }) => idOfPath(path) === id) ?? free.find(({ before }) => before === change.after);
    if (twin === undefined) return [change];
    removed.delete(twin);
    return [{ ...twin, ...change, status: 'R', from: twin.path }];
  });
  const inMemory = (path: string): string => `.claude-mem/${path.slice(prefix.length)}`;
  return [...paired, ...removed]
    .map((change) => ({ ...change, path: inMemory(change.path), from: inMemory(change.from) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
