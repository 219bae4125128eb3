// What a file of the working tree would be as a blob. A process that stays reads it again only when it moved.
import { lstatSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { blobId } from '../../store/blob.ts';
import { settledAt } from '../../store/settled.ts';
import { isWorkPath, readTextFile } from './cites.ts';

interface Known {
  blob: string;
  /** Of the file when it was read; the inode's own time moves with every change, whatever the other one is set to. */
  mark: string;
}

/** By absolute path and format. Emptied when full. */
const known = new Map<string, Known>();
const maxKnown = 5000;

/**
 * The blob id of a regular text file below `top`, with its bytes when it had to be read; undefined for anything else. `plain` as in isWorkPath;
 * `now` in milliseconds, without it nothing is remembered.
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
  // What was written a moment ago may be written once more at the same time.
  if (settledAt(Math.max(read.stat.mtimeMs, read.stat.ctimeMs)) < now)
    known.set(key, { blob, mark: markOf(read.stat) });
  else known.delete(key);
  return { blob, bytes: read.bytes };
}

function markOf({ mode, size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${mode} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}
