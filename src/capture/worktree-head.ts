// A linked worktree's HEAD, stored beside its spool: events left there when the worktree is removed still have a branch.
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readTextOrEmpty, writePrivate } from '../store/lenient-files.ts';

export interface NotedHead {
  branch?: string;
  /** Full commit id, when detached. */
  head?: string;
}

const name = 'head';

/** For hooks: two small reads, and a write if it changed. Never throws: without it, only the branch is unknown. */
export function noteHead({ gitDir, spoolDir, worktreeKey }: MemoryPaths): void {
  if (gitDir === undefined || worktreeKey === 'main') return;
  const head = readTextOrEmpty(join(gitDir, 'HEAD')).slice(0, 1024);
  if (head === '' || head === readTextOrEmpty(join(spoolDir, name))) return;
  writePrivate(join(spoolDir, name), head);
}

/** Empty when nothing valid was stored. */
export function readNotedHead(spoolDir: string): NotedHead {
  const text = readTextOrEmpty(join(spoolDir, name)).trim();
  const [, branch] = /^ref: refs\/heads\/(\S+)$/.exec(text) ?? [];
  // With reftable, the HEAD file holds `.invalid` instead of a branch.
  if (branch !== undefined) return branch === '.invalid' ? {} : { branch };
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? { head: text } : {};
}
