// From how well a record matches to how it is ordered: what its neighbours in the session say, and how far it has faded.
import type { Excerpt } from '../domain/excerpt.ts';
import { isDurable } from '../domain/types.ts';
import type { Match } from './engine.ts';

/** How much of a neighbour's score a record gets: the nearest in full, the next half of it. What was said before counts more. */
const weightOfEarlier = 0.5;
const weightOfLater = 0.4;
const neighbourReach = 2;
const fadeDays = 7;
const fadeFloor = 0.25;

/** Places of excerpts by session, oldest first. */
export type Sessions = ReadonlyMap<string, readonly number[]>;

export function groupBySession(excerpts: readonly Excerpt[]): Sessions {
  const sessions = new Map<string, number[]>();
  for (let place = 0; place < excerpts.length; place++) {
    const { session } = excerpts[place]!;
    if (session === undefined) continue;
    const places = sessions.get(session);
    if (places === undefined) sessions.set(session, [place]);
    else places.push(place);
  }
  const created = (place: number): string => excerpts[place]!.created;
  for (const places of sessions.values())
    places.sort((a, b) => (created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : a - b));
  return sessions;
}

/** The matches with neighbours counted in; same order, `score` changed. */
export function addNeighbours(matches: readonly Match[], excerpts: readonly Excerpt[], sessions: Sessions): Match[] {
  const own = new Map(matches.map((match) => [match.place, match.score]));
  const order = new Map<string, Map<number, number>>();
  const scoreAt = (places: readonly number[], at: number): number => own.get(places[at] ?? -1) ?? 0;
  return matches.map((match) => {
    const { session } = excerpts[match.place]!;
    const places = session === undefined ? undefined : sessions.get(session);
    if (session === undefined || places === undefined || places.length === 1) return match;
    let positions = order.get(session);
    if (positions === undefined) order.set(session, (positions = new Map(places.map((place, at) => [place, at]))));
    const at = positions.get(match.place)!;
    let near = 0;
    for (let step = 1; step <= neighbourReach; step++)
      near += (weightOfEarlier * scoreAt(places, at - step) + weightOfLater * scoreAt(places, at + step)) / step;
    return { ...match, score: match.score + near };
  });
}

/** 1 for what lasts; else halved every 7 days down to a quarter (format.md). */
export function fadeOf(excerpt: Excerpt, now: Date): number {
  if (isDurable(excerpt.type)) return 1;
  const ageDays = (now.getTime() - Date.parse(excerpt.created)) / 86_400_000;
  return ageDays > 0 ? Math.max(fadeFloor, 0.5 ** (ageDays / fadeDays)) : 1;
}
