// The part of a query that needs the index; loaded only when words were asked.
import { matchTerms } from './engine.ts';
import type { SearchIndex } from './index.ts';
import { findPostings } from './postings.ts';
import type { Hit } from './query.ts';
import { fadeOf, scoresAmong } from './relevance.ts';
import { asksTime, timeMark, timeWeight } from '../index/times.ts';
import { stemmedWords } from '../index/words.ts';

export { openEditedIndex } from './edited-index.ts';
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
  const matches = matchTerms(index, stemmedWords(text), { isAllowed, wanted });
  const scores = scoresAmong(matches, entries);
  const timed = asksTime(text) ? new Set(findPostings(index, timeMark).places) : undefined;
  const today = now.getTime();
  for (let at = 0; at < matches.length; at++) {
    const { place } = matches[at]!;
    scores[at]! *= fadeOf(entries.fadesAt(place), today);
    if (timed?.has(place)) scores[at]! *= timeWeight;
  }
  // Of equals the newer first, and always in the same order, whichever way they were found.
  const byAge = (a: number, b: number): number => {
    const [first, second] = [entries.at(a).created, entries.at(b).created];
    return first === second ? a - b : first > second ? -1 : 1;
  };
  const ordered = [...matches.keys()].sort(
    (a, b) => scores[b]! - scores[a]! || byAge(matches[a]!.place, matches[b]!.place),
  );
  const least = order === 'date' ? scores[ordered[0]!]! * chanceShare : 0;
  const chosen = order === 'date' ? ordered.filter((at) => scores[at]! >= least) : ordered.slice(0, wanted);
  const spoken = wordsByStem(text);
  return chosen.map((at) => {
    const { place, coverage, fields } = matches[at]!;
    const why = [...fields()].map(([term, where]) => `${spoken.get(term) ?? term}: ${where.join(', ')}`);
    return { excerpt: entries.at(place), place, score: scores[at]!, coverage, why };
  });
}

/** Stem → the word as it was asked. */
function wordsByStem(text: string): ReadonlyMap<string, string> {
  const words = text.match(/[^\s"'()?!,;]+/g) ?? [];
  return new Map(words.flatMap((word) => stemmedWords(word).map((stem) => [stem, word] as const)));
}
