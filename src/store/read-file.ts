// Reads any record file from disk: falls back to the YAML library where the fast parser gives up.
import { parseRecord } from '../format/frontmatter-read.ts';
import type { RecordFile } from './list-files.ts';
import { readWith, type ReadRecord } from './read-with.ts';

export type { ReadRecord } from './read-with.ts';

/** As readWith, but never undefined. */
export function readRecordFile(file: RecordFile, algorithm: 'sha1' | 'sha256' = 'sha1'): ReadRecord {
  const read = readWith(parseRecord, file, algorithm);
  if (read === undefined) throw new Error('unreachable: the library answers to everything');
  return read;
}
