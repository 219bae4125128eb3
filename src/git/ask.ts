// One question to git while we do other work; what it refuses is an error.
import { RepomemError } from '../domain/errors.ts';
import type { Place } from '../domain/place.ts';
import type { OpenOptions } from './open.ts';
import { startIn } from './run.ts';

/** The output of one git command. Throws RepomemError `no-repository` without git, `git` with git's own first line. */
export async function askGit(place: Place, args: readonly string[], options: OpenOptions = {}): Promise<string> {
  if (place.worktree === undefined)
    throw new RepomemError('no-repository', `${place.root}: expected a git repository; found none`);
  const { ok, stdout, stderr } = await startIn(place, args, { timeoutMs: 30_000, ...options });
  if (!ok) throw new RepomemError('git', `git ${args[0] ?? ''}: ${stderr.trim().split('\n')[0] ?? ''}`);
  return stdout;
}
