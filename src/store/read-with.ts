// Reads one record file from disk. The file is opened without following a link, and its real path must be inside the memory.
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { clockMs } from '../domain/clock.ts';
import { codeOf } from '../domain/errors.ts';
import { idOfPath } from '../domain/id.ts';
import { fileMaxBytes, type MemoryRecord, type Problem } from '../domain/record.ts';
import { parsePlainRecord } from '../format/plain-record.ts';
import type { ParsedRecord } from '../format/record-of-data.ts';
import { blobId } from './blob.ts';
import { recordFolders } from './layout.ts';
import type { RecordFile } from './list-files.ts';

/** A file that was read, with its size and time of then. */
export interface ReadFile extends RecordFile {
  bytes: number;
  mtimeMs: number;
}

export type ReadRecord = { file: ReadFile; record: MemoryRecord; blob: string; text: string } | { problem: Problem };

/** Reads a record with the fast parser; undefined when the file needs readRecordFile. */
export function readPlainFile(name: RecordFile, algorithm: 'sha1' | 'sha256' = 'sha1'): ReadRecord | undefined {
  return readWith<undefined>(parsePlainRecord, name, algorithm);
}

/**
 * `blob` is the full blob id of the unchanged bytes, in the repository's `algorithm`. `created` falls back to the date in the file's
 * name, then to its modification time. Undefined where the parser gives up.
 */
export function readWith<Nothing extends undefined = never>(
  parse: (id: string, text: string, created: string) => ParsedRecord | Nothing,
  { path, absolute, tier }: RecordFile,
  algorithm: 'sha1' | 'sha256',
): ReadRecord | Nothing {
  const fail = (code: string, reason: string, line?: number): ReadRecord => ({
    problem: { path, code, reason, ...(line === undefined ? {} : { line }) },
  });
  let read: { bytes: Buffer; mtimeMs: number };
  try {
    if (!isInside(absolute)) return fail('link', 'its real path lies elsewhere; links are not followed');
    read = readBytes(absolute);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ELOOP' || code === 'EMLINK') return fail('link', 'a symbolic link; expected a regular file');
    if (code === 'ENOENT') return fail('gone', 'no such file any more');
    return fail('unreadable', error instanceof Error ? error.message : 'cannot be read');
  }
  const { bytes, mtimeMs } = read;
  if (bytes.length > fileMaxBytes)
    return fail('too-big', `over ${fileMaxBytes} bytes; expected at most that; split it or cut it`);
  const text = bytes.toString('utf8');
  // What is no UTF-8 becomes this character, which may also stand there.
  if (text.includes('\ufffd') && !isUtf8(bytes)) return fail('encoding', 'not UTF-8; save it as UTF-8');
  const parsed = parse(idOfPath(path), text, '');
  if (parsed === undefined) return parsed;
  if ('problem' in parsed) return fail(parsed.problem.code, parsed.problem.reason, parsed.problem.line);
  const { record } = parsed;
  if (record.created === '') record.created = dateOf(path, mtimeMs);
  return { file: { path, absolute, tier, bytes: bytes.length, mtimeMs }, record, blob: blobId(bytes, algorithm), text };
}

/** Shared by all reads: a session start may read thousands of files. The content is valid until the next read. */
let buffer = Buffer.alloc(0);
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The bytes, one more than the limit for a file that is too big. Time and size are those before reading: a later change is younger. */
function readBytes(path: string): { bytes: Buffer; mtimeMs: number } {
  const descriptor = openSync(path, flags);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('expected a regular file');
    if (buffer.byteLength === 0) buffer = Buffer.alloc(fileMaxBytes + 1);
    for (let end = 0; ;) {
      const count = readSync(descriptor, buffer, end, buffer.byteLength - end, null);
      end += count;
      // Of a regular file the first read gives all that fits.
      if (count === 0 || end >= stat.size || end === buffer.byteLength)
        return { bytes: buffer.subarray(0, end), mtimeMs: stat.mtimeMs };
    }
  } finally {
    closeSync(descriptor);
  }
}

let lastFolder = { path: '', at: 0, isInside: false };

/** Files are read folder by folder, so the check of the last folder is reused for 20 ms. The file itself is opened without following links. */
function isInside(file: string): boolean {
  const folder = file.slice(0, file.lastIndexOf(sep));
  const now = clockMs();
  if (folder !== lastFolder.path || now - lastFolder.at > 20) {
    const base = baseOf(folder);
    const real = base === undefined ? undefined : join(realpathSync.native(base), folder.slice(base.length));
    lastFolder = { path: folder, at: now, isInside: real === realpathSync.native(folder) };
  }
  return lastFolder.isInside;
}

/** The folder that holds `observations/` or `sessions/`; files must lie inside it. */
function baseOf(folder: string): string | undefined {
  const parts = folder.split(sep);
  const at = Math.max(...recordFolders.map((name) => parts.lastIndexOf(name)));
  return at <= 0 ? undefined : parts.slice(0, at).join(sep);
}

/** The date from the file's path (`2026/11/20-…`, or a full date in the names of older files), else its modification time. */
function dateOf(path: string, mtimeMs: number): string {
  const parts = path.split(/[/\\]/).slice(-3).join('/');
  const [, year, month, dayOfMonth] = /^(\d{4})\/(\d{2})\/(\d{2})-/.exec(parts) ?? [];
  const day = /\/(\d{4}-\d{2}-\d{2})[-.]/.exec(parts)?.[1] ?? (year && `${year}-${month}-${dayOfMonth}`);
  const at = new Date(day === undefined ? mtimeMs : `${day}T00:00:00Z`);
  return (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
