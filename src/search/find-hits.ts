// The part of a query that needs the words of records; loaded only when something was asked.
import { isDurable } from '../domain/types.ts';
import { ageInDays, fadeFactor, fadeFloor } from '../domain/weight.ts';
import { holdersOf, matchWords } from '../index/match.ts';
import { asksTime, timeMark, timeWeight } from '../index/times.ts';
import { nthLargest } from '../index/sorted.ts';
import { askedWords } from '../index/words.ts';
import { fuse } from './fuse.ts';
import { addNeighbours } from './neighbours.ts';
import type { Found, Hit, Query, QueryContext } from './hit.ts';
import { type Question, readQuestion } from './question.ts';

/** With order by date, what matches much worse than the best is left out, or the newest chance match would come first. */
const chanceShare = 0.25;

/**
 * Hits among the rows that may be found, best first, at least as many as `wanted`. A time in the question filters, unless nothing is of that time;
 * files that it names come first.
 */
export function findHits(
  { text = '', order, isPlain = false }: Query,
  { table, now, mayFind, likeness }: QueryContext,
  wanted: number,
): Found {
  const [created, types] = [table.column('created'), table.column('type')];
  const question: Question = isPlain
    ? { words: askedWords(text), files: new Map() }
    : readQuestion(text, now, table, mayFind);
  const inTime = question.time?.holds;
  const isAllowed = (row: number): boolean => (!inTime || inTime(created[row]!)) && mayFind(row);
  const { files, listed } = question;
  const isByDate = order === 'date';
  const isWhole = isByDate || listed !== undefined;
  const matched = matchWords(table, question.words, isAllowed, isWhole);
  const scores = addNeighbours(matched.scores, table);
  const ranks = new Uint8Array(table.count);
  for (const rows of files.values()) for (const row of rows) if (isAllowed(row)) ranks[row]! += 2;
  const isListed = (row: number): boolean =>
    ranks[row]! > 0 || ((inTime !== undefined || (listed !== undefined && files.size === 0)) && isAllowed(row));
  const rowsFound = (): number[] => {
    const rows: number[] = [];
    for (let row = 0; row < scores.length; row++) if (scores[row]! > 0 || isListed(row)) rows.push(row);
    return rows;
  };
  let found = rowsFound();
  let total = found.length;
  if (!isWhole && !likeness) {
    // What cannot be among the wanted, however young it is, is counted and not looked at.
    const least = nthLargest(scores, wanted) * (fadeFloor / timeWeight);
    found = found.filter((row) => scores[row]! >= least || isListed(row));
  }
  const timed = new Set(asksTime(text) ? holdersOf(table.postings(timeMark) ?? [], table.count) : []);
  for (const row of found) {
    const fade = isDurable(types[row]!) ? 1 : fadeFactor(types[row]!, ageInDays(created[row]!, now));
    scores[row]! *= fade * (timed.has(row) ? timeWeight : 1);
  }
  const meaning =
    likeness && !listed ? fuse(scores, isAllowed, likeness, (row) => table.excerptAt(row).tokens) : undefined;
  if (meaning) {
    found = rowsFound();
    total = found.length;
  }
  for (const row of found) if (listed?.types.includes(types[row]!)) ranks[row]! += 1;
  // Where no word tells of a subject the newest is first. Of equals too, and always in the same order, whichever way they were found.
  const byAge = (a: number, b: number): number =>
    created[a] === created[b] ? a - b : created[a]! > created[b]! ? -1 : 1;
  found.sort((a, b) => ranks[b]! - ranks[a]! || (listed ? 0 : scores[b]! - scores[a]!) || byAge(a, b));
  if (isByDate) {
    const best = found.reduce((most, row) => Math.max(most, scores[row]!), 0);
    found = found.filter((row) => ranks[row]! > 0 || inTime || scores[row]! >= best * chanceShare);
    total = found.length;
  }
  const hits = (isByDate ? found : found.slice(0, wanted)).map((row): Hit => {
    const words = matched.wordsIn(row);
    const cited = [...files].filter(([, rows]) => rows.has(row)).map(([path]) => `${path}: paths`);
    const held = words.map(({ spoken, fields }) => `${spoken}: ${fields.join(', ')}`);
    const why = [...new Set([...cited, ...held])];
    if (question.time) why.unshift(`${question.time.spoken}: dates`);
    if (meaning && meaning.standard[row]! > 0) why.unshift(`meaning ${meaning.cosine(row)!.toFixed(2)}`);
    const coverage = listed ? 1 : matched.coverage[row]!;
    return { excerpt: table.excerptAt(row), row, score: scores[row]!, coverage, why, words };
  });
  return { hits, total };
}
