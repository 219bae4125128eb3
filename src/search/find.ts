// The part of a query that needs the index; loaded only when words were asked.
import { matchTerms } from '../index/match.ts';
import { findPostings } from '../index/postings.ts';
import { fadesFrom, type RecordTable } from '../index/table.ts';
import { asksTime, timeMark, timeWeight } from '../index/times.ts';
import { stemmedWords } from '../index/words.ts';
import type { Hit } from './hit.ts';
import { fadeOf, scoresAmong } from './relevance.ts';

/** With order by date, what matches much worse than the best is left out, or the newest chance match would come first. */
const chanceShare = 0.25;

export interface Wish {
  order: 'relevance' | 'date';
  /** How many hits are asked for, the offset included. */
  wanted: number;
}

/** Hits among the allowed rows, best first. */
export function findHits(
  table: RecordTable,
  text: string,
  isAllowed: (row: number) => boolean,
  now: Date,
  { order, wanted }: Wish,
): Hit[] {
  const matches = matchTerms(table, stemmedWords(text), { isAllowed, wanted });
  const scores = scoresAmong(matches, table);
  const timed = asksTime(text) ? new Set(findPostings(table, timeMark).holders) : undefined;
  const today = now.getTime();
  const created = table.column('created');
  for (let at = 0; at < matches.length; at++) {
    const { row } = matches[at]!;
    scores[at]! *= fadeOf(fadesFrom(table, row), today);
    if (timed?.has(row)) scores[at]! *= timeWeight;
  }
  // Of equals the newer first, and always in the same order, whichever way they were found.
  const byAge = (a: number, b: number): number => {
    const [first, second] = [created[a]!, created[b]!];
    return first === second ? a - b : first > second ? -1 : 1;
  };
  const ordered = [...matches.keys()].sort(
    (a, b) => scores[b]! - scores[a]! || byAge(matches[a]!.row, matches[b]!.row),
  );
  const least = order === 'date' ? scores[ordered[0]!]! * chanceShare : 0;
  const chosen = order === 'date' ? ordered.filter((at) => scores[at]! >= least) : ordered.slice(0, wanted);
  const spoken = wordsByStem(text);
  return chosen.map((at) => {
    const { row, coverage, fields } = matches[at]!;
    const why = [...fields()].map(([term, where]) => `${spoken.get(term) ?? term}: ${where.join(', ')}`);
    return { excerpt: table.excerptAt(row), row, score: scores[at]!, coverage, why };
  });
}

/** Stem → the word as it was asked. */
function wordsByStem(text: string): ReadonlyMap<string, string> {
  const words = text.match(/[^\s"'()?!,;]+/g) ?? [];
  return new Map(words.flatMap((word) => stemmedWords(word).map((stem) => [stem, word] as const)));
}
