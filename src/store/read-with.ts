// Reads one record file from disk. The file is opened without following a link, and its real path must be inside the memory.
import { closeSync, constants, lstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { join, sep } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import { idOfName } from '../domain/id.ts';
import { fileMaxBytes, type MemoryRecord, type Problem } from '../domain/record.ts';
import { blobHeadRoom, blobIdBehind } from './blob.ts';
import type { RecordFile, RecordName } from './list-files.ts';
import { parsePlainRecord } from '../format/plain-record.ts';
import type { ParsedRecord } from '../format/record-of-data.ts';
import { recordFolders } from './layout.ts';

export type ReadRecord = { record: MemoryRecord; blob: string; text: string } | { problem: Problem };

export type ParseText = (id: string, text: string, created: string) => ParsedRecord | undefined;

/** Reads a record with the fast parser; undefined when the file needs readRecordFile. */
export function readPlainFile(file: RecordFile, algorithm: 'sha1' | 'sha256' = 'sha1'): ReadRecord | undefined {
  return readWith(parsePlainRecord, file, algorithm);
}

/**
 * Reads a file that has no stat yet; without `hasTime` its time is 0. Also undefined when the file is faulty: readRecordFile reports the
 * reason.
 */
export function readNewFile(
  name: RecordName,
  algorithm: 'sha1' | 'sha256',
  hasTime: boolean,
): { file: RecordFile; record: MemoryRecord; blob: string; text: string } | undefined {
  try {
    if (!isInside(name)) return undefined;
    const { path, absolute, tier } = name;
    // Before the bytes: what is written meanwhile is younger.
    const mtimeMs = hasTime ? lstatSync(absolute).mtimeMs : 0;
    const end = readBytes(absolute);
    const bytes = end - blobHeadRoom;
    const text = bytes <= fileMaxBytes ? textOf(end) : undefined;
    const parsed = text === undefined ? undefined : parsePlainRecord(idOf(name), text, '');
    if (text === undefined || parsed === undefined || 'problem' in parsed) return undefined;
    const { record } = parsed;
    if (record.created === '') record.created = dateOf(path, mtimeMs || lstatSync(absolute).mtimeMs);
    const blob = blobIdBehind(buffer, end, algorithm);
    return { file: { path, absolute, tier, bytes, mtimeMs }, record, blob, text };
  } catch {
    return undefined;
  }
}

/**
 * `blob` is the full blob id of the unchanged bytes, in the repository's `algorithm`. `created` falls back to the date in the file's
 * name, then to its modification time.
 */
export function readWith(parse: ParseText, file: RecordFile, algorithm: 'sha1' | 'sha256'): ReadRecord | undefined {
  const fail = (code: string, reason: string, line?: number): ReadRecord => ({
    problem: { path: file.path, code, reason, ...(line === undefined ? {} : { line }) },
  });
  let end: number;
  try {
    if (!isInside(file)) return fail('link', 'its real path lies elsewhere; links are not followed');
    end = readBytes(file.absolute);
    if (!lstatSync(file.absolute).isFile()) throw new Error('expected a regular file');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ELOOP' || code === 'EMLINK') return fail('link', 'a symbolic link; expected a regular file');
    if (code === 'ENOENT') return fail('gone', 'no such file any more');
    return fail('unreadable', error instanceof Error ? error.message : 'cannot be read');
  }
  if (end - blobHeadRoom > fileMaxBytes)
    return fail('too-big', `over ${fileMaxBytes} bytes; expected at most that; split it or cut it`);
  const text = textOf(end);
  if (text === undefined) return fail('encoding', 'not UTF-8; save it as UTF-8');
  const parsed = parse(idOf(file), text, '');
  if (parsed === undefined) return undefined;
  if ('problem' in parsed) return fail(parsed.problem.code, parsed.problem.reason, parsed.problem.line);
  const { record } = parsed;
  if (record.created === '') record.created = dateOf(file.path, file.mtimeMs);
  return { record, blob: blobIdBehind(buffer, end, algorithm), text };
}

/** Shared by all reads: a session start may read thousands of files. The content is valid until the next read. */
let buffer = Buffer.alloc(0);
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Fills the buffer from `blobHeadRoom` to the returned end, which is beyond the limit for a file that is too big. */
function readBytes(path: string): number {
  const descriptor = openSync(path, flags);
  try {
    if (buffer.byteLength === 0) buffer = Buffer.alloc(blobHeadRoom + fileMaxBytes + 1);
    for (let end = blobHeadRoom; ;) {
      const count = readSync(descriptor, buffer, end, buffer.byteLength - end, null);
      end += count;
      if (count === 0 || end === buffer.byteLength) return end;
    }
  } finally {
    closeSync(descriptor);
  }
}

function textOf(end: number): string | undefined {
  const text = buffer.toString('utf8', blobHeadRoom, end);
  // What is no UTF-8 becomes this character, which may also stand there.
  return text.includes('\ufffd') && !isUtf8(buffer.subarray(blobHeadRoom, end)) ? undefined : text;
}

function nameOf({ path }: RecordName): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function idOf(name: RecordName): string {
  return idOfName(nameOf(name));
}

let lastFolder = { path: '', at: 0, isInside: false };

/**
 * Files are read folder by folder, so the check of the last folder is reused for 20 ms. The file itself is opened without following
 * links.
 */
function isInside(file: RecordName): boolean {
  const folder = file.absolute.slice(0, file.absolute.lastIndexOf(sep));
  // Not `performance`, whose modules take longer to load than 20 files to read.
  const [seconds, nanoseconds] = process.hrtime();
  const now = seconds * 1000 + nanoseconds / 1e6;
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
