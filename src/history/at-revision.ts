// The memory at a past revision, read from git's objects. Does not touch the working tree.
import { RepomemError } from '../domain/errors.ts';
import { isTrusted, tokensOf, type Excerpt, type Trust } from '../domain/excerpt.ts';
import { idOfName } from '../domain/id.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { readCommit, type CommitInfo } from '../git/history/commits.ts';
import { recordsAt } from '../git/history/memory-history.ts';
import { runIn } from '../git/run/runner.ts';
import { judgeTrust } from '../git/state/judge-trust.ts';
import { activeExcerpts } from '../memory/active.ts';
import { overlayTable } from '../index/overlay.ts';
import { wordsOfRecord } from '../index/record-words.ts';
import { parseRecord } from '../format/frontmatter-read.ts';
import type { Memory } from '../memory/open.ts';
import type { FullRecord } from '../memory/read.ts';
import { packVerdict } from '../memory/verdicts.ts';
import { makeRecordSet, type RecordSet } from '../memory/records.ts';
import { requireRepository } from '../memory/open.ts';

export interface PastMemory {
  commit: CommitInfo;
  recordSet: RecordSet;
  records: ReadonlyMap<string, FullRecord>;
}

/**
 * Records count as trusted if the revision is in the default branch's history, or if they are trusted today. Throws RepomemError
 * `not-found` for an unknown commit.
 */
export function readPast(memory: Memory, revision: string, progress: (text: string) => void = () => {}): PastMemory {
  requireRepository(memory);
  const { paths, snapshot, ledger } = memory;
  const commit = readCommit(paths, revision);
  const isReviewed =
    snapshot.defaultRef !== undefined &&
    runIn(paths, ['merge-base', '--is-ancestor', commit.id, snapshot.defaultRef]).code === 0;
  const excerpts: Excerpt[] = [];
  const opened = new Map<string, MemoryRecord>();
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  progress('reading the files of that time from git');
  const files = [...recordsAt(paths, commit.id)];
  for (const [at, { path, blob, text }] of files.entries()) {
    if (at % 100 === 0) progress(`reading records: ${at} of ${files.length}`);
    const parsed = parseRecord(idOfName(path.slice(path.lastIndexOf('/') + 1)), text, '');
    if ('problem' in parsed) {
      problems.push({ path, ...parsed.problem });
      continue;
    }
    const { body: _body, facts: _facts, extra: _extra, files: _files, ...kept } = parsed.record;
    excerpts.push({
      ...kept,
      path,
      tier: 'shared',
      blob,
      bytes: Buffer.byteLength(text),
      mtimeMs: 0,
      tokens: tokensOf(text),
    });
    opened.set(path, parsed.record);
    texts.set(path, text);
  }
  const trusts = new Map<Excerpt, Trust>(
    excerpts.map((excerpt) => [excerpt, isReviewed ? 'reviewed' : judgeTrust(excerpt, snapshot, ledger)]),
  );
  const isKnown = (excerpt: Excerpt): boolean => isTrusted(trusts.get(excerpt) ?? 'foreign');
  const active = new Set(activeExcerpts(excerpts, isKnown));
  const records = excerpts.map((excerpt): FullRecord => ({
    excerpt,
    trust: trusts.get(excerpt) ?? 'foreign',
    isHere: true,
    isActive: active.has(excerpt),
    record: opened.get(excerpt.path) as MemoryRecord,
    text: texts.get(excerpt.path) ?? '',
  }));
  const rows = excerpts.map((excerpt) => ({
    excerpt,
    words: () => wordsOfRecord(opened.get(excerpt.path) as MemoryRecord),
  }));
  const table = overlayTable(rows);
  const byPath = new Map(records.map((one) => [one.excerpt.path, one]));
  return {
    commit,
    recordSet: makeRecordSet({
      table,
      verdicts: records.map((one) => packVerdict(one, one.isActive)).join(''),
      problems,
    }),
    records: byPath,
  };
}

/** The full record. Throws RepomemError `bad-record` for a path that the revision does not have. */
export function fullOf(past: PastMemory, path: string): FullRecord {
  const record = past.records.get(path);
  if (!record) throw new RepomemError('bad-record', `${path}: not in ${past.commit.id.slice(0, 10)}`);
  return record;
}
