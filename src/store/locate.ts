// Finds the memory of a working directory with a few file-system calls and no git process. bin/repomem-capture.sh uses the same algorithm.
import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { findGitDirs, isFolder } from './git-dirs.ts';

export const memoryDirName = '.claude-mem';
export const settingsName = 'settings.yaml';

/**
 * The nearest memory at or above the first of `starts` (absolute paths, in order of preference) that has one: up to and including
 * the first folder with `.git`, never at `home` or the root. Undefined where the user has not set up a memory. Starts that are no
 * longer folders are skipped; all paths are real paths.
 */
export function findMemory(starts: readonly string[], home: string): MemoryPaths | undefined {
  const homes = homesOf(home);
  for (const start of starts) {
    const real = isAbsolute(start) ? realPathOf(start) : undefined;
    if (real === undefined) continue;
    for (const folder of walkUp(real, homes)) {
      if (hasMemory(folder)) return pathsOf(folder, homes);
      if (hasGit(folder)) break;
    }
  }
  return undefined;
}

/** Folders from which a command searches for the memory: the working directory first, then the hosts' variables. */
export function startFolders(cwd: string, vars: Readonly<Record<string, string | undefined>>): string[] {
  return [cwd, ...toldFolders(vars)].filter((folder) => folder !== '');
}

/**
 * Folders from which a hook searches for the memory: the session's project from the host's variable, regardless of the agent's
 * current directory; otherwise our working directory, then the payload's. The shell guards use the same order.
 */
export function sessionFolders(
  cwds: readonly string[],
  vars: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const told = toldFolders(vars).find((folder) => isAbsolute(folder) && isFolder(folder));
  return told === undefined ? cwds : [told];
}

function toldFolders(vars: Readonly<Record<string, string | undefined>>): string[] {
  return ['CLAUDE_PROJECT_DIR', 'GEMINI_PROJECT_DIR', 'CURSOR_PROJECT_DIR'].map((name) => vars[name] ?? '');
}

/** The paths that a memory in `root` has or will have: for `init`, before any of its files exist. */
export function placeFor(root: string, home: string): MemoryPaths {
  return pathsOf(realPathOf(root) ?? resolve(root), homesOf(home));
}

/** The top of the working tree that holds `start`; undefined outside git. The walk never enters `home` or the root. */
export function findWorktree(start: string, home: string): string | undefined {
  for (const folder of walkUp(realPathOf(start) ?? resolve(start), homesOf(home))) if (hasGit(folder)) return folder;
  return undefined;
}

function pathsOf(root: string, homes: readonly string[]): MemoryPaths {
  const memoryDir = join(root, memoryDirName);
  for (const folder of walkUp(root, homes)) {
    if (!hasGit(folder)) continue;
    const dirs = findGitDirs(folder);
    if (dirs === undefined) break;
    const privateDir = join(dirs.commonDir, 'repomem');
    const inside = relative(folder, root);
    return {
      root,
      memoryDir,
      worktree: folder,
      gitDir: dirs.gitDir,
      commonDir: dirs.commonDir,
      worktreeKey: dirs.worktreeKey,
      // `git worktree remove` deletes ignored files without warning, so local records are kept in the main worktree.
      localDir:
        dirs.mainWorktree === undefined
          ? join(privateDir, 'local', inside)
          : join(dirs.mainWorktree, inside, memoryDirName, 'local'),
      privateDir,
      spoolDir: join(privateDir, 'spool', dirs.worktreeKey),
    };
  }
  const localDir = join(memoryDir, 'local');
  const privateDir = join(localDir, '.repomem');
  return { root, memoryDir, worktreeKey: 'main', localDir, privateDir, spoolDir: join(privateDir, 'spool', 'main') };
}

function* walkUp(start: string, homes: readonly string[]): Generator<string> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (homes.includes(folder) || dirname(folder) === folder) return;
    yield folder;
  }
}

function homesOf(home: string): string[] {
  return home === '' ? [] : [resolve(home), realPathOf(home) ?? home];
}

function realPathOf(path: string): string | undefined {
  return attempt(() => realpathSync(path));
}

function hasMemory(folder: string): boolean {
  const statOf = (...names: string[]) => attempt(() => lstatSync(join(folder, memoryDirName, ...names)));
  return statOf(settingsName)?.isFile() === true && statOf()?.isDirectory() === true;
}

function hasGit(folder: string): boolean {
  return attempt(() => lstatSync(join(folder, '.git'))) !== undefined;
}
