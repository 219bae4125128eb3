// What matters now: an order over excerpts as a pure function of what is known about the work at hand.
import type { Excerpt, Trust } from '../domain/excerpt.ts';
import { ageInDays, fadeFactor, isObservationType, observationTypes } from '../domain/types.ts';

export interface StaleMark {
  freshness: 'changed' | 'gone';
  /** Short id of the commit that changed the cited lines; absent for uncommitted changes. */
  commit?: string;
}

/** The work at hand, read once. Paths are relative to the top of the working tree. */
export interface WorkingSet {
  /** Changed on this branch since it left the default branch, or in the working tree. */
  changedFiles: ReadonlySet<string>;
  /** Touched by the last few commits. */
  recentFiles: ReadonlySet<string>;
  branch?: string;
}

export interface Candidate {
  excerpt: Excerpt;
  trust: Trust;
  stale?: StaleMark;
}

export interface Ranked extends Candidate {
  score: number;
}

const citeWeights = { changed: 0.5, recent: 0.25 };
const weights = { branchWord: 0.15, recency: 0.15, recencyHalfLifeDays: 14 };
const staleFactor = 0.5;

/** Highest score first; ties by creation time, newest first, then by id, so that equal states give equal bytes. */
export function rankCandidates(candidates: readonly Candidate[], workingSet: WorkingSet, now: Date): Ranked[] {
  const branchWords = wordsOf(workingSet.branch ?? '');
  return candidates
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate, workingSet, branchWords, now) }))
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.excerpt.created < b.excerpt.created ? 1 : a.excerpt.created > b.excerpt.created ? -1 : 0) ||
        (a.excerpt.id < b.excerpt.id ? -1 : 1),
    );
}

/**
 * The first `count` of rankCandidates, over candidates whose staleness is not known yet: `mark` finds it out for those that can be among the
 * first, which are few, since being stale only ever lowers a score.
 */
export async function rankBest<T extends Candidate>(
  candidates: readonly T[],
  workingSet: WorkingSet,
  now: Date,
  count: number,
  mark: (candidates: readonly T[]) => Promise<Candidate[]>,
): Promise<Ranked[]> {
  const branchWords = wordsOf(workingSet.branch ?? '');
  const scores = new Float64Array(candidates.map((one) => scoreOf(one, workingSet, branchWords, now)));
  const sorted = scores.slice().sort();
  for (let wanted = 4 * count; ; wanted *= 4) {
    const least = sorted[sorted.length - wanted] ?? -Infinity;
    const chosen = candidates.filter((_, paths) => scores[paths]! >= least);
    const ranked = rankCandidates(await mark(chosen), workingSet, now);
    const last = ranked[count - 1];
    if (chosen.length === candidates.length || (last !== undefined && last.score >= least))
      return ranked.slice(0, count);
  }
}

/** What the score of a record is made of. */
function measure({ excerpt }: Candidate, { changedFiles, recentFiles }: WorkingSet, branchWords: string[], now: Date) {
  const age = ageInDays(excerpt.created, now);
  const words =
    branchWords.length === 0 ? [] : wordsOf([excerpt.title, ...excerpt.concepts, ...excerpt.aliases].join(' '));
  return {
    kind: isObservationType(excerpt.type) ? observationTypes[excerpt.type].weight : 0.4,
    fade: fadeFactor(excerpt.type, age),
    confidence: 0.7 + 0.3 * (excerpt.confidence ?? 0.7),
    cited: citesOneOf(excerpt, changedFiles)
      ? ('changed' as const)
      : citesOneOf(excerpt, recentFiles)
        ? ('recent' as const)
        : undefined,
    named: branchWords.find((word) => words.includes(word)),
    recency: weights.recency * 2 ** (-Math.max(0, age) / weights.recencyHalfLifeDays),
  };
}

function scoreOf(candidate: Candidate, workingSet: WorkingSet, branchWords: string[], now: Date): number {
  const { kind, fade, confidence, cited, named, recency } = measure(candidate, workingSet, branchWords, now);
  let score = kind * fade * confidence;
  if (cited) score += citeWeights[cited];
  if (named !== undefined) score += weights.branchWord;
  score += recency;
  return candidate.stale ? score * staleFactor : score;
}

/** The same in words: the factors of its type, then what is added, then what halves it. */
export function explainScore(candidate: Candidate, workingSet: WorkingSet, now: Date): string[] {
  const branchWords = wordsOf(workingSet.branch ?? '');
  const { kind, fade, confidence, cited, named, recency } = measure(candidate, workingSet, branchWords, now);
  return [
    `${candidate.excerpt.type} ${kind}`,
    fade < 1 && `faded × ${fade.toFixed(2)}`,
    `confidence × ${confidence.toFixed(2)}`,
    cited && `cites a ${cited} file + ${citeWeights[cited]}`,
    named !== undefined && `the branch names “${named}” + ${weights.branchWord}`,
    recency >= 0.005 && `recent + ${recency.toFixed(2)}`,
    candidate.stale && `no longer so × ${staleFactor}`,
  ].filter((reason) => typeof reason === 'string');
}

function citesOneOf({ cites }: Excerpt, files: ReadonlySet<string>): boolean {
  return files.size > 0 && cites.some(({ path }) => files.has(path));
}

const branchNoise = new Set('main master trunk develop feature fix feat bugfix chore head'.split(' '));

function wordsOf(text: string): string[] {
  // The tables of all scripts take milliseconds to make: ASCII does without.
  const between = /^[\x20-\x7e]*$/.test(text) ? /[^a-zA-Z0-9]+/ : /[^\p{L}\p{N}]+/u;
  return text
    .toLowerCase()
    .split(between)
    .filter((word) => word.length > 2 && !branchNoise.has(word));
}

/** One line: what the order above was made from; part of the block, so it never names the time. */
export function describeRanking(workingSet: WorkingSet): string {
  const parts: string[] = [];
  if (workingSet.changedFiles.size > 0) parts.push(`${workingSet.changedFiles.size} changed files`);
  if (workingSet.recentFiles.size > 0) parts.push('recent commits');
  if (workingSet.branch && wordsOf(workingSet.branch).length > 0) parts.push(`branch ${workingSet.branch}`);
  return [...parts, 'type', 'age', 'confidence'].join(', ');
}
