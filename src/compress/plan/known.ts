// Compares a new record with the trusted ones: new, a repetition, a better version, or a contradiction. Pure.
import type { MemoryRecord } from '../../domain/record.ts';
import { claimsOf, isContradiction, isCorrection } from './contradict.ts';
import {
  citePaths,
  compareSketches,
  containment,
  isOverlapping,
  jaccard,
  sketchOf,
  titleInSketch,
  wordsOf,
} from './similarity.ts';

export type Candidate = Pick<MemoryRecord, 'type' | 'title' | 'description' | 'facts' | 'body' | 'cites'>;

export type Verdict =
  | { kind: 'new'; supersedes: string[]; contradicts: string[] }
  | { kind: 'known'; reason: string; tombstone?: MemoryRecord };

/** Near-duplicates share more than this part of their stems (with the same type and overlapping cites). */
const nearDuplicate = 0.6;
/** Above this similarity the type does not matter. */
const sameWords = 0.85;
const forgotten = 0.5;
const forgottenSamePath = 0.35;

/** Key of the forgotten record's sketch in a tombstone. */
export const matchesKey = 'matches';

export function isForgotten(candidate: Candidate, tombstone: MemoryRecord): boolean {
  const kept = tombstone.extra[matchesKey];
  if (!Array.isArray(kept)) return false;
  const sketch = kept.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
  const likeness = compareSketches(sketchOf(candidate), sketch);
  if (likeness >= forgotten || titleInSketch(candidate.title, sketch) >= 0.85) return true;
  return likeness >= forgottenSamePath && isOverlapping(citePaths(candidate.cites), citePaths(tombstone.cites));
}

/** The candidate taken apart, once for all that it is compared with. */
interface Read {
  candidate: Candidate;
  words: Set<string>;
  /** Without the body. */
  subject: Set<string>;
  paths: Set<string>;
  claims: ReturnType<typeof claimsOf>;
}

/** More facts, or clearly more words, with little of the old record missing. */
function saysMore({ candidate, words }: Read, older: Candidate): boolean {
  const oldWords = wordsOf(older);
  if (containment(oldWords, words) < 0.7) return false;
  return candidate.facts.length > older.facts.length || words.size >= oldWords.size * 1.3;
}

function isNear({ candidate, words, paths }: Read, older: Candidate): boolean {
  const oldPaths = citePaths(older.cites);
  const isElsewhere = paths.size > 0 && oldPaths.size > 0 && !isOverlapping(paths, oldPaths);
  if (isElsewhere) return false;
  const likeness = jaccard(words, wordsOf(older));
  if (likeness >= sameWords) return true;
  return candidate.type === older.type && (likeness > nearDuplicate || candidate.title === older.title);
}

/** Similar enough that one could contradict the other. */
function isSameSubject({ subject, paths }: Read, older: Candidate): boolean {
  return isOverlapping(paths, citePaths(older.cites)) || jaccard(subject, wordsOf({ ...older, body: '' })) >= 0.3;
}

/**
 * `known` and `tombstones` are trusted and belong here: a foreign record suppresses, supersedes and contradicts nothing. `proposed`
 * are ids named by the provider.
 */
export function judgeKnown(
  candidate: Candidate,
  known: readonly MemoryRecord[],
  tombstones: readonly MemoryRecord[],
  proposed: { supersedes: readonly string[]; contradicts: readonly string[] } = { supersedes: [], contradicts: [] },
): Verdict {
  const tombstone = tombstones.find((each) => isForgotten(candidate, each));
  if (tombstone !== undefined) return { kind: 'known', reason: `forgotten: ${tombstone.id} suppresses it`, tombstone };
  const ids = new Set(known.map((record) => record.id));
  const supersedes = new Set(proposed.supersedes.filter((id) => ids.has(id)));
  const contradicts = new Set(proposed.contradicts.filter((id) => ids.has(id)));
  const read = {
    candidate,
    words: wordsOf(candidate),
    subject: wordsOf({ ...candidate, body: '' }),
    paths: citePaths(candidate.cites),
    claims: claimsOf(candidate),
  };
  for (const older of known) {
    if (supersedes.has(older.id) || older.type === 'session' || older.type === 'tombstone') continue;
    const isOpposite = isSameSubject(read, older) && isContradiction(candidate, older, read.claims);
    if (isOpposite) (isCorrection(candidate) ? supersedes : contradicts).add(older.id);
    else if (isNear(read, older)) {
      if (!saysMore(read, older)) return { kind: 'known', reason: `says no more than ${older.id}` };
      supersedes.add(older.id);
    }
  }
  for (const id of supersedes) contradicts.delete(id);
  return { kind: 'new', supersedes: [...supersedes], contradicts: [...contradicts] };
}
