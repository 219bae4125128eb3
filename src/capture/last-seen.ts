// Time of each host's last event: an empty file per host, by its mtime. Written by the compressor, read by doctor.
import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate } from '../store/lenient-files.ts';

const fileOf = (paths: MemoryPaths, host: string): string => join(paths.privateDir, 'hosts', host);

/** `at` is ISO 8601. Ignores write errors. */
export function noteSeen(paths: MemoryPaths, host: string, at: string): void {
  const file = fileOf(paths, host);
  if (appendPrivate(file, '')) attempt(() => utimesSync(file, new Date(at), new Date(at)));
}

export function lastSeen(paths: MemoryPaths, host: string): string | undefined {
  const stat = statSync(fileOf(paths, host), { throwIfNoEntry: false });
  return stat && new Date(stat.mtimeMs).toISOString();
}
