// Reads part of a host's transcript, a file that the host keeps appending to.
import { closeSync, constants, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface TranscriptPart {
  /** Complete lines only, with their line ends. */
  chunk: string;
  /** Offset of the next read. */
  nextOffset: number;
}

const transcriptMaxBytes = 32 * 1024 * 1024;

/**
 * Complete lines from a byte offset on, at most `maxBytes` of them (more only to skip a single longer line). A missing, unreadable
 * or non-regular file counts as empty; a file shorter than the offset was replaced and is read from the start.
 */
export function readTranscriptFrom(path: string, offset: number, maxBytes = transcriptMaxBytes): TranscriptPart {
  const nothing = { chunk: '', nextOffset: offset };
  if (path === '' || path.includes('\0')) return nothing;
  const file = openForReading(path) ?? openForReading(besides(path));
  if (file === undefined) return nothing;
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return nothing;
    const start = offset > stat.size || offset < 0 ? 0 : offset;
    const bytes = readBytes(file, start, Math.min(stat.size - start, maxBytes));
    const end = bytes.lastIndexOf(10) + 1;
    if (end > 0) return { chunk: bytes.toString('utf8', 0, end), nextOffset: start + end };
    const isTooLong = bytes.length === maxBytes && start + maxBytes < stat.size;
    return isTooLong
      ? { chunk: '', nextOffset: skipLine(file, start + maxBytes, stat.size) }
      : { chunk: '', nextOffset: start };
  } catch {
    return nothing;
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number | undefined {
  try {
    return path === '' ? undefined : openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/**
 * A host in a linked worktree may report that worktree's folder although it writes to the project's: finds the file of the same name
 * in a sibling folder, only below the host's `projects`. '' when there is none.
 */
function besides(path: string): string {
  const name = basename(path);
  const folders = dirname(dirname(path));
  if (!name.endsWith('.jsonl') || basename(folders) !== 'projects') return '';
  try {
    for (const folder of readdirSync(folders)) {
      const other = join(folders, folder, name);
      if (statSync(other, { throwIfNoEntry: false })?.isFile()) return other;
    }
  } catch {
    // No such folder.
  }
  return '';
}

function readBytes(file: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(length, 0));
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, start + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

/** Skips a line above the limit: returns the offset after its end, or the file's size if it is unfinished. */
function skipLine(file: number, from: number, size: number): number {
  const step = 1024 * 1024;
  for (let offset = from; offset < size; offset += step) {
    const bytes = readBytes(file, offset, Math.min(step, size - offset));
    const end = bytes.indexOf(10);
    if (end >= 0) return offset + end + 1;
  }
  return size;
}
