// Files of the current work, for ranking: at most two processes, without reading file contents; none while HEAD is unchanged.
import type { WorkingSet } from '../../context/rank.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, writeCache } from '../run/cache-file.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn, startIn } from '../run/runner.ts';
import type { Snapshot } from './snapshot.ts';

/** A larger change (reformatting, a vendored tree) is not current work. */
const maxFiles = 500;
const timeoutMs = 2000;
const shape = ['--name-only', '--no-renames', '-z', ...plainDiff, '--'];
/** No path starts with `//`. */
const lastCommits = ['log', '--max-count=5', '--first-parent', '-m', '--format=//%H'];
const recentOf = (head: string): string[] => [...lastCommits, head, ...shape];

/** Asks for the files of the last commits before HEAD is known, while other things are read. '' when git fails. */
export async function startRecent(paths: MemoryPaths): Promise<string> {
  return (await startIn(paths, recentOf('HEAD'), { timeoutMs })).stdout;
}

/**
 * Files changed on HEAD's branch since it left the default branch or in the working tree, and files of the last commits; without the
 * memory's own files. `asked`: the answer of startRecent, used where it is of the same HEAD.
 */
export function readWorkingSet(paths: MemoryPaths, snapshot: Snapshot, asked = ''): WorkingSet {
  const { branch, memoryPrefix } = snapshot;
  const isWork = (path: string): boolean =>
    path !== '' && !path.endsWith('/') && !path.startsWith('//') && !path.startsWith(memoryPrefix);
  const workOf = (names: readonly string[]): string[] => [...new Set(names.filter(isWork))].slice(0, maxFiles);
  const { changed, recent } = readCommitted(paths, snapshot, workOf, asked);
  return {
    changedFiles: new Set(workOf([...snapshot.dirty, ...changed])),
    recentFiles: new Set(recent),
    ...(branch !== undefined && { branch }),
  };
}

/** Files from commits; cached, since only a new HEAD or default branch changes them. */
function readCommitted(
  paths: MemoryPaths,
  { head, branch, defaultBranch, defaultRef, defaultTip }: Snapshot,
  workOf: (names: readonly string[]) => string[],
  asked: string,
): { changed: string[]; recent: string[] } {
  if (head === undefined) return { changed: [], recent: [] };
  const isElsewhere = defaultRef !== undefined && (branch === undefined || branch !== defaultBranch);
  const key = `${head} ${isElsewhere ? (defaultTip ?? '') : ''}`;
  const name = `working-set-v1-${paths.worktreeKey}.json`;
  const cache = readCache(paths, name);
  if (cache['key'] === key && isTexts(cache['changed']) && isTexts(cache['recent']))
    return { changed: cache['changed'], recent: cache['recent'] };
  const changed = isElsewhere
    ? list(paths, ['diff', '--ignore-submodules=all', `${defaultRef}...${head}`, ...shape])
    : [];
  const recent = asked.startsWith(`//${head}\0`) ? pathsIn(asked) : list(paths, recentOf(head));
  const found = { changed: workOf(changed ?? []), recent: workOf(recent ?? []) };
  if (changed !== undefined && recent !== undefined) writeCache(paths, name, { key, ...found });
  return found;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Undefined when git fails or times out. */
function list(paths: MemoryPaths, args: readonly string[]): string[] | undefined {
  const { ok, stdout } = runIn(paths, args, { timeoutMs });
  return ok ? pathsIn(stdout) : undefined;
}

function pathsIn(stdout: string): string[] {
  return stdout.split(/\0\n?/);
}
