// Compares a new record with the trusted ones: new, a repetition, a better version, or a contradiction. Pure.
import { matchesKey, type MemoryRecord } from '../../domain/record.ts';
import { stemmedWords } from '../../index/words.ts';
import { claimsOf, isCorrection, isOpposed } from './contradict.ts';
import {
  citesSameFile,
  compareSketches,
  containment,
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
/** Share of common words without the body, for two records on one subject that cite no common file. */
const sameSubject = 0.3;
const forgotten = 0.5;
const forgottenSamePath = 0.35;

export function isForgotten(candidate: Candidate, tombstone: MemoryRecord): boolean {
  const kept = tombstone.extra[matchesKey];
  if (!Array.isArray(kept)) return false;
  const sketch = kept.filter((item) => typeof item === 'string' || typeof item === 'number').map(String);
  const likeness = compareSketches(sketchOf(candidate), sketch);
  if (likeness >= forgotten || titleInSketch(candidate.title, sketch) >= 0.85) return true;
  return likeness >= forgottenSamePath && citesSameFile(candidate, tombstone);
}

/** The words and claims of a record, read once for all comparisons. Lists without repetition. */
export interface Compared {
  words: readonly string[];
  /** Without the body. */
  subject: readonly string[];
  claims(): ReturnType<typeof claimsOf>;
}

const comparedByRecord = new WeakMap<Candidate, Compared>();

export function comparedOf(record: Candidate): Compared {
  const known = comparedByRecord.get(record);
  if (known !== undefined) return known;
  let claims: ReturnType<typeof claimsOf> | undefined;
  const subject = wordsOf({ ...record, body: '' });
  const compared = {
    words: [...new Set([...subject, ...stemmedWords(record.body)])],
    subject: [...subject],
    claims: () => (claims ??= claimsOf(record)),
  };
  comparedByRecord.set(record, compared);
  return compared;
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
  const own = comparedOf(candidate);
  const [words, subject] = [new Set(own.words), new Set(own.subject)];
  for (const older of known) {
    if (supersedes.has(older.id) || older.type === 'session' || older.type === 'tombstone') continue;
    const other = comparedOf(older);
    const isSameFile = citesSameFile(candidate, older);
    const isOnSubject = isSameFile || jaccard(subject, other.subject) >= sameSubject;
    // One of their sentences excludes one of the other's.
    if (isOnSubject && isOpposed(own.claims(), other.claims())) {
      (isCorrection(candidate) ? supersedes : contradicts).add(older.id);
      continue;
    }
    const isElsewhere = candidate.cites.length > 0 && older.cites.length > 0 && !isSameFile;
    const likeness = isElsewhere ? 0 : jaccard(words, other.words);
    const isSameTitle = !isElsewhere && candidate.title === older.title;
    const isSame = candidate.type === older.type && (likeness > nearDuplicate || isSameTitle);
    if (!isSame && likeness < sameWords) continue;
    // More facts, or clearly more words, with little of the old record missing.
    const isMore = candidate.facts.length > older.facts.length || words.size >= other.words.length * 1.3;
    if (!isMore || containment(other.words, words) < 0.7)
      return { kind: 'known', reason: `says no more than ${older.id}` };
    supersedes.add(older.id);
  }
  for (const id of supersedes) contradicts.delete(id);
  return { kind: 'new', supersedes: [...supersedes], contradicts: [...contradicts] };
}
