// A linked worktree's HEAD, stored beside its spool: events left there when the worktree is removed still have a branch.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';

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
  attempt(() => {
    mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
    writeFileSync(join(spoolDir, name), head, { mode: 0o600 });
  });
}

/** Empty when nothing valid was stored. */
export function readNotedHead(spoolDir: string): NotedHead {
  const text = readTextOrEmpty(join(spoolDir, name)).trim();
  const [, branch] = /^ref: refs\/heads\/(\S+)$/.exec(text) ?? [];
  // With reftable, the HEAD file holds `.invalid` instead of a branch.
  if (branch !== undefined) return branch === '.invalid' ? {} : { branch };
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? { head: text } : {};
}
