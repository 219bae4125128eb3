// Two orders made one: by words and by meaning. By scores and not by ranks, which throws away how sure each is.

/** What a standard deviation of likeness weighs against the best score by words. 0.2 to 0.4 differ by half a point over chat facts, 0.6 costs two. */
const meaningWeight = 0.3;
/** A record that holds no word of the question is found by this many standard deviations. */
const foundBy = 1;

export interface Likeness {
  /** By row, in standard deviations from the mean; 0 for a row without a vector. */
  standard: Float64Array;
  /** By row, the cosine; undefined for a row without a vector. */
  cosine(row: number): number | undefined;
}

/** Undefined when fewer than two allowed rows have a vector. */
export function standardize(
  count: number,
  isAllowed: (row: number) => boolean,
  cosine: (row: number) => number | undefined,
): Likeness | undefined {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (cosine(row) !== undefined && isAllowed(row)) rows.push(row);
  const mean = rows.reduce((sum, row) => sum + cosine(row)!, 0) / rows.length;
  const spread = Math.sqrt(rows.reduce((sum, row) => sum + (cosine(row)! - mean) ** 2, 0) / rows.length);
  if (!(spread > 0)) return undefined;
  const standard = new Float64Array(count);
  for (const row of rows) standard[row] = (cosine(row)! - mean) / spread;
  return { standard, cosine };
}

/** Scores by words, in place, with meaning counted in. Where no row has a word of the question meaning alone orders. */
export function fuse(scores: Float64Array, { standard }: Likeness): void {
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] === 0 && standard[row]! < foundBy) continue;
    // Above 0: what is found stays found.
    scores[row] = Math.max(Number.MIN_VALUE, (best === 0 ? 0 : scores[row]! / best) + meaningWeight * standard[row]!);
  }
}
