// Git commands of which a failure is an error. `askGit` runs git directly, for answers that a user waits for; `runCommand` loads
// simple-git, hardened like runner.ts, for diffs in commands.
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { hardConfig } from './harden.ts';
import { ownFiltersOff, startIn, variablesOf } from './runner.ts';

const timeoutMs = 30_000;

/** Output of one git command. Throws RepomemError `no-repository` without git, `git` with the first line of git's message. */
export async function askGit(paths: MemoryPaths, args: readonly string[]): Promise<string> {
  requireWorktree(paths);
  const { ok, stdout, stderr } = await startIn(paths, args, { timeoutMs });
  if (!ok) throw gitError(args, stderr);
  return stdout;
}

/** As askGit. Callers pass fixed arguments, and paths only after `--`. */
export async function runCommand(paths: MemoryPaths, args: readonly string[]): Promise<string> {
  const baseDir = requireWorktree(paths);
  const { simpleGit } = await import('simple-git');
  const variables = { ...variablesOf(), GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0' };
  const git = simpleGit({
    baseDir,
    maxConcurrentProcesses: 1,
    config: [...hardConfig, ...ownFiltersOff(paths)],
    timeout: { block: timeoutMs },
    unsafe: allowed,
    allowEnvironment: Object.keys(variables),
  });
  try {
    return await git.env(variables).raw([...args]);
  } catch (error) {
    throw gitError(args, error instanceof Error ? error.message : String(error), error);
  }
}

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

function requireWorktree({ root, worktree }: MemoryPaths): string {
  if (worktree !== undefined) return worktree;
  throw new RepomemError('no-repository', `${root}: expected a git repository; found none`);
}

function gitError(args: readonly string[], message: string, cause?: unknown): RepomemError {
  return new RepomemError('git', `git ${args[0] ?? ''}: ${message.trim().split('\n')[0] ?? ''}`, { cause });
}
