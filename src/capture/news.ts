// New shared records of a session, stored until the user is told: the compressor runs in the background.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';

export interface News {
  title: string;
  /** Absolute. */
  path: string;
}

const fileOf = (paths: Pick<MemoryPaths, 'privateDir'>): string => join(paths.privateDir, 'news.jsonl');

/** Never throws: if the disk refuses the write, the user is not told. */
export function noteNews(paths: Pick<MemoryPaths, 'privateDir'>, news: readonly News[]): void {
  if (news.length === 0) return;
  try {
    mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
    const lines = news.map(({ title, path }) => `${JSON.stringify({ title, path })}\n`);
    appendFileSync(fileOf(paths), lines.join(''), { mode: 0o600 });
  } catch {
    // Read-only or full.
  }
}

/** Returns and removes the stored records whose files still exist, one per path. Never throws. */
export function takeNews(paths: Pick<MemoryPaths, 'privateDir'>): News[] {
  const file = fileOf(paths);
  const taken = `${file}.${process.pid}`;
  try {
    renameSync(file, taken);
    const lines = readFileSync(taken, 'utf8').split('\n').filter(Boolean);
    rmSync(taken, { force: true });
    const found = lines.map((line) => JSON.parse(line) as News);
    return [...new Map(found.map((one) => [one.path, one])).values()].filter(({ path }) => existsSync(path));
  } catch {
    return [];
  }
}
