// Creates and removes a repository's memory; at session start in a repository without one, creates it if auto-init is on, else tells the user once
// how to start.
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { userFolder } from '../settings/user-folder.ts';
import { makeMark } from '../store/lenient-files.ts';
import { findMemory, findWorktree, placeFor, sessionFolders } from '../store/locate.ts';
import { programName } from './machine.ts';
import { attempt, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runGit } from '../git/run/runner.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { findGitDirs } from '../store/git-dirs.ts';
import { forgetRepository, rememberRepository } from '../store/known-repositories.ts';
import { scaffoldMemory, unscaffoldMemory } from '../store/scaffold.ts';

/**
 * The folder for the memory: an existing memory's, else the top of the working tree, else (without git) the working directory.
 * Throws RepomemError `no-repository` or `usage` where no memory is possible.
 */
export function findInitRoot(env: Env): string {
  if (env.cwd === '')
    throw new RepomemError('usage', 'the working directory is gone', {
      hint: 'go to a repository, then: repomem init',
    });
  const cwd = realpathSync(env.cwd);
  refuseHome(cwd, env.home);
  const paths = findMemory([cwd], env.home);
  if (paths) return paths.root;
  const top = findWorktree(cwd, env.home);
  if (top !== undefined && findGitDirs(top) === undefined)
    throw new RepomemError('no-repository', `${join(top, '.git')}: it leads to no repository`, {
      hint: 'git status says more; git worktree repair or git submodule update may mend it',
    });
  const absent = top === undefined ? undefined : findAbsentMemory(top);
  if (absent === 'sparse' || absent === 'link')
    throw new RepomemError('usage', `${top}: ${absentMemories[absent].what}`, { hint: absentMemories[absent].cure });
  // `repo.git`, a `.git` folder, or a `.git` file that leads to a bare repository.
  if (/true/.test(runGit(cwd, ['rev-parse', '--is-inside-git-dir', '--is-bare-repository']).stdout))
    throw new RepomemError('no-repository', `${cwd}: a bare repository has no working tree for a memory`, {
      hint: 'go to a clone or a worktree of it (git worktree add), then: repomem init',
    });
  return top ?? cwd;
}

/**
 * Creates or completes `.claude-mem/` in `root`, and adds the repository to the user's list. Idempotent. `written`: relative to `root`; empty when
 * the memory was complete.
 */
export function initRepository(env: Env, root: string): { paths: MemoryPaths; written: string[] } {
  refuseHome(root, env.home);
  const { written } = scaffoldMemory(root);
  // The list is optional: an unwritable home does not prevent a memory.
  attempt(() => rememberRepository(userFolder(env), root, env.now()));
  return { paths: placeFor(root, env.home), written };
}

/** Removes the files written by initRepository. Records are kept unless `forgetMemories`. */
export function undoInit(
  env: Env,
  paths: MemoryPaths,
  options: { forgetMemories: boolean },
): { removed: string[]; kept: string[] } {
  const report = unscaffoldMemory(paths, { alsoRecords: options.forgetMemories });
  // Waiting events, caches and the ledger are useless without the records.
  if (options.forgetMemories) rmSync(paths.privateDir, { recursive: true, force: true });
  forgetRepository(userFolder(env), paths.root);
  return report;
}

/** Sets the flag file that bin/repomem-hook.sh checks: with it, a session creates a memory in every repository without one. */
export function setAutoInit(env: Env, isOn: boolean): void {
  const flag = join(userFolder(env), 'auto-init');
  if (isOn) writeFileAtomic(flag, '', { dirMode: 0o700, fsync: false });
  else rmSync(flag, { force: true });
}

function refuseHome(folder: string, home: string): void {
  const real = attempt(() => realpathSync(folder)) ?? folder;
  const isHome = home !== '' && (folder === resolve(home) || real === attempt(() => realpathSync(home)));
  if (!isHome && dirname(folder) !== folder) return;
  const what = isHome
    ? 'the home folder gets no memory; expected a repository in it'
    : 'the root of the disk gets no memory; expected a repository';
  throw new RepomemError('usage', `${folder}: ${what}`, { hint: 'go to a repository, then: repomem init' });
}

/** A line for the user, never for the model; undefined when there is nothing to say. */
export function welcomeUser(env: Env, cwd: string): string | undefined {
  const tops = sessionFolders([env.cwd, cwd], env.vars).map((start) => findWorktree(start, env.home));
  const top = tops.find((found) => found !== undefined);
  if (top === undefined) return undefined;
  const { commonDir, privateDir } = placeFor(top, env.home);
  if (commonDir === undefined) return undefined;
  const absent = findAbsentMemory(top);
  if (absent === undefined && existsSync(join(userFolder(env), 'auto-init'))) {
    const { written } = initRepository(env, top);
    const text = 'repomem: this repository now has a memory (.claude-mem/); repomem init --undo takes it away.';
    return written.length > 0 ? text : undefined;
  }
  // The mark first: never showing the hint is better than showing it twice.
  if (!makeMark(join(privateDir, 'hinted'))) return undefined;
  const what =
    absent === undefined
      ? `this repository has no memory yet. /repomem:init gives it one (or: ${programName(env)} init)`
      : `${absentMemories[absent].what}. ${absentMemories[absent].cure}`;
  return `repomem: ${what}. Said once.`;
}
