// Files of the current work, for ranking: at most two processes, without reading file contents; none while HEAD is unchanged.
import type { WorkingSet } from '../../context/rank.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, writeCache } from '../run/cache-file.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn } from '../run/runner.ts';
import type { Snapshot } from './snapshot.ts';

/** A larger change (reformatting, a vendored tree) is not current work. */
const maxFiles = 500;

/**
 * Files changed on HEAD's branch since it left the default branch or in the working tree, and files of the last commits; without the
 * memory's own files.
 */
export function readWorkingSet(paths: MemoryPaths, snapshot: Snapshot): WorkingSet {
  const { branch, memoryPrefix } = snapshot;
  const isWork = (path: string): boolean => path !== '' && !path.endsWith('/') && !path.startsWith(memoryPrefix);
  const workOf = (names: readonly string[]): string[] => [...new Set(names.filter(isWork))].slice(0, maxFiles);
  const { changed, recent } = readCommitted(paths, snapshot, workOf);
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
): { changed: string[]; recent: string[] } {
  if (head === undefined) return { changed: [], recent: [] };
  const isElsewhere = defaultRef !== undefined && (branch === undefined || branch !== defaultBranch);
  const key = `${head} ${isElsewhere ? (defaultTip ?? '') : ''}`;
  const name = `working-set-v1-${paths.worktreeKey}.json`;
  const cache = readCache(paths, name);
  if (cache['key'] === key && isTexts(cache['changed']) && isTexts(cache['recent']))
    return { changed: cache['changed'], recent: cache['recent'] };
  const changed = isElsewhere ? list(paths, ['diff', '--ignore-submodules=all', `${defaultRef}...${head}`]) : [];
  const recent = list(paths, ['log', '--max-count=5', '--first-parent', '-m', '--format=', head]);
  const found = { changed: workOf(changed ?? []), recent: workOf(recent ?? []) };
  if (changed !== undefined && recent !== undefined) writeCache(paths, name, { key, ...found });
  return found;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Undefined when git fails or times out. */
function list(paths: MemoryPaths, args: readonly string[]): string[] | undefined {
  const shape = ['--name-only', '--no-renames', '-z', ...plainDiff, '--'];
  const { ok, stdout } = runIn(paths, [...args, ...shape], { timeoutMs: 2000 });
  return ok ? stdout.split(/\0\n?/) : undefined;
}
