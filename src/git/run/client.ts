// simple-git, loaded when a command needs it and hardened as run.ts is: for differences that a command asks for. Whatever a hook, a commit
// or `why` waits for goes through run.ts.
import type { SimpleGit } from 'simple-git';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { hardConfig } from './harden.ts';
import { ownFiltersOff, variablesOf, type GitOptions } from './runner.ts';

export type OpenOptions = Pick<GitOptions, 'env' | 'isInsideHook' | 'timeoutMs'>;

/** Our own settings are on simple-git's list of what could run code: each of ours switches one off. */
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
 * Git at the top of the working tree. Throws RepomemError `no-repository` without git. Callers give fixed arguments, and paths behind `--`
 * only; what git refuses comes out of runCommand as RepomemError `git`.
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

/** The output of one git command. Throws RepomemError `git` with git's own first line. */
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
