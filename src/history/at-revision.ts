// The memory at a past revision, read from git's objects. Does not touch the working tree.
import { isTrusted, type Excerpt, type Trust } from '../domain/excerpt.ts';
import { idOfPath } from '../domain/id.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { readCommit } from '../git/history/commits.ts';
import { recordsAt } from '../git/history/memory-tree.ts';
import { isAncestor } from '../git/state/ancestors.ts';
import { judgeTrust } from '../git/state/judge-trust.ts';
import { activeExcerpts } from '../memory/verdicts.ts';
import { overlayTable } from '../index/overlay.ts';
import { excerptOf } from '../index/read-excerpt.ts';
import { wordsOfRecord } from '../index/record-words.ts';
import { parseRecord } from '../format/frontmatter-read.ts';
import { requireRepository, type Memory } from '../memory/open.ts';
import { type FullRecord, makeRecordSet } from '../memory/records.ts';

/**
 * Records count as trusted if the revision is in the default branch's history, or if they are trusted today. Throws RepomemError
 * `not-found` for an unknown commit.
 */
export function readPast(memory: Memory, revision: string, progress: (text: string) => void = () => {}) {
  requireRepository(memory);
  const { paths, snapshot, ledger } = memory;
  const commit = readCommit(paths, revision);
  const { defaultRef } = snapshot;
  const isReviewed = defaultRef !== undefined && isAncestor(paths, commit.id, defaultRef) === true;
  const { records: found, problems } = readRecordsAt(paths, commit.id, progress);
  const trustOf = (excerpt: Excerpt): Trust => (isReviewed ? 'reviewed' : judgeTrust(excerpt, snapshot, ledger));
  const trusts = new Map(found.map(({ excerpt }) => [excerpt, trustOf(excerpt)]));
  const isKnown = (excerpt: Excerpt): boolean => isTrusted(trusts.get(excerpt) ?? 'foreign');
  const active = new Set(activeExcerpts([...trusts.keys()], isKnown));
  const records = found.map((one): FullRecord => ({
    ...one,
    trust: trusts.get(one.excerpt) ?? 'foreign',
    isHere: true,
    isActive: active.has(one.excerpt),
  }));
  const rows = records.map(({ excerpt, record }) => ({ excerpt, words: () => wordsOfRecord(record) }));
  return {
    commit,
    recordSet: makeRecordSet({ table: overlayTable(rows), verdicts: records, problems }),
    records: new Map(records.map((one) => [one.excerpt.path, one])),
  };
}

export type PastRecord = Pick<FullRecord, 'excerpt' | 'record' | 'text'>;

/** The readable records of a commit, and what is wrong with the others. `commit`: full id. */
export function readRecordsAt(
  paths: MemoryPaths,
  commit: string,
  progress: (text: string) => void = () => {},
): { records: PastRecord[]; problems: Problem[] } {
  progress('reading the files of that time from git');
  const records: PastRecord[] = [];
  const problems: Problem[] = [];
  const files = recordsAt(paths, commit);
  for (const [at, { path, blob, text }] of files.entries()) {
    if (at % 100 === 0) progress(`reading records: ${at} of ${files.length}`);
    const parsed = parseRecord(idOfPath(path), text, '');
    if ('problem' in parsed) {
      problems.push({ path, ...parsed.problem });
      continue;
    }
    const record: MemoryRecord = parsed.record;
    const file = { path, absolute: path, tier: 'shared' as const, bytes: Buffer.byteLength(text), mtimeMs: 0 };
    records.push({ excerpt: excerptOf(file, { record, blob, text }), record, text });
  }
  return { records, problems };
}
