// Whether a new record repeats or contradicts existing ones. Same rules as the compressor, applied pair by pair to find every match. Pure.
import { judgeKnown } from '../compress/plan/known.ts';
import { isContradiction } from '../compress/plan/contradict.ts';
import { citePaths, isOverlapping, jaccard, wordsOf } from '../compress/plan/similarity.ts';
import type { MemoryRecord } from '../domain/record.ts';

interface Likeness {
  /** Id of the older record. */
  id: string;
  kind: 'contradicts' | 'repeats' | 'says-more';
}

/** A record with its words and paths, counted once for all comparisons. */
export interface Measured {
  record: MemoryRecord;
  paths: Set<string>;
  words: Set<string>;
}

export function measure(record: MemoryRecord): Measured {
  return { record, paths: citePaths(record.cites), words: wordsOf(record) };
}

/** Compares with all older records, except those that it names or that supersede it. */
export function findLike(one: Measured, older: readonly Measured[]): Likeness[] {
  const { record } = one;
  const named = new Set([...record.supersedes, ...record.contradicts, record.id]);
  return older.flatMap((other) => {
    const { id, supersedes } = other.record;
    // A cheap test before the sentences are compared.
    const isAlike =
      record.title === other.record.title ||
      isOverlapping(one.paths, other.paths) ||
      jaccard(one.words, other.words) >= minCommon;
    if (named.has(id) || supersedes.includes(record.id) || !isAlike) return [];
    const kind = judgePair(record, other.record);
    return kind ? [{ id, kind }] : [];
  });
}

/** Minimum similarity: judgeKnown's own thresholds for repetition and contradiction are higher. */
const minCommon = 0.2;

function judgePair(record: MemoryRecord, older: MemoryRecord): Likeness['kind'] | undefined {
  const verdict = judgeKnown(record, [older], []);
  if (verdict.kind === 'known') return 'repeats';
  if (verdict.contradicts.length > 0) return 'contradicts';
  if (verdict.supersedes.length === 0) return undefined;
  return isContradiction(record, older) ? 'contradicts' : 'says-more';
}
