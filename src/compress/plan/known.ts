// Compares a new record with the trusted ones: new, a repetition, a better version, or a contradiction. Pure.
import type { MemoryRecord } from '../../domain/record.ts';
import { isContradiction, isCorrection } from './contradict.ts';
import {
  citePaths,
  compareSketches,
  containment,
  isOverlapping,
  jaccard,
  sketchOf,
  titleInSketch,
  wordsOf,
} from './similar.ts';

export type Candidate = Pick<MemoryRecord, 'type' | 'title' | 'description' | 'facts' | 'body' | 'cites'>;

export type Verdict = { kind: 'new'; supersedes: string[]; contradicts: string[] } | { kind: 'known'; reason: string };

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

/** More facts, or clearly more words, with little of the old record missing. */
function saysMore(candidate: Candidate, older: Candidate): boolean {
  const [words, oldWords] = [wordsOf(candidate), wordsOf(older)];
  if (containment(oldWords, words) < 0.7) return false;
  return candidate.facts.length > older.facts.length || words.size >= oldWords.size * 1.3;
}

function isNear(candidate: Candidate, older: Candidate): boolean {
  const [paths, oldPaths] = [citePaths(candidate.cites), citePaths(older.cites)];
  const isElsewhere = paths.size > 0 && oldPaths.size > 0 && !isOverlapping(paths, oldPaths);
  if (isElsewhere) return false;
  const likeness = jaccard(wordsOf(candidate), wordsOf(older));
  if (likeness >= sameWords) return true;
  return candidate.type === older.type && (likeness > nearDuplicate || candidate.title === older.title);
}

/** Similar enough that one could contradict the other. */
function isSameSubject(candidate: Candidate, older: Candidate): boolean {
  if (isOverlapping(citePaths(candidate.cites), citePaths(older.cites))) return true;
  return jaccard(wordsOf({ ...candidate, body: '' }), wordsOf({ ...older, body: '' })) >= 0.3;
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
  if (tombstone !== undefined) return { kind: 'known', reason: `forgotten: ${tombstone.id} suppresses it` };
  const ids = new Set(known.map((record) => record.id));
  const supersedes = new Set(proposed.supersedes.filter((id) => ids.has(id)));
  const contradicts = new Set(proposed.contradicts.filter((id) => ids.has(id)));
  for (const older of known) {
    if (supersedes.has(older.id) || older.type === 'session' || older.type === 'tombstone') continue;
    const isOpposite = isSameSubject(candidate, older) && isContradiction(candidate, older);
    if (isOpposite) (isCorrection(candidate) ? supersedes : contradicts).add(older.id);
    else if (isNear(candidate, older)) {
      if (!saysMore(candidate, older)) return { kind: 'known', reason: `says no more than ${older.id}` };
      supersedes.add(older.id);
    }
  }
  for (const id of supersedes) contradicts.delete(id);
  return { kind: 'new', supersedes: [...supersedes], contradicts: [...contradicts] };
}
