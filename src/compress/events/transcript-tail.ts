// Reads part of a host's transcript, a file that the host keeps appending to.
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt } from '../../domain/errors.ts';
import { namesIn } from '../../store/lenient-files.ts';

export interface TranscriptPart {
  /** Complete lines only, with their line ends. */
  chunk: string;
  /** Offset of the next read. */
  nextOffset: number;
}

const transcriptMaxBytes = 32 * 1024 * 1024;

/**
 * Complete lines from a byte offset on, at most `maxBytes` of them; of a longer line only the last part, which is no JSON. A missing,
 * unreadable or non-regular file counts as empty; a file shorter than the offset was replaced and is read from the start.
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
    const buffer = Buffer.alloc(Math.min(stat.size - start, maxBytes));
    const bytes = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, start));
    const end = bytes.lastIndexOf(10) + 1;
    const isTooLong = end === 0 && bytes.length === maxBytes;
    return { chunk: bytes.toString('utf8', 0, end), nextOffset: start + (isTooLong ? maxBytes : end) };
  } catch {
    return nothing;
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number | undefined {
  return attempt(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
}

/**
 * A host in a linked worktree may report that worktree's folder although it writes to the project's: finds the file of the same name
 * in a sibling folder, only below the host's `projects`. '' when there is none.
 */
function besides(path: string): string {
  const name = basename(path);
  const folders = dirname(dirname(path));
  if (!name.endsWith('.jsonl') || basename(folders) !== 'projects') return '';
  const others = namesIn(folders).map((folder) => join(folders, folder, name));
  return others.find((other) => statSync(other, { throwIfNoEntry: false })?.isFile()) ?? '';
}
