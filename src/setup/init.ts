// Creates and removes a repository's memory.
import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError, type ErrorCode } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { findGitDirs } from '../store/git-dirs.ts';
import { forgetRepository, rememberRepository } from '../store/known-repositories.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';
import { findMemory, findWorktree, placeFor } from '../store/locate.ts';
import { scaffoldMemory, unscaffoldMemory } from '../store/scaffold.ts';
import { userFolder } from '../settings/user-folder.ts';

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
  if (top !== undefined && findAbsentMemory(top) === 'sparse')
    throw new RepomemError('usage', `${top}: ${absentMemories.sparse.what}`, { hint: absentMemories.sparse.cure });
  if (top === undefined || isBareTop(top)) refuseGitFolder(cwd, top !== undefined);
  return top ?? cwd;
}

/**
 * Creates or completes `.claude-mem/` in `root`, and adds the repository to the user's list. Idempotent. `written`: relative to `root`; empty when
 * the memory was complete.
 */
export function initRepository(env: Env, root: string): { paths: MemoryPaths; written: string[] } {
  refuseHome(root, env.home);
  try {
    const { written } = scaffoldMemory(root);
    const paths = placeFor(root, env.home);
    try {
      rememberRepository(userFolder(env), root, env.now());
    } catch {
      // The list is optional: an unwritable home does not prevent a memory.
    }
    return { paths, written };
  } catch (error) {
    throw explainWrite(error, root);
  }
}

/** Removes the files written by initRepository. Records are kept unless `forgetMemories`. */
export function undoInit(
  env: Env,
  paths: MemoryPaths,
  options: { forgetMemories: boolean },
): { removed: string[]; kept: string[] } {
  try {
    const report = unscaffoldMemory(paths, { alsoRecords: options.forgetMemories });
    // Waiting events, caches and the ledger are useless without the records.
    if (options.forgetMemories) rmSync(paths.privateDir, { recursive: true, force: true });
    forgetRepository(userFolder(env), paths.root);
    return report;
  } catch (error) {
    throw explainWrite(error, paths.root);
  }
}

/** Sets the flag file that bin/repomem-hook.sh checks: with it, a session creates a memory in every repository without one. */
export function setAutoInit(env: Env, isOn: boolean): void {
  const flag = join(userFolder(env), 'auto-init');
  if (isOn) writeFileAtomic(flag, '', { dirMode: 0o700, fsync: false });
  else rmSync(flag, { force: true });
}

function refuseHome(folder: string, home: string): void {
  const isHome = home !== '' && (folder === resolve(home) || isSameFolder(folder, home));
  if (!isHome && dirname(folder) !== folder) return;
  const what = isHome
    ? 'the home folder gets no memory; expected a repository in it'
    : 'the root of the disk gets no memory; expected a repository';
  throw new RepomemError('usage', `${folder}: ${what}`, { hint: 'go to a repository, then: repomem init' });
}

function isSameFolder(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}

/** Whether the folder has a `.git` file that points to a bare repository. */
function isBareTop(top: string): boolean {
  const dirs = findGitDirs(top);
  if (dirs === undefined || dirs.gitDir !== dirs.commonDir) return false;
  return (
    dirs.mainWorktree === undefined || /^\s*bare\s*=\s*true\s*$/m.test(readTextOrEmpty(join(dirs.gitDir, 'config')))
  );
}

/** Throws inside `repo.git` or a `.git` folder: there is no working tree for the files. */
function refuseGitFolder(cwd: string, isBare: boolean): void {
  const found = isBare ? cwd : findGitFolder(cwd);
  if (found === undefined) return;
  throw new RepomemError('no-repository', `${found}: a bare repository has no working tree for a memory`, {
    hint: 'go to a clone or a worktree of it (git worktree add), then: repomem init',
  });
}

/** The nearest folder from `cwd` upwards that looks like one of git's own. */
function findGitFolder(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const stats = ['HEAD', 'config', 'objects', 'refs'].map((name) =>
      lstatSync(join(folder, name), { throwIfNoEntry: false }),
    );
    const [head, config, objects, refs] = stats;
    if (head && config?.isFile() && objects?.isDirectory() && refs?.isDirectory()) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function explainWrite(error: unknown, root: string): unknown {
  const code = codeOf(error) ?? '';
  const failure = (kind: ErrorCode, message: string, hint: string): RepomemError =>
    new RepomemError(kind, message, { hint, cause: error });
  if (['EACCES', 'EROFS', 'EPERM'].includes(code))
    return failure(
      'read-only',
      `${root}: cannot be written (${code})`,
      'a memory needs a folder that you may write to',
    );
  if (['ENOSPC', 'EDQUOT'].includes(code))
    return failure('read-only', `${root}: the disk is full`, 'make room and try again');
  if (['ENOTDIR', 'EEXIST'].includes(code))
    return failure(
      'usage',
      `${join(root, '.claude-mem')}: expected a folder; got a file`,
      'move it away and try again',
    );
  return error;
}
