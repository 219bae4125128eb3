// Blob ids of working tree files. A long-running process reads a file again only when its stat changes.
import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { blobId } from '../../store/blob.ts';
import { settledAt } from '../../store/settled.ts';
import { isWorkPath, readTextFile } from './cites.ts';

interface Known {
  blob: string;
  /** Stat of the file when it was read; ctime changes with every write, even when mtime is set back. */
  mark: string;
}

/** Keyed by format and absolute path. Cleared when full. */
const known = new Map<string, Known>();
const maxKnown = 5000;

/**
 * Blob id of a regular text file below `top`, with its bytes if it was read; undefined for anything else. `plain` as in isWorkPath.
 * `now` in milliseconds; without it nothing is cached.
 */
export function readWorkBlob(
  top: string,
  path: string,
  plain: Map<string, boolean>,
  format: 'sha1' | 'sha256',
  now = Number.NEGATIVE_INFINITY,
): { blob: string; bytes?: Buffer } | undefined {
  if (!isWorkPath(top, path, plain)) return undefined;
  const absolute = join(top, path);
  const key = `${format} ${absolute}`;
  const before = known.get(key);
  if (before !== undefined) {
    const stat = lstatSync(absolute, { throwIfNoEntry: false });
    if (stat !== undefined && markOf(stat) === before.mark) return { blob: before.blob };
  }
  const read = readTextFile(absolute);
  if (read === undefined) return undefined;
  const blob = blobId(read.bytes, format);
  if (known.size >= maxKnown) known.clear();
  // A file written moments ago may change again without a new mtime: do not cache.
  if (settledAt(Math.max(read.stat.mtimeMs, read.stat.ctimeMs)) < now)
    known.set(key, { blob, mark: markOf(read.stat) });
  else known.delete(key);
  return { blob, bytes: read.bytes };
}

function markOf({ mode, size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${mode} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}
