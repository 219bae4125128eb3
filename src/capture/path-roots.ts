// Roots under which files of this working tree may be named: its own path, the repository's other worktrees, and paths through links
// or in another Unicode form.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { PathRoots } from '../agents/event-paths.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { listWorktrees } from '../store/git-dirs.ts';

export function pathRootsOf(paths: MemoryPaths, home: string): PathRoots {
  const worktree = paths.worktree ?? paths.root;
  const others = paths.commonDir === undefined ? [] : listWorktrees(paths.commonDir);
  return { worktree, home, worktrees: others.filter((other) => other !== worktree), resolve: resolvePath };
}

/** The real path in its existing Unicode form; for a missing file, based on that of its folder. */
function resolvePath(path: string): string {
  const spelled = [path, path.normalize('NFC'), path.normalize('NFD')].find((one) => existsSync(one));
  if (spelled === undefined) {
    const folder = dirname(path);
    return folder === path ? path : join(resolvePath(folder), basename(path)).normalize('NFC');
  }
  return attempt(() => realpathSync(spelled)) ?? spelled;
}
