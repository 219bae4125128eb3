// Files are written to a temporary file in the same folder and renamed: a reader, crash or full disk never leaves a partial file.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { codeOf, RepomemError } from '../domain/errors.ts';

const temporaryPrefix = '.tmp-';

export interface WriteOptions {
  /** Of the file; when absent what the user's umask leaves of 0o666. */
  mode?: number;
  /** Of folders that are made on the way; when absent what the umask leaves of 0o777. Private and local ones take 0o700. */
  dirMode?: number;
  /** Sync to disk before the rename; true when absent. */
  fsync?: boolean;
  /** Readers tolerate a missing file: the old one is removed first, because some file systems (ext4) flush a file that is renamed over another. */
  mayBeMissing?: boolean;
  /** No folder below this one may be a symbolic link, and the file must lie in it. */
  within?: string;
}

/**
 * Writes the whole file or nothing; an array is written in order. Throws a system error (`ENOSPC`, `EROFS`, …) after removing its
 * own temporary file, and RepomemError `private` when the file would be outside `within`.
 */
export function writeFileAtomic(
  file: string,
  data: string | Uint8Array | readonly Uint8Array[],
  options: WriteOptions = {},
): void {
  const folder = dirname(file);
  if (options.within !== undefined) checkWithin(folder, options.within);
  mkdirSync(folder, { recursive: true, mode: options.dirMode ?? 0o777 });
  const pieces = typeof data === 'string' ? [Buffer.from(data, 'utf8')] : data instanceof Uint8Array ? [data] : data;
  const temporary = join(folder, `${temporaryPrefix}${randomUUID()}`);
  const descriptor = openSync(temporary, 'wx', options.mode ?? 0o666);
  try {
    try {
      // On a full disk `write` returns a short count before it fails: writeFileSync repeats until it throws.
      for (const bytes of pieces) writeFileSync(descriptor, bytes);
      if (options.fsync !== false) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (options.mayBeMissing === true) rmSync(file, { force: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Throws unless `folder` lies in `within` and no existing folder between the two is a symbolic link. */
export function checkWithin(folder: string, within: string): void {
  const path = relative(resolve(within), resolve(folder));
  if (path === '') return;
  const parts = path.split(sep);
  if (parts[0] === '..' || resolve(path) === path)
    throw new RepomemError('private', `${folder}: not written; expected a place in ${within}`);
  let current = resolve(within);
  for (const part of parts) {
    current = join(current, part);
    try {
      if (!lstatSync(current).isDirectory())
        throw new RepomemError(
          'private',
          `${current}: not written through it; expected a folder; got a link or a file`,
          {
            hint: `Remove ${current} and run the command again.`,
          },
        );
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
  }
}

/** Waits while the reader of a pipe is slow. Throws Node's errors, among them EPIPE when the reader has closed the pipe. */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;)
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
}
