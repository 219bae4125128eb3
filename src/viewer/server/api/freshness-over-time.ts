// How the citing records of today came to be, and grew stale: two counts at each of a row of moments.
export interface FreshnessPoint {
  /** ISO 8601. */
  at: string;
  /** Records that were there by then. */
  records: number;
  /** Of these, records a cited place of which had changed by then. */
  stale: number;
}

const points = 24;

/** `created`: of every record with cites. `staleSince`: of those that are stale now, when that began. All ISO 8601; [] without records. */
export function freshnessOverTime(
  created: readonly string[],
  staleSince: readonly string[],
  now: string,
): FreshnessPoint[] {
  const [made, stale] = [timesOf(created), timesOf(staleSince)];
  const [first, last] = [made[0], Date.parse(now)];
  if (first === undefined || Number.isNaN(first) || first >= last) return [];
  return Array.from({ length: points }, (_, step) => {
    const at = first + ((last - first) * (step + 1)) / points;
    return {
      at: new Date(at).toISOString(),
      records: countTo(made, at),
      stale: Math.min(countTo(made, at), countTo(stale, at)),
    };
  });
}

function timesOf(texts: readonly string[]): number[] {
  return texts.map((text) => Date.parse(text)).sort((a, b) => a - b);
}

function countTo(times: readonly number[], at: number): number {
  return times.filter((one) => one <= at).length;
}
