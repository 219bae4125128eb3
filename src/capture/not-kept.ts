// Counts events that could not be stored (spool or disk full or read-only), to tell the user. If the git dir is not writable, each
// event is a line in the user's cache folder; bin/repomem-capture.sh counts in the same way.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, readTextOrEmpty } from '../store/lenient-files.ts';
import { countDropped, takeDropped } from './spool.ts';

type Place = Pick<MemoryPaths, 'spoolDir' | 'privateDir'>;

/** Never throws. */
export function noteNotKept(env: Env, { spoolDir, privateDir }: Place): void {
  if (!appendPrivate(join(spoolDir, 'dropped'), '.')) appendPrivate(lostFile(env), `${privateDir}\n`);
}

export function countNotKept(env: Env, paths: Place): number {
  return countDropped(paths) + readLost(env).filter((line) => line === paths.privateDir).length;
}

/** Returns the count and resets it. Never throws; if it cannot be reset, it is counted again. */
export function takeNotKept(env: Env, paths: Place): number {
  const lines = readLost(env);
  const others = lines.filter((line) => line !== paths.privateDir);
  const count = lines.length - others.length;
  const rest = others.map((line) => `${line}\n`).join('');
  if (count > 0) attempt(() => writeFileSync(lostFile(env), rest, { mode: 0o600 }));
  return count + (attempt(() => takeDropped(paths)) ?? 0);
}

/** A private folder a line, once for each event. */
function readLost(env: Env): string[] {
  return readTextOrEmpty(lostFile(env)).split('\n').filter(Boolean);
}

function lostFile({ vars, home }: Env): string {
  return join(vars['XDG_CACHE_HOME'] || join(home, '.cache'), 'repomem', 'lost');
}
