// Runs one git command asynchronously; failures are errors.
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { OpenOptions } from './simple-git.ts';
import { startIn } from './runner.ts';

/** Output of one git command. Throws RepomemError `no-repository` without git, `git` with the first line of git's message. */
export async function askGit(paths: MemoryPaths, args: readonly string[], options: OpenOptions = {}): Promise<string> {
  if (paths.worktree === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`);
  const { ok, stdout, stderr } = await startIn(paths, args, { timeoutMs: 30_000, ...options });
  if (!ok) throw new RepomemError('git', `git ${args[0] ?? ''}: ${stderr.trim().split('\n')[0] ?? ''}`);
  return stdout;
}
