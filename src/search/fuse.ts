// Two orders made one: by words and by meaning. By scores and not by ranks, which throws away how sure each is.
import { nthLargest } from '../index/sorted.ts';

/**
 * What a standard deviation of likeness above the mean weighs against the best score by words. Measured with a small encoder (recall@5): chat facts
 * 74.1 → 75.9, commit messages 89.2 → 88.6 with a better first hit (MRR 81.8 → 82.8). Likeness below the mean, which says nothing, and the same
 * weight for long texts cost commit messages three points more.
 */
const meaningWeight = 0.12;
/** A vector tells all of a text of so many tokens, and less of a longer one. */
const wholeTokens = 45;
/** The best of either order are compared, so many of each. */
const candidatesOfEach = 100;

export interface Likeness {
  /** By row, in standard deviations above the mean of the candidates, less for long texts; 0 for a row below it and for one that is none. */
  standard: Float64Array;
  /** By row, the cosine; undefined for a row without a vector. */
  cosine(row: number): number | undefined;
}

/**
 * Counts meaning into scores by words, in place; a row that is no candidate keeps its words alone. Undefined, and nothing done, when fewer than two
 * allowed rows have a vector.
 */
export function fuse(
  scores: Float64Array,
  isAllowed: (row: number) => boolean,
  cosine: (row: number) => number | undefined,
  tokensOf: (row: number) => number,
): Likeness | undefined {
  const cosines = new Float64Array(scores.length);
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    const likeness = isAllowed(row) ? cosine(row) : undefined;
    if (likeness === undefined) continue;
    cosines[row] = likeness;
    rows.push(row);
  }
  const bestBy = (values: Float64Array): number[] => {
    const least = nthLargest(new Float64Array(rows.map((row) => values[row]!)), candidatesOfEach);
    const best = rows.filter((row) => values[row]! >= least);
    return best.sort((a, b) => values[b]! - values[a]!).slice(0, candidatesOfEach);
  };
  const candidates = [...new Set([...bestBy(scores), ...bestBy(cosines)])];
  const mean = candidates.reduce((sum, row) => sum + cosines[row]!, 0) / candidates.length;
  const spread = Math.sqrt(candidates.reduce((sum, row) => sum + (cosines[row]! - mean) ** 2, 0) / candidates.length);
  if (!(spread > 0)) return undefined;
  const standard = new Float64Array(scores.length);
  for (const row of candidates)
    standard[row] = Math.max(0, (cosines[row]! - mean) / spread) * Math.min(1, wholeTokens / tokensOf(row));
  const best = scores.reduce((most, score) => Math.max(most, score), 0) || 1;
  for (let row = 0; row < scores.length; row++)
    // Above 0: what is found stays found.
    if (scores[row]! > 0 || standard[row]! > 0)
      scores[row] = Math.max(Number.MIN_VALUE, scores[row]! / best + meaningWeight * standard[row]!);
  return { standard, cosine };
}
