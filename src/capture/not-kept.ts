// Counts events that could not be stored (spool or disk full or read-only), to tell the user. If the git dir is not writable, each
// event is a line in the user's cache folder; bin/repomem-capture.sh counts in the same way.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { countDropped, takeDropped } from './spool.ts';

type Place = Pick<MemoryPaths, 'spoolDir' | 'privateDir'>;

/** Never throws. */
export function noteNotKept(env: Env, { spoolDir, privateDir }: Place): void {
  try {
    appendFileSync(join(spoolDir, 'dropped'), '.', { mode: 0o600 });
  } catch {
    try {
      mkdirSync(cacheFolder(env), { recursive: true, mode: 0o700 });
      appendFileSync(lostFile(env), `${privateDir}\n`, { mode: 0o600 });
    } catch {
      // Nothing is writable.
    }
  }
}

export function countNotKept(env: Env, paths: Place): number {
  return countDropped(paths) + readLost(env).filter((line) => line === paths.privateDir).length;
}

/** Returns the count and resets it. Never throws; if it cannot be reset, it is counted again. */
export function takeNotKept(env: Env, paths: Place): number {
  const lines = readLost(env);
  const others = lines.filter((line) => line !== paths.privateDir);
  let count = lines.length - others.length;
  try {
    if (count > 0) writeFileSync(lostFile(env), others.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    count += takeDropped(paths);
  } catch {
    // Still read-only.
  }
  return count;
}

function readLost(env: Env): string[] {
  try {
    return readFileSync(lostFile(env), 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

const lostFile = (env: Env): string => join(cacheFolder(env), 'lost');

function cacheFolder({ vars, home }: Env): string {
  return join(vars['XDG_CACHE_HOME'] || join(home, '.cache'), 'repomem');
}
