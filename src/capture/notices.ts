// Small notes for people: events that could not be stored (disk full or read-only; without a writable git dir each is a line in the user's cache
// folder; bin/repomem-capture.sh counts in the same way), new shared records, the time of each host's last event.
import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, readTextOrEmpty, takeJsonLines, writePrivate } from '../store/lenient-files.ts';
import type { Env } from '../domain/env.ts';
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
  if (count > 0) writePrivate(lostFile(env), rest);
  return count + takeDropped(paths);
}

/** A private folder a line, once for each event. */
function readLost(env: Env): string[] {
  return readTextOrEmpty(lostFile(env)).split('\n').filter(Boolean);
}

function lostFile({ vars, home }: Env): string {
  return join(vars['XDG_CACHE_HOME'] || join(home, '.cache'), 'repomem', 'lost');
}

export interface News {
  title: string;
  /** Absolute. */
  path: string;
}

const fileOf = (paths: Pick<MemoryPaths, 'privateDir'>): string => join(paths.privateDir, 'news.jsonl');

/** Never throws: if the disk refuses the write, the user is not told. */
export function noteNews(paths: Pick<MemoryPaths, 'privateDir'>, news: readonly News[]): void {
  const lines = news.map(({ title, path }) => `${JSON.stringify({ title, path })}\n`);
  if (lines.length > 0) appendPrivate(fileOf(paths), lines.join(''));
}

/** Returns and removes the stored records whose files still exist, one per path. Never throws. */
export function takeNews(paths: Pick<MemoryPaths, 'privateDir'>): News[] {
  return takeJsonLines<News>(fileOf(paths)).filter(({ path }) => existsSync(path));
}

const seenFile = (paths: MemoryPaths, host: string): string => join(paths.privateDir, 'hosts', host);

/** `at` is ISO 8601. Ignores write errors. */
export function noteSeen(paths: MemoryPaths, host: string, at: string): void {
  const file = seenFile(paths, host);
  if (appendPrivate(file, '')) attempt(() => utimesSync(file, new Date(at), new Date(at)));
}

export function lastSeen(paths: MemoryPaths, host: string): string | undefined {
  const stat = statSync(seenFile(paths, host), { throwIfNoEntry: false });
  return stat && new Date(stat.mtimeMs).toISOString();
}
