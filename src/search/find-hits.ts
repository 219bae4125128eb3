// The part of a query that needs the words of records; loaded only when something was asked.
import { holdersOf, matchWords } from '../index/match.ts';
import { nthLargest } from '../index/nth-largest.ts';
import { fadesFrom, type RecordTable } from '../index/table.ts';
import { asksTime, timeMark, timeWeight } from '../index/times.ts';
import { askedWords } from '../index/words.ts';
import type { Hit } from './hit.ts';
import { fuse } from './fuse.ts';
import { type Question, readQuestion } from './question.ts';
import { addNeighbours, fadeFloor, fadeOf } from './relevance.ts';

/** With order by date, what matches much worse than the best is left out, or the newest chance match would come first. */
const chanceShare = 0.25;

export interface Wish {
  order: 'relevance' | 'date';
  /** How many hits are asked for, the offset included. */
  wanted: number;
  /** Dates, files and types in the text are words like any other. */
  isPlain: boolean;
  /** Cosine of the question to a row; undefined for a row that has no vector. */
  likeness?: (row: number) => number | undefined;
}

/** Hits among the allowed rows, best first. A time in the question filters, unless nothing is of that time; files that it names come first. */
export function findHits(
  table: RecordTable,
  text: string,
  mayFind: (row: number) => boolean,
  now: Date,
  { order, wanted, isPlain, likeness }: Wish,
): { hits: Hit[]; total: number } {
  const created = table.column('created');
  const question = withTimeThatHolds(readQuestion(text, now, table, !isPlain), text, (row) => mayFind(row), created);
  const inTime = isInTime(question, created);
  const isAllowed = inTime ? (row: number) => inTime(row) && mayFind(row) : mayFind;
  const { files, listed } = question;
  const isWhole = order === 'date' || listed !== undefined;
  const matched = matchWords(table, question.words, isAllowed, isWhole);
  const scores = addNeighbours(matched.scores, table);
  const timed = asksTime(text) ? holdersOf(table.postings(timeMark) ?? []) : undefined;
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
  // What cannot be among the wanted, however young it is, is counted and not looked at.
  const least = isWhole || likeness ? 0 : (nthLargest(scores, wanted) ?? 0) * (fadeFloor / timeWeight);
  if (least > 0) found = found.filter((row) => scores[row]! >= least || isListed(row));
  for (const row of found) {
    scores[row]! *= fadeOf(fadesFrom(table, row), now.getTime());
    if (timed?.has(row)) scores[row]! *= timeWeight;
  }
  const meaning =
    likeness && !listed ? fuse(scores, isAllowed, likeness, (row) => table.excerptAt(row).tokens) : undefined;
  if (meaning) {
    found = rowsFound();
    total = found.length;
  }
  if (listed) for (const row of found) if (listed.types.includes(table.column('type')[row]!)) ranks[row]! += 1;
  // Where no word tells of a subject the newest is first. Of equals too, and always in the same order, whichever way they were found.
  const isByAge = listed !== undefined;
  const byAge = (a: number, b: number): number =>
    created[a] === created[b] ? a - b : created[a]! > created[b]! ? -1 : 1;
  found.sort((a, b) => ranks[b]! - ranks[a]! || (isByAge ? 0 : scores[b]! - scores[a]!) || byAge(a, b));
  const best = found.reduce((most, row) => Math.max(most, scores[row]!), 0);
  const isChance = (row: number): boolean =>
    order === 'date' && ranks[row] === 0 && !inTime && scores[row]! < best * chanceShare;
  const kept = found.filter((row) => !isChance(row));
  total -= found.length - kept.length;
  const chosen = order === 'date' ? kept : kept.slice(0, wanted);
  const hits = chosen.map((row): Hit => {
    const words = matched.wordsIn(row);
    const held = words.map(({ spoken, fields }) => `${spoken}: ${fields.join(', ')}`);
    const cited = [...files].filter(([, rows]) => rows.has(row)).map(([path]) => `${path}: paths`);
    const why = [...new Set([...cited, ...held])];
    if (question.time) why.unshift(`${question.time.spoken}: dates`);
    if (meaning && meaning.standard[row]! > 0) why.unshift(`meaning ${meaning.cosine(row)!.toFixed(2)}`);
    return {
      excerpt: table.excerptAt(row),
      row,
      score: scores[row]!,
      coverage: listed ? 1 : matched.coverage[row]!,
      why,
      words,
    };
  });
  return { hits, total };
}

/** In old notes "in May" may speak of a May before any record: then it is a word. */
function withTimeThatHolds(
  question: Question,
  text: string,
  mayFind: (row: number) => boolean,
  created: readonly string[],
): Question {
  const inTime = isInTime(question, created);
  if (!inTime || created.some((_, row) => inTime(row) && mayFind(row))) return question;
  const { time: _time, listed: _listed, ...rest } = question;
  return { ...rest, words: askedWords(text) };
}

function isInTime({ time }: Question, created: readonly string[]): ((row: number) => boolean) | undefined {
  if (time === undefined) return undefined;
  const [from, until] = [time.from?.slice(0, 19), time.until?.slice(0, 19)];
  return (row) => {
    const at = created[row]!.slice(0, 19);
    return (from === undefined || at >= from) && (until === undefined || at < until);
  };
}
