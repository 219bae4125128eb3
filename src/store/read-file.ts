// Reads any record file from disk: falls back to the YAML library where the fast parser gives up.
import { parseRecord } from '../format/frontmatter-read.ts';
import type { RecordFile } from './list-files.ts';
import { readWith, type ReadRecord } from './read-with.ts';

/** As readPlainFile, but never undefined. */
export function readRecordFile(name: RecordFile, algorithm: 'sha1' | 'sha256' = 'sha1'): ReadRecord {
  return readWith<never>(parseRecord, name, algorithm);
}
