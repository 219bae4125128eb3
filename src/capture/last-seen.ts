// Time of each host's last event: an empty file per host, by its mtime. Written by the compressor, read by doctor.
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';

const fileOf = (paths: MemoryPaths, host: string): string => join(paths.privateDir, 'hosts', host);

/** `at` is ISO 8601. Ignores write errors. */
export function noteSeen(paths: MemoryPaths, host: string, at: string): void {
  try {
    const file = fileOf(paths, host);
    mkdirSync(join(paths.privateDir, 'hosts'), { recursive: true, mode: 0o700 });
    writeFileSync(file, '', { mode: 0o600 });
    utimesSync(file, new Date(at), new Date(at));
  } catch {
    // Only doctor uses it.
  }
}

export function lastSeen(paths: MemoryPaths, host: string): string | undefined {
  const stat = statSync(fileOf(paths, host), { throwIfNoEntry: false });
  return stat && new Date(stat.mtimeMs).toISOString();
}
