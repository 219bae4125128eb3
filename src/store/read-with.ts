// One record file from disk. A path is never trusted twice: opened without following a link, and its real path must stay inside.
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import { idOfName } from '../domain/id.ts';
import { fileMaxBytes, type MemoryRecord, type Problem } from '../domain/record.ts';
import { blobId } from './blob.ts';
import type { RecordFile } from './list.ts';
import { parsePlainRecord } from './plain-record.ts';
import type { ParsedRecord } from './record-of-data.ts';
import { recordFolders } from './layout.ts';

export type ReadRecord = { record: MemoryRecord; blob: string; text: string } | { problem: Problem };

export type ParseText = (id: string, text: string, created: string) => ParsedRecord | undefined;

/** A record that the quick reader understands; undefined for every other, which readRecordFile takes. */
export function readPlainFile(file: RecordFile, algorithm: 'sha1' | 'sha256' = 'sha1'): ReadRecord | undefined {
  return readWith(parsePlainRecord, file, algorithm);
}

/** `blob` is the full blob id of the bytes as they are, in the repository's own `algorithm`. A file without a date takes that of its name, else its own time. */
export function readWith(parse: ParseText, file: RecordFile, algorithm: 'sha1' | 'sha256'): ReadRecord | undefined {
  const fail = (code: string, reason: string, line?: number): ReadRecord => ({
    problem: { path: file.path, code, reason, ...(line === undefined ? {} : { line }) },
  });
  let bytes: Uint8Array;
  try {
    if (!isInside(file)) return fail('link', 'its real path lies elsewhere; links are not followed');
    bytes = readBytes(file.absolute);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ELOOP' || code === 'EMLINK') return fail('link', 'a symbolic link; expected a regular file');
    if (code === 'ENOENT') return fail('gone', 'no such file any more');
    return fail('unreadable', error instanceof Error ? error.message : 'cannot be read');
  }
  if (bytes.byteLength > fileMaxBytes)
    return fail('too-big', `over ${fileMaxBytes} bytes; expected at most that; split it or cut it`);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return fail('encoding', 'not UTF-8; save it as UTF-8');
  }
  const name = basename(file.absolute);
  const parsed = parse(idOfName(name), text, '');
  if (parsed === undefined) return undefined;
  if ('problem' in parsed) return fail(parsed.problem.code, parsed.problem.reason, parsed.problem.line);
  const { record } = parsed;
  if (record.created === '') record.created = dateOf(name, file.mtimeMs);
  return { record, blob: blobId(bytes, algorithm), text };
}

/** One for all reads: a session start may read thousands of files. Valid until the next read. */
let buffer: Buffer | undefined;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readBytes(path: string): Uint8Array {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error('expected a regular file');
    buffer ??= Buffer.alloc(fileMaxBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.byteLength - length, null);
      length += count;
      if (count === 0 || length >= Math.min(stat.size, fileMaxBytes + 1)) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

let lastFolder = { path: '', at: 0, isInside: false };

/** Files are read folder by folder: what was true of the folder a moment ago is not asked again. The file itself is opened without following. */
function isInside(file: RecordFile): boolean {
  const folder = dirname(file.absolute);
  const now = performance.now();
  if (folder !== lastFolder.path || now - lastFolder.at > 20) {
    const base = baseOf(folder);
    const real = base === undefined ? undefined : join(realpathSync.native(base), folder.slice(base.length));
    lastFolder = { path: folder, at: now, isInside: real === realpathSync.native(folder) };
  }
  return lastFolder.isInside;
}

/** The folder above `observations/` or `sessions/` must hold the file. */
function baseOf(folder: string): string | undefined {
  const parts = folder.split(sep);
  const at = Math.max(...recordFolders.map((name) => parts.lastIndexOf(name)));
  return at <= 0 ? undefined : parts.slice(0, at).join(sep);
}

function dateOf(name: string, mtimeMs: number): string {
  const day = /^(\d{4}-\d{2}-\d{2})(?=-|\.)/.exec(name)?.[1];
  const at = new Date(day === undefined ? mtimeMs : `${day}T00:00:00Z`);
  return (Number.isNaN(at.getTime()) ? new Date(0) : at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
