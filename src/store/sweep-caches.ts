// Removes unused caches: those of removed worktrees, and those that nothing wrote for long, as of older versions of repomem.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';

const keptDays = 90;
/** Kind, version, worktree. */
const cacheName = /^[a-z-]+-v\d+-wt-(.+)\.[a-z]+$/;

/** Runs outside of hooks. Also removes caches not written for 90 days; they are rebuilt when needed. */
export function sweepCaches({ commonDir, privateDir }: MemoryPaths, now: Date): void {
  const folder = join(privateDir, 'cache');
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const worktree = cacheName.exec(name)?.[1];
    try {
      const file = join(folder, name);
      const isOrphan = worktree !== undefined && !existsSync(join(commonDir ?? '', 'worktrees', worktree));
      if (isOrphan || now.getTime() - statSync(file).mtimeMs > keptDays * 86_400_000) rmSync(file, { force: true });
    } catch {
      // Already removed by another compressor.
    }
  }
}
