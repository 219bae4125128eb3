// Git directories of a repository, read from git's own files: gitrepository-layout(5) describes `.git` files, `commondir` and `worktrees/`.
import { statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { namesIn, readTextOrEmpty } from './lenient-files.ts';

export interface GitDirs {
  gitDir: string;
  commonDir: string;
  /** `main`, or `wt-<name>` in a linked worktree. */
  worktreeKey: string;
  /** Undefined when the main repository is bare. */
  mainWorktree: string | undefined;
}

/** For the worktree whose top is `folder`; undefined when its `.git` points to a missing folder. */
export function findGitDirs(folder: string): GitDirs | undefined {
  const dotGit = join(folder, '.git');
  const gitDir = isFolder(dotGit) ? dotGit : readGitFile(dotGit, folder);
  if (gitDir === undefined) return undefined;
  const common = readTextOrEmpty(join(gitDir, 'commondir')).trimEnd();
  // Submodules and `--separate-git-dir` have no `commondir`: they are separate repositories with the git dir elsewhere.
  if (common === '') return { gitDir, commonDir: gitDir, worktreeKey: 'main', mainWorktree: folder };
  const commonDir = resolve(gitDir, common);
  if (!isFolder(commonDir)) return undefined;
  return { gitDir, commonDir, worktreeKey: `wt-${basename(gitDir)}`, mainWorktree: findMainWorktree(commonDir) };
}

/** The tops of all worktrees of a repository, the main one first; read from git's own files. */
export function listWorktrees(commonDir: string): string[] {
  const main = findMainWorktree(commonDir);
  const linked = namesIn(join(commonDir, 'worktrees')).flatMap((name) => {
    const dotGit = readTextOrEmpty(join(commonDir, 'worktrees', name, 'gitdir')).trimEnd();
    return dotGit === '' ? [] : [dirname(resolve(commonDir, 'worktrees', name, dotGit))];
  });
  return [...(main === undefined ? [] : [main]), ...linked].filter(isFolder);
}

function readGitFile(file: string, folder: string): string | undefined {
  const text = readTextOrEmpty(file).trimEnd();
  if (!text.startsWith('gitdir: ')) return undefined;
  const gitDir = resolve(folder, text.slice('gitdir: '.length));
  return isFolder(gitDir) ? gitDir : undefined;
}

function findMainWorktree(commonDir: string): string | undefined {
  const core = { ...readCore(join(commonDir, 'config')), ...readCore(join(commonDir, 'config.worktree')) };
  if (/^(?:true|yes|on|1)$/i.test(core['bare'] ?? '')) return undefined;
  if (core['worktree'] !== undefined) return resolve(commonDir, core['worktree']);
  return basename(commonDir) === '.git' ? dirname(commonDir) : undefined;
}

/** Reads `bare` and `worktree` of git's `[core]` without running git. Includes and continuations are not followed. */
function readCore(file: string): Partial<Record<string, string>> {
  const found: Record<string, string> = {};
  let section = '';
  for (const line of readTextOrEmpty(file).split('\n')) {
    section = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim().toLowerCase() ?? section;
    const [, name = '', value = 'true'] = /(?:^|\])\s*(bare|worktree)\s*(?:=\s*(.*?))?\s*$/i.exec(line) ?? [];
    if (section === 'core' && name !== '') found[name.toLowerCase()] = value.replace(/^"(.*)"$/, '$1');
  }
  return found;
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
