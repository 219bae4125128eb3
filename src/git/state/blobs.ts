import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runIn, type GitOptions } from '../run/runner.ts';

/**
 * Bytes of many objects in one process; `names` are ids or any revision that `git rev-parse` accepts, such as `HEAD:path`, without
 * newlines. Missing objects, folders and commits are left out.
 */
export function readBlobs(
  paths: MemoryPaths,
  names: Iterable<string>,
  limits: Pick<GitOptions, 'maxBytes' | 'timeoutMs'> = {},
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const asked = [...new Set(names)].filter((name) => name !== '' && !name.includes('\n'));
  if (asked.length === 0) return found;
  const { bytes } = runIn(paths, ['cat-file', '--batch'], { ...limits, stdin: `${asked.join('\n')}\n` });
  let at = 0;
  for (const name of asked) {
    const end = bytes.indexOf(0x0a, at);
    if (end === -1) break;
    const match = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(bytes.toString('utf8', at, end));
    at = end + 1;
    if (!match) continue;
    const size = Number(match[2]);
    if (match[1] === 'blob' && at + size <= bytes.length) found.set(name, bytes.subarray(at, at + size));
    at += size + 1;
  }
  return found;
}

/** Ids of those objects that git has, in any branch or history; names as for readBlobs. One process. Undefined when git fails. */
export function heldObjects(paths: MemoryPaths, names: Iterable<string>): Set<string> | undefined {
  const stdin = `${[...names].join('\n')}\n`;
  const { ok, stdout } = runIn(paths, ['cat-file', '--batch-check=%(objectname)'], { stdin });
  return ok ? new Set(stdout.split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line))) : undefined;
}
