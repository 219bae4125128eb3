// What a question asks for beside its words: a time, files, a type of record, the newest.
import { patternFor } from '../index/fold.ts';
import { languageOf } from '../index/languages.ts';
import type { RecordTable } from '../index/table.ts';
import { type AskedWord, askedWords, stemmedWords } from '../index/words.ts';
import type { RecordType } from '../domain/types.ts';
import { signsOf } from './date-words.ts';
import { type AskedTime, findTime } from './dates.ts';
import { barePath, isAbout } from './filter.ts';
import { isGeneric, typeAsked } from './generic-words.ts';
import type { Span } from './spans.ts';

export interface Question {
  /** What ranks: the question without its date. */
  words: readonly AskedWord[];
  /** As it was written, and whether a record of that creation time is of it. */
  time?: { spoken: string; holds(created: string): boolean };
  /** Files and folders that records cite, as they were written, with the rows of those records. */
  files: ReadonlyMap<string, ReadonlySet<number>>;
  /** Set when no word tells of a subject: then records of these types come first, or of any. */
  listed?: { types: readonly RecordType[] };
}

/**
 * `mayFind`: by row. A date of which there is no such record is words: in old notes "in May" may speak of a May before any record. But where
 * nothing else is asked, no note speaks of "3 days ago".
 */
export function readQuestion(text: string, now: Date, table: RecordTable, mayFind: (row: number) => boolean): Question {
  const found = findTime(text, now);
  const holds = found && timeTest(found);
  const isHeld = holds && table.column('created').some((created, row) => holds(created) && mayFind(row));
  const time = isHeld && { ...found, spoken: text.slice(found.start, found.end), holds };
  const undated = found && `${text.slice(0, found.start)} ${text.slice(found.end)}`;
  const isDated = time || (undated && isCounted(text, found) && askedWords(undated).every(isGeneric));
  const rest = undated !== undefined && isDated ? undated : text;
  const files = filesNamed(rest, table);
  const question: Question = { words: askedWords(rest), files, ...(time && { time }) };
  const { without, isRecent } = takeRecent(rest);
  if (!time && !isRecent && files.size === 0) return question;
  const inFiles = new Set([...files.keys()].flatMap((path) => stemmedWords(path)));
  const words = askedWords(without).filter(({ stems }) => !stems.some((stem) => inFiles.has(stem)));
  if (!words.every(isGeneric)) return question;
  const types = words.flatMap((word) => typeAsked(word) ?? []);
  return { ...question, listed: { types: [...new Set(types)] } };
}

/** From today: "3 days ago", "last week". */
function isCounted(text: string, { start, end }: AskedTime): boolean {
  return signsOf(text.slice(start, end)).some(({ sign }) => /^(?:r-?\d|minute|hour|day|week|month|year)$/.test(sign));
}

function timeTest({ from = '', until = '~' }: Partial<Span>): (created: string) => boolean {
  const [first, end] = [from.slice(0, 19), until.slice(0, 19)];
  return (created) => created.slice(0, 19) >= first && created.slice(0, 19) < end;
}

const recentWordsIn = patternFor(
  String.raw`(?<![\p{L}\p{N}])(?:recent|recently|lately|latest|newest|neu?este[nrs]?|kürzlich[\p{L}]*|zuletzt|jüngste[nr]?|recientes?|recientemente|últimamente|récente?s?|récemment|dernièrement|recentes?|recentemente|ultimamente)(?![\p{L}\p{N}])`,
  'gi',
);

/** "recent changes", "letzte Änderungen", "últimos cambios": words that ask for the newest, taken out. */
function takeRecent(text: string): { without: string; isRecent: boolean } {
  let without = text.replace(recentWordsIn(text), ' ');
  for (const { sign, start, end } of signsOf(without, { isGerman: languageOf(text) === 'de' }))
    if (sign === 'last') without = without.slice(0, start) + ' '.repeat(end - start) + without.slice(end);
  return { without, isRecent: without !== text };
}

const pathLike = /(?:[\w.@~-]+\/)+[\w.@-]*|[\w-]+(?:\.[\w-]+)*\.[a-z]\w{0,7}\b/gi;

/** A file or folder counts as one where some record cites it. */
function filesNamed(text: string, table: RecordTable): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const [said] of text.matchAll(pathLike)) {
    const path = said.replace(/[.]+$/, '');
    const isCiting = (row: number): boolean => table.excerptAt(row).cites.some((cite) => isAbout(cite.path, path));
    const rows = table.rowsNaming(barePath(path)).filter(isCiting);
    if (rows.length > 0) found.set(path, new Set(rows));
  }
  return found;
}
