// From how well a record matches to how it is ordered: what its neighbours in the session say, and how far it has faded.
import { neighbourOf, sessionsOf } from '../index/neighbours.ts';
import type { RecordTable } from '../index/table.ts';

/**
 * How much of a neighbour's score a record gets: the nearest in full, the next half of it, the third a third. What was said before counts more.
 * Worth 5 points of recall@5 over chat facts and 2 over commit messages; see src/index/match.ts.
 */
const weightOfEarlier = 0.35;
const weightOfLater = 0.28;
const neighbourReach = 3;
const fadeDays = 7;
/** The least that age leaves of a score. */
export const fadeFloor = 0.25;

/** By row, the scores with those of neighbours counted in, where the row has one of its own. */
export function addNeighbours(own: Float64Array, table: RecordTable): Float64Array {
  const sessions = sessionsOf(table);
  const scores = new Float64Array(own.length);
  for (let row = 0; row < own.length; row++) {
    if (own[row] === 0) continue;
    let near = 0;
    for (let step = 1; step <= neighbourReach; step++) {
      const earlier = neighbourOf(sessions, row, -step);
      const later = neighbourOf(sessions, row, step);
      if (earlier >= 0) near += (weightOfEarlier * own[earlier]!) / step;
      if (later >= 0) near += (weightOfLater * own[later]!) / step;
    }
    scores[row] = own[row]! + near;
  }
  return scores;
}

/** 1 for what lasts; else halved every 7 days down to a quarter (format.md). Both in milliseconds since 1970. */
export function fadeOf(fadesFrom: number, now: number): number {
  const ageDays = (now - fadesFrom) / 86_400_000;
  return ageDays > 0 ? Math.max(fadeFloor, 0.5 ** (ageDays / fadeDays)) : 1;
}
