// Files of the current work, for ranking: at most two processes, without reading file contents.
import type { WorkingSet } from '../../context/rank.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
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
  const { head, defaultBranch, defaultRef } = snapshot;
  const isElsewhere = defaultRef !== undefined && (branch === undefined || branch !== defaultBranch);
  const since = ['diff', '--ignore-submodules=all', `${defaultRef}...${head}`, ...shape];
  const changed = head !== undefined && isElsewhere ? list(paths, since) : [];
  const isAsked = asked.startsWith(`//${head}\0`);
  const recent = isAsked ? pathsIn(asked) : head === undefined ? [] : list(paths, recentOf(head));
  return {
    changedFiles: new Set(workOf([...snapshot.dirty, ...changed])),
    recentFiles: new Set(workOf(recent)),
    ...(branch !== undefined && { branch }),
  };
}

/** Empty when git fails or times out. */
function list(paths: MemoryPaths, args: readonly string[]): string[] {
  return pathsIn(runIn(paths, args, { timeoutMs }).stdout);
}

function pathsIn(stdout: string): string[] {
  return stdout.split(/\0\n?/);
}
