// From how well a record matches to how it is ordered: what its neighbours in the session say, and how far it has faded.
import type { Match } from '../index/match.ts';
import { neighbourOf, sessionsOf } from '../index/sessions.ts';
import type { RecordTable } from '../index/table.ts';

/** How much of a neighbour's score a record gets: the nearest in full, the next half of it. What was said before counts more. */
const weightOfEarlier = 0.5;
const weightOfLater = 0.4;
const neighbourReach = 2;
const fadeDays = 7;
const fadeFloor = 0.25;

/** The scores of the matches, in their order, with their neighbours counted in. */
export function scoresAmong(matches: readonly Match[], table: RecordTable): Float64Array {
  const sessions = sessionsOf(table);
  const own = new Float64Array(table.count);
  const scores = new Float64Array(matches.length);
  for (const { row, score } of matches) own[row] = score;
  for (let at = 0; at < matches.length; at++) {
    const { row, score } = matches[at]!;
    let near = 0;
    for (let step = 1; step <= neighbourReach; step++) {
      const earlier = neighbourOf(sessions, row, -step);
      const later = neighbourOf(sessions, row, step);
      if (earlier >= 0) near += (weightOfEarlier * own[earlier]!) / step;
      if (later >= 0) near += (weightOfLater * own[later]!) / step;
    }
    scores[at] = score + near;
  }
  return scores;
}

/** 1 for what lasts; else halved every 7 days down to a quarter (format.md). Both in milliseconds since 1970. */
export function fadeOf(fadesFrom: number, now: number): number {
  const ageDays = (now - fadesFrom) / 86_400_000;
  return ageDays > 0 ? Math.max(fadeFloor, 0.5 ** (ageDays / fadeDays)) : 1;
}
