// The part of a query that needs the index; loaded only when words were asked.
import type { Excerpt } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import type { Catalog } from './catalog.ts';
import { type Match, matchTerms } from './engine.ts';
import { openIndex, type SearchIndex } from './index.ts';
import { findPostings } from './postings.ts';
import type { Hit, QueryContext } from './query.ts';
import { addNeighbours, fadeOf, groupBySession, type Sessions } from './relevance.ts';
import { asksTime, timeMark, timeWeight } from './times.ts';
import { stemmedWords } from './words.ts';

const sessionsByIndex = new WeakMap<SearchIndex, Sessions>();

/** With order by date, what matches much worse than the best is left out, or the newest chance match would come first. */
const chanceShare = 0.25;

export interface Wish {
  order: 'relevance' | 'date';
  /** How many hits are asked for, the offset included. */
  wanted: number;
}

/** Hits among the allowed excerpts, best first. */
export async function findHits(
  place: Place,
  catalog: Catalog,
  text: string,
  isAllowed: (excerpt: Excerpt) => boolean,
  context: QueryContext,
  wish: Wish,
): Promise<Hit[]> {
  const index = context.index ?? (await openIndex(place, catalog));
  return hitsIn(index, text, isAllowed, context.now, wish);
}

function hitsIn(
  index: SearchIndex,
  text: string,
  isAllowed: (excerpt: Excerpt) => boolean,
  now: Date,
  { order, wanted }: Wish,
): Hit[] {
  const { excerpts } = index;
  const spoken = wordsByStem(text);
  const matches = addNeighbours(
    matchTerms(index, stemmedWords(text), { isAllowed: (at) => isAllowed(excerpts[at]!), wanted }),
    excerpts,
    sessionsOf(index),
  );
  const hits: (Hit & { match: Match })[] = [];
  const timed = asksTime(text) ? new Set(findPostings(index, timeMark).places) : undefined;
  for (const match of matches) {
    const { place: at, score, coverage } = match;
    const excerpt = excerpts[at]!;
    const weight = fadeOf(excerpt, now) * (timed?.has(at) ? timeWeight : 1);
    hits.push({ excerpt, score: score * weight, coverage, why: [], match });
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

/** Worked out once for an index that stays open. */
function sessionsOf(index: SearchIndex): Sessions {
  let sessions = sessionsByIndex.get(index);
  if (sessions === undefined) sessionsByIndex.set(index, (sessions = groupBySession(index.excerpts)));
  return sessions;
}

/** Stem → the word as it was asked. */
function wordsByStem(text: string): ReadonlyMap<string, string> {
  const words = text.match(/[^\s"'()?!,;]+/g) ?? [];
  return new Map(words.flatMap((word) => stemmedWords(word).map((stem) => [stem, word] as const)));
}
