// Whole records by id, for show and get_observations.
import { RepomemError } from '../domain/errors.ts';
import { isTrusted } from '../domain/excerpt.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { absolutePath } from '../store/layout.ts';
import { readRecordFile } from '../store/read-file.ts';
import type { Memory } from './open.ts';
import { isBlobPrefix, safeId } from './safe-id.ts';
import type { AssessedRecord, RecordSet } from './records.ts';

export interface FullRecord extends AssessedRecord {
  record: MemoryRecord;
  /** The file as it stands. */
  text: string;
}

/** The one record whose id begins with `prefix`; RepomemError `not-found` or `ambiguous`. */
export function resolveId(recordSet: RecordSet, prefix: string): AssessedRecord {
  const exact = recordSet.byId.get(prefix);
  if (exact) return exact;
  const all = recordSet.assessed;
  const named = prefix === '' ? [] : all.filter(({ excerpt }) => excerpt.id.startsWith(prefix));
  const matching = named.length > 0 ? named : all.filter(({ excerpt }) => isBlobPrefix(prefix, excerpt.blob));
  const [first] = matching;
  if (!first)
    throw new RepomemError('not-found', `${prefix}: no record has this id`, {
      hint: 'repomem search QUESTION finds records',
    });
  if (matching.length > 1) {
    const ids = matching.slice(0, 5).map(({ excerpt, trust }) => (isTrusted(trust) ? excerpt.id : safeId(excerpt)));
    throw new RepomemError('ambiguous', `${prefix}: ${matching.length} ids begin so: ${ids.join(', ')}`, {
      hint: 'write more of it',
    });
  }
  return first;
}

/** Reads the file again: what is shown is what stands on disk. RepomemError `bad-record` when it has become unreadable. */
export function readFull(memory: Memory, assessed: AssessedRecord): FullRecord {
  const { path, tier } = assessed.excerpt;
  const read = readRecordFile({ path, absolute: absolutePath(memory.paths, path), tier });
  if ('problem' in read) throw new RepomemError('bad-record', `${path}: ${read.problem.reason}`);
  return { ...assessed, record: read.record, text: read.text };
}
