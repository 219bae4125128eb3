// Whether a new record repeats or contradicts existing ones. Same rules as the compressor, applied pair by pair to find every match. Pure.
import { comparedOf, judgeKnown } from '../compress/plan/known.ts';
import { isOpposed } from '../compress/plan/contradict.ts';
import { citesSameFile, jaccard } from '../compress/plan/similarity.ts';
import type { MemoryRecord } from '../domain/record.ts';

interface Likeness {
  /** Id of the older record. */
  id: string;
  kind: 'contradicts' | 'repeats' | 'says-more';
}

/** Compares with all older records, except those that it names or that supersede it. */
export function findLike(record: MemoryRecord, older: readonly MemoryRecord[]): Likeness[] {
  const named = new Set([...record.supersedes, ...record.contradicts, record.id]);
  const words = new Set(comparedOf(record).words);
  return older.flatMap((other) => {
    // A cheap test before the sentences are compared.
    const isAlike =
      record.title === other.title ||
      citesSameFile(record, other) ||
      jaccard(words, comparedOf(other).words) >= minCommon;
    if (named.has(other.id) || other.supersedes.includes(record.id) || !isAlike) return [];
    const kind = judgePair(record, other);
    return kind ? [{ id: other.id, kind }] : [];
  });
}

/** Minimum similarity: judgeKnown's own thresholds for repetition and contradiction are higher. */
const minCommon = 0.2;

function judgePair(record: MemoryRecord, older: MemoryRecord): Likeness['kind'] | undefined {
  const verdict = judgeKnown(record, [older], []);
  if (verdict.kind === 'known') return 'repeats';
  if (verdict.contradicts.length > 0) return 'contradicts';
  if (verdict.supersedes.length === 0) return undefined;
  return isOpposed(comparedOf(record).claims(), comparedOf(older).claims()) ? 'contradicts' : 'says-more';
}
