// From how well a record matches to how it is ordered: what its neighbours in the session say, and how far it has faded.
import type { Excerpt } from '../domain/excerpt.ts';
import { isDurable } from '../domain/types.ts';
import type { Match } from './engine.ts';
import { neighbourOf, type Sessions } from './entries.ts';

/** How much of a neighbour's score a record gets: the nearest in full, the next half of it. What was said before counts more. */
const weightOfEarlier = 0.5;
const weightOfLater = 0.4;
const neighbourReach = 2;
const fadeDays = 7;
const fadeFloor = 0.25;

/** The matches with neighbours counted in; same order, `score` changed. */
export function addNeighbours(matches: readonly Match[], sessions: Sessions): Match[] {
  const own = new Map(matches.map((match) => [match.place, match.score]));
  const scoreOf = (place: number, steps: number): number => own.get(neighbourOf(sessions, place, steps)) ?? 0;
  return matches.map((match) => {
    let near = 0;
    for (let step = 1; step <= neighbourReach; step++)
      near += (weightOfEarlier * scoreOf(match.place, -step) + weightOfLater * scoreOf(match.place, step)) / step;
    return near === 0 ? match : { ...match, score: match.score + near };
  });
}

/** 1 for what lasts; else halved every 7 days down to a quarter (format.md). */
export function fadeOf(excerpt: Excerpt, now: Date): number {
  if (isDurable(excerpt.type)) return 1;
  const ageDays = (now.getTime() - Date.parse(excerpt.created)) / 86_400_000;
  return ageDays > 0 ? Math.max(fadeFloor, 0.5 ** (ageDays / fadeDays)) : 1;
}
