// A part of a host's transcript: a file that others append to while we read.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export interface TranscriptPart {
  /** Complete lines only, each with its end. */
  chunk: string;
  /** Where the next read starts. */
  nextOffset: number;
}

const transcriptMaxBytes = 32 * 1024 * 1024;

/**
 * Complete lines from a byte offset on, at most `maxBytes` of them (more only to pass a single longer line).
 * A file that is missing, unreadable or no regular file is empty; one that is shorter than the offset was replaced and is read anew.
 */
export function readTranscriptFrom(path: string, offset: number, maxBytes = transcriptMaxBytes): TranscriptPart {
  const nothing = { chunk: '', nextOffset: offset };
  if (path === '' || path.includes('\0')) return nothing;
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return nothing;
  }
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

/** A single line above the limit is passed over: the offset after its end, or of its unfinished rest. */
function skipLine(file: number, from: number, size: number): number {
  const step = 1024 * 1024;
  for (let offset = from; offset < size; offset += step) {
    const bytes = readBytes(file, offset, Math.min(step, size - offset));
    const end = bytes.indexOf(10);
    if (end >= 0) return offset + end + 1;
  }
  return size;
}
