import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runBytesIn, runIn, type GitOptions } from '../run/runner.ts';

/**
 * Bytes of many objects in one process; `names` are ids or any revision that `git rev-parse` accepts, such as `HEAD:path`, without
 * newlines. Missing objects, folders and commits are left out.
 */
export function readBlobs(
  paths: MemoryPaths,
  names: readonly string[],
  options: Pick<GitOptions, 'env' | 'maxBytes' | 'timeoutMs'> = {},
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const asked = names.filter((name) => name !== '' && !name.includes('\n'));
  if (asked.length === 0) return found;
  const { stdout } = runBytesIn(paths, ['cat-file', '--batch'], { ...options, stdin: `${asked.join('\n')}\n` });
  let at = 0;
  for (const name of asked) {
    const end = stdout.indexOf(0x0a, at);
    if (end === -1) break;
    const header = stdout.toString('utf8', at, end);
    at = end + 1;
    const match = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(header);
    if (!match) continue;
    const size = Number(match[2]);
    if (match[1] === 'blob' && at + size <= stdout.length) found.set(name, stdout.subarray(at, at + size));
    at += size + 1;
  }
  return found;
}

/** Ids of those objects that git has, in any branch or history; names as for readBlobs. One process. Undefined when git fails. */
export function heldObjects(
  paths: MemoryPaths,
  names: readonly string[],
  options: Pick<GitOptions, 'env'> = {},
): Set<string> | undefined {
  const stdin = `${names.join('\n')}\n`;
  const { ok, stdout } = runIn(paths, ['cat-file', '--batch-check=%(objectname)'], { ...options, stdin });
  return ok ? new Set(stdout.split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line))) : undefined;
}
