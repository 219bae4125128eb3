// Removes what is no longer needed beside the git dir. Runs outside of hooks.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { namesIn, removeOld } from './lenient-files.ts';

/** Days without a write after which a file, or a session's folder, is removed. Caches are rebuilt when needed. */
const keptDays = { cache: 90, sessions: 30, told: 30, answered: 1 };
/** Kind, version, worktree. */
const cacheName = /^[a-z-]+-v\d+-wt-(.+)\.[a-z]+$/;

export function sweepPrivateDir({ commonDir, privateDir }: MemoryPaths, now: Date): void {
  for (const [folder, days] of Object.entries(keptDays)) removeOld(join(privateDir, folder), days, now);
  for (const name of namesIn(join(privateDir, 'cache'))) {
    const worktree = cacheName.exec(name)?.[1];
    if (worktree !== undefined && !existsSync(join(commonDir ?? '', 'worktrees', worktree)))
      rmSync(join(privateDir, 'cache', name), { force: true });
  }
}
