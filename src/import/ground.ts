// The repository as a source sees it: its folders, its name, and how a foreign path becomes one of its own.
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { Memory } from '../memory/open.ts';
import { listWorktrees } from '../store/git-dirs.ts';

export interface Ground {
  memory: Memory;
  env: Env;
  /** Top of the working tree at hand. */
  top: string;
  /** Tops of all worktrees, removed ones too, and former places that were named; longest first. */
  roots: string[];
  /** The base name of the main worktree: what other tools call this repository. */
  name: string;
  /** A file, folder or database that the person named. */
  from?: string;
}

export interface GroundOptions {
  from?: string;
  /** Former folders of this repository. */
  also?: readonly string[];
}

export function readGround(memory: Memory, { from, also = [] }: GroundOptions = {}): Ground {
  const { env, paths } = memory;
  const top = paths.worktree ?? paths.root;
  const worktrees = paths.commonDir === undefined ? [] : listWorktrees(paths.commonDir);
  const all = [top, ...worktrees, ...removedWorktrees(paths.commonDir), ...also.map((one) => resolve(env.cwd, one))];
  const roots = [...new Set(all.flatMap((root) => [root, realOf(root)]))].sort((a, b) => b.length - a.length);
  return {
    memory,
    env,
    top,
    roots,
    name: basename(worktrees[0] ?? top),
    ...(from !== undefined && { from: resolve(env.cwd, expandHome(from, env.home)) }),
  };
}

/** Worktrees whose folder is gone and that git has not pruned yet. */
function removedWorktrees(commonDir: string | undefined): string[] {
  if (commonDir === undefined) return [];
  try {
    return readdirSync(join(commonDir, 'worktrees')).flatMap((name) => {
      const dotGit = readFileSync(join(commonDir, 'worktrees', name, 'gitdir'), 'utf8').trim();
      return isAbsolute(dotGit) ? [dirname(dotGit)] : [];
    });
  } catch {
    return [];
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}

/** `path` (absolute, forward slashes) below `root`: what is left of it; '' for the root itself. */
export function below(path: string, root: string): string | undefined {
  if (path === root) return '';
  return path.startsWith(root.endsWith('/') ? root : `${root}/`)
    ? path.slice(root.length).replace(/^\/+/, '')
    : undefined;
}

export function isInside(ground: Pick<Ground, 'roots'>, folder: string): boolean {
  return ground.roots.some((root) => below(folder, root) !== undefined);
}

/** Whether an existing folder that is none of ours claims what was done in it. */
export function isElsewhere(ground: Pick<Ground, 'roots'>, folder: string): boolean {
  return !isInside(ground, folder) && existsSync(folder);
}

/**
 * A path of another tool, relative to the top. A former folder of the repository is known by a part of the path that is called like it (or like
 * one of `names`). Undefined for what lies elsewhere.
 */
export function ownPath(ground: Ground, path: string, names: readonly string[] = []): string | undefined {
  const slashed = path
    .trim()
    .replaceAll('\\', '/')
    .replace(/^file:\/\//, '');
  if (slashed === '' || slashed.includes('\0') || /[\r\n]/.test(slashed) || slashed.length > 1024) return undefined;
  if (!slashed.startsWith('/') && !/^[A-Za-z]:\//.test(slashed))
    return slashed.startsWith('~') || slashed.split('/').includes('..') ? undefined : slashed.replace(/^(?:\.\/)+/, '');
  for (const root of ground.roots) {
    const inside = below(slashed, root);
    if (inside !== undefined) return inside === '' ? undefined : inside;
  }
  for (const name of [...names, ground.name]) {
    const at = slashed.indexOf(`/${name}/`);
    if (at >= 0)
      return isElsewhere(ground, slashed.slice(0, at + name.length + 1))
        ? undefined
        : slashed.slice(at + name.length + 2);
  }
  return undefined;
}
