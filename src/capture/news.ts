// New shared records of a session, stored until the user is told: the compressor runs in the background.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, takeJsonLines } from '../store/lenient-files.ts';

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
