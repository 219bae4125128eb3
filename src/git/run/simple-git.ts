// simple-git, loaded on demand and hardened like runner.ts: for diffs in commands. Hooks, commits and `why` use runner.ts, because a
// user waits for them.
import type { SimpleGit } from 'simple-git';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { hardConfig } from './harden.ts';
import { ownFiltersOff, variablesOf, type GitOptions } from './runner.ts';

export type OpenOptions = Pick<GitOptions, 'env' | 'isInsideHook' | 'timeoutMs'>;

/** simple-git treats our settings as unsafe because they could run code; each of ours switches such a feature off. */
const allowed = {
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
  allowUnsafeAskPass: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeFilter: true,
  allowUnsafeConfigPaths: true,
};

/**
 * Git at the top of the working tree. Throws RepomemError `no-repository` without git. Callers pass fixed arguments, and paths only
 * after `--`; git errors come out of runCommand as RepomemError `git`.
 */
export async function openGit(paths: MemoryPaths, options: OpenOptions = {}): Promise<SimpleGit> {
  if (paths.worktree === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`);
  const { simpleGit } = await import('simple-git');
  const variables = {
    ...variablesOf(options),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
  };
  const git = simpleGit({
    baseDir: paths.worktree,
    maxConcurrentProcesses: 1,
    config: [...hardConfig, ...ownFiltersOff(paths, options)],
    timeout: { block: options.timeoutMs ?? 30_000 },
    unsafe: allowed,
    allowEnvironment: Object.keys(variables),
  });
  return git.env(variables);
}

/** Output of one git command. Throws RepomemError `git` with the first line of git's message. */
export async function runCommand(
  paths: MemoryPaths,
  args: readonly string[],
  options: OpenOptions = {},
): Promise<string> {
  const git = await openGit(paths, options);
  try {
    return await git.raw([...args]);
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split('\n')[0] : String(error);
    throw new RepomemError('git', `git ${args[0] ?? ''}: ${said ?? ''}`, { cause: error });
  }
}
