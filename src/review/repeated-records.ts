// Whether a new record repeats or contradicts existing ones. Same rules as the compressor, applied pair by pair to find every match.
// Pure.
import { judgeKnown, isForgotten } from '../compress/plan/known.ts';
import { isContradiction } from '../compress/plan/contradict.ts';
import { citePaths, isOverlapping, jaccard, wordsOf } from '../compress/plan/similarity.ts';
import type { MemoryRecord } from '../domain/record.ts';

export interface Likeness {
  /** Id of the older record. */
  id: string;
  kind: 'contradicts' | 'repeats' | 'says-more';
}

interface Measured {
  record: MemoryRecord;
  paths: Set<string>;
  words: Set<string>;
}

/** Minimum similarity: judgeKnown's own thresholds for repetition and contradiction are higher. */
const minCommon = 0.2;

export interface Matcher {
  /** Compares with all older records, except those that it names or that supersede it. */
  match(record: MemoryRecord): Likeness[];
  add(record: MemoryRecord): void;
}

/** Matches many new records with the same older ones, whose words are counted once. */
export function makeMatcher(older: readonly MemoryRecord[]): Matcher {
  const measured = older.map(measure);
  return {
    match: (record) => {
      const own = measure(record);
      const named = new Set([...record.supersedes, ...record.contradicts, record.id]);
      return measured.flatMap((other) => {
        if (named.has(other.record.id) || other.record.supersedes.includes(record.id)) return [];
        const kind = isComparable(own, other) ? judgePair(record, other.record) : undefined;
        return kind ? [{ id: other.record.id, kind }] : [];
      });
    },
    add: (record) => void measured.push(measure(record)),
  };
}

/** The tombstone that suppresses the record. */
export function findSuppression(record: MemoryRecord, tombstones: readonly MemoryRecord[]): MemoryRecord | undefined {
  return tombstones.find((tombstone) => isForgotten(record, tombstone));
}

function judgePair(record: MemoryRecord, older: MemoryRecord): Likeness['kind'] | undefined {
  const verdict = judgeKnown(record, [older], []);
  if (verdict.kind === 'known') return 'repeats';
  if (verdict.contradicts.length > 0) return 'contradicts';
  if (verdict.supersedes.length === 0) return undefined;
  return isContradiction(record, older) ? 'contradicts' : 'says-more';
}

function measure(record: MemoryRecord): Measured {
  return { record, paths: citePaths(record.cites), words: wordsOf(record) };
}

/** A cheap test before the sentences are compared. */
function isComparable(one: Measured, other: Measured): boolean {
  if (one.record.title === other.record.title) return true;
  return isOverlapping(one.paths, other.paths) || jaccard(one.words, other.words) >= minCommon;
}
