// Files of the current work, for ranking: at most two processes, without reading file contents; none while HEAD is unchanged.
import type { WorkingSet } from '../../context/rank.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, writeCache } from '../run/cache-file.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn, startIn, type GitOptions } from '../run/runner.ts';
import type { Snapshot } from './snapshot.ts';

const recentCommits = 5;
/** A larger change (reformatting, a vendored tree) is not current work. */
const maxFiles = 500;

export interface WorkingSetOptions extends Pick<GitOptions, 'env'> {
  /** Result of startRecent. */
  recent?: string;
}

/** Git's list of files in the last commits, started before the snapshot is known; used if the snapshot has the same HEAD. */
export type RecentLook = Promise<string>;

const log = [
  'log',
  `--max-count=${recentCommits}`,
  '--first-parent',
  '-m',
  '--name-only',
  '--no-renames',
  '-z',
  ...plainDiff,
  // No path starts with `//`.
  '--format=//%H',
];

export async function startRecent(paths: MemoryPaths): RecentLook {
  return (await startIn(paths, [...log, 'HEAD', '--'], { timeoutMs: 2000 })).stdout;
}

/**
 * Files changed on HEAD's branch since it left the default branch or in the working tree, and files of the last commits; without the
 * memory's own files.
 */
export function readWorkingSet(paths: MemoryPaths, snapshot: Snapshot, options: WorkingSetOptions = {}): WorkingSet {
  const changed = new Set<string>();
  const recent = new Set<string>();
  const add = (files: Set<string>, filePaths: Iterable<string>): void => {
    for (const path of filePaths)
      if (files.size < maxFiles && path !== '' && !path.endsWith('/') && !path.startsWith(snapshot.memoryPrefix))
        files.add(path);
  };
  add(changed, snapshot.dirty);
  const committed = readCommitted(paths, snapshot, options);
  add(changed, committed.changed);
  add(recent, committed.recent);
  const { branch } = snapshot;
  return { changedFiles: changed, recentFiles: recent, ...(branch !== undefined && { branch }) };
}

interface Committed {
  changed: string[];
  recent: string[];
}

/** Files from commits; cached, since only a new HEAD or default branch changes them. */
function readCommitted(paths: MemoryPaths, snapshot: Snapshot, options: WorkingSetOptions): Committed {
  const { head, branch, defaultBranch, defaultRef, defaultTip } = snapshot;
  if (head === undefined) return { changed: [], recent: [] };
  const isElsewhere = defaultRef !== undefined && (branch === undefined || branch !== defaultBranch);
  const key = `${head} ${isElsewhere ? (defaultTip ?? '') : ''}`;
  const name = `working-set-v1-${paths.worktreeKey}.json`;
  const cache = readCache(paths, name);
  if (cache['key'] === key && isTexts(cache['changed']) && isTexts(cache['recent']))
    return { changed: cache['changed'], recent: cache['recent'] };
  const isWork = (path: string): boolean => path !== '' && !path.startsWith(snapshot.memoryPrefix);
  const diff = ['diff', ...plainDiff, '--name-only', '--no-renames', '-z', '--ignore-submodules=all'];
  const changed = isElsewhere ? listOf(paths, [...diff, `${defaultRef}...${head}`, '--'], options) : [];
  const isOfHead = options.recent?.startsWith(`//${head}\0`) === true;
  const recent = isOfHead ? pathsIn(options.recent ?? '') : listOf(paths, [...log, head, '--'], options);
  const found = {
    changed: (changed ?? []).filter(isWork).slice(0, maxFiles),
    recent: [...new Set(recent)].filter(isWork).slice(0, maxFiles),
  };
  if (changed !== undefined && recent !== undefined) writeCache(paths, name, { key, ...found });
  return found;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Undefined when git fails or times out. */
function listOf(paths: MemoryPaths, args: readonly string[], options: Pick<GitOptions, 'env'>): string[] | undefined {
  const { ok, stdout } = runIn(paths, args, { ...options, timeoutMs: 2000 });
  return ok ? pathsIn(stdout) : undefined;
}

function pathsIn(stdout: string): string[] {
  const filePaths = stdout.split('\0').map((path) => (path.startsWith('\n') ? path.slice(1) : path));
  return filePaths.filter((path) => !path.startsWith('//'));
}
