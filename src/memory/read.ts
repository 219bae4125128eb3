// Whole records by id, for show and get_observations.
import { RepomemError } from '../domain/errors.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { absolutePath } from '../store/layout.ts';
import { readRecordFile } from '../store/read-file.ts';
import type { Memory } from './open.ts';
import { isBlobPrefix, safeId } from './record-line.ts';
import type { AssessedRecord, FullRecord, RecordSet } from './records.ts';

/**
 * The one record whose id begins with `named`, in any letters, with a mark before it, or as its file's path has it. RepomemError `not-found` or
 * `ambiguous`.
 */
export function resolveId(recordSet: RecordSet, named: string): AssessedRecord {
  const prefix = /(?:^|[-/\\])(\w+)\.md$/.exec(named)?.[1] ?? named.replace(/^[#@]/, '').toLowerCase();
  const exact = recordSet.byId.get(named) ?? recordSet.byPath.get(named) ?? recordSet.byId.get(prefix);
  if (exact) return exact;
  const all = recordSet.assessed;
  const ofId = prefix === '' ? [] : all.filter(({ excerpt }) => excerpt.id.startsWith(prefix));
  const matching = ofId.length > 0 ? ofId : all.filter(({ excerpt }) => isBlobPrefix(prefix, excerpt.blob));
  const [first] = matching;
  if (!first)
    throw new RepomemError('not-found', `${named}: no record has this id`, {
      hint: 'repomem search QUESTION finds records',
    });
  if (matching.length > 1) {
    const ids = matching.slice(0, 5).map(({ excerpt, trust }) => (isTrusted(trust) ? excerpt.id : safeId(excerpt)));
    throw new RepomemError('ambiguous', `${named}: ${matching.length} ids begin so: ${ids.join(', ')}`, {
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
