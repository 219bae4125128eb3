// The part of a query that needs the index; loaded only when words were asked.
import { type Match, matchTerms } from './engine.ts';
import type { SearchIndex } from './index.ts';
import { findPostings } from './postings.ts';
import type { Hit } from './query.ts';
import { addNeighbours, fadeOf } from './relevance.ts';
import { asksTime, timeMark, timeWeight } from './times.ts';
import { stemmedWords } from './words.ts';

export { openIndex, openKeptIndex } from './index.ts';

/** With order by date, what matches much worse than the best is left out, or the newest chance match would come first. */
const chanceShare = 0.25;

export interface Wish {
  order: 'relevance' | 'date';
  /** How many hits are asked for, the offset included. */
  wanted: number;
}

/** Hits among the allowed places, best first. */
export function findHits(
  index: SearchIndex,
  text: string,
  isAllowed: (place: number) => boolean,
  now: Date,
  { order, wanted }: Wish,
): Hit[] {
  const { entries } = index;
  const spoken = wordsByStem(text);
  const matches = addNeighbours(matchTerms(index, stemmedWords(text), { isAllowed, wanted }), entries.sessions);
  const hits: (Hit & { match: Match })[] = [];
  const timed = asksTime(text) ? new Set(findPostings(index, timeMark).places) : undefined;
  for (const match of matches) {
    const { place, score, coverage } = match;
    const excerpt = entries.at(place);
    const weight = fadeOf(excerpt, now) * (timed?.has(place) ? timeWeight : 1);
    hits.push({ excerpt, place, score: score * weight, coverage, why: [], match });
  }
  hits.sort((a, b) => b.score - a.score || (a.excerpt.created > b.excerpt.created ? -1 : 1));
  const least = order === 'date' ? (hits[0]?.score ?? 0) * chanceShare : 0;
  return hits
    .filter((hit) => hit.score >= least)
    .slice(0, order === 'date' ? hits.length : wanted)
    .map(({ match, ...hit }) => ({
      ...hit,
      why: [...match.fields()].map(([term, where]) => `${spoken.get(term) ?? term}: ${where.join(', ')}`),
    }));
}

/** Stem → the word as it was asked. */
function wordsByStem(text: string): ReadonlyMap<string, string> {
  const words = text.match(/[^\s"'()?!,;]+/g) ?? [];
  return new Map(words.flatMap((word) => stemmedWords(word).map((stem) => [stem, word] as const)));
}
