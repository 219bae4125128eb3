// The names by which files of this working tree may be spoken of: its own path, those of the repository's other worktrees, and paths that
// lead there through links or are written in another form of Unicode.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { PathRoots } from '../agents/paths.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { listWorktrees } from '../store/git-dirs.ts';

export function pathRootsOf(paths: MemoryPaths, home: string): PathRoots {
  const worktree = paths.worktree ?? paths.root;
  const others = paths.commonDir === undefined ? [] : listWorktrees(paths.commonDir);
  return { worktree, home, worktrees: others.filter((other) => other !== worktree), resolve: resolvePath };
}

/** The real path; of a file that is gone that of its folder. In the form of Unicode in which it exists. */
function resolvePath(path: string): string {
  const spelled = [path, path.normalize('NFC'), path.normalize('NFD')].find((one) => existsSync(one));
  if (spelled === undefined) {
    const folder = dirname(path);
    return folder === path ? path : join(resolvePath(folder), basename(path)).normalize('NFC');
  }
  try {
    return realpathSync(spelled);
  } catch {
    return spelled;
  }
}
