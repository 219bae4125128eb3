// Small JSON cache files below the private folder. An unreadable cache counts as empty; failed writes are ignored.
import { join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { writeFileAtomic } from '../../store/atomic.ts';
import { readJson } from '../../store/lenient-files.ts';

export function readCache(paths: MemoryPaths, name: string): Record<string, unknown> {
  const value = readJson(cacheFile(paths, name));
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function writeCache(paths: MemoryPaths, name: string, value: unknown): void {
  const options = { mode: 0o600, dirMode: 0o700, fsync: false, mayBeMissing: true };
  attempt(() => writeFileAtomic(cacheFile(paths, name), JSON.stringify(value), options));
}

function cacheFile(paths: MemoryPaths, name: string): string {
  return join(paths.privateDir, 'cache', name);
}
