// What a question asks for beside its words: a time, files, a type of record, the newest.
import { patternFor } from '../index/fold.ts';
import { languageOf } from '../index/languages.ts';
import type { RecordTable } from '../index/table.ts';
import { fieldNames } from '../index/fields.ts';
import { type AskedWord, askedWords, stemmedWords } from '../index/words.ts';
import type { RecordType } from '../domain/types.ts';
import { signsOf } from './date-words.ts';
import { type AskedTime, findTime } from './dates.ts';
import { isAbout } from './filter.ts';
import { isGeneric, typeAsked } from './generic-words.ts';

export interface Question {
  /** What ranks: the question without its date. */
  words: readonly AskedWord[];
  time?: AskedTime & { spoken: string };
  /** Files and folders that records cite, as they were written, with the rows of those records. */
  files: ReadonlyMap<string, ReadonlySet<number>>;
  /** Set when no word tells of a subject: then records of these types come first, or of any. */
  listed?: { types: readonly RecordType[] };
}

/** Without `isRead` the words alone count: a prompt or a statement is no question. */
export function readQuestion(text: string, now: Date, table: RecordTable, isRead: boolean): Question {
  if (!isRead) return { words: askedWords(text), files: new Map() };
  const found = findTime(text, now);
  const time = found && { ...found, spoken: text.slice(found.start, found.end) };
  const rest = time ? `${text.slice(0, time.start)} ${text.slice(time.end)}` : text;
  const files = filesNamed(rest, table);
  const question: Question = { words: askedWords(rest), files, ...(time && { time }) };
  const { without, isRecent } = takeRecent(rest);
  if (time === undefined && !isRecent && files.size === 0) return question;
  const inFiles = new Set([...files.keys()].flatMap((path) => stemmedWords(path)));
  const words = askedWords(without).filter(({ stems }) => !stems.some((stem) => inFiles.has(stem)));
  if (!words.every(isGeneric)) return question;
  const types = words.flatMap((word) => typeAsked(word) ?? []);
  return { ...question, listed: { types: [...new Set(types)] } };
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
    const rows = rowsCiting(path, table);
    if (rows.size > 0) found.set(path, rows);
  }
  return found;
}

const pathField = fieldNames.indexOf('paths');

/** Rows that cite the path, its end, or what lies in it: those that hold all words of it among their paths are looked at. */
function rowsCiting(path: string, table: RecordTable): Set<number> {
  let rows: Set<number> | undefined;
  for (const stem of new Set(stemmedWords(path))) {
    const pairs = table.postings(stem)?.[pathField] || [];
    const holders = new Set(pairs.filter((_, at) => at % 2 === 0));
    rows = rows === undefined ? holders : new Set([...rows].filter((row) => holders.has(row)));
  }
  return new Set(
    [...(rows ?? [])].filter((row) => table.excerptAt(row).cites.some((cite) => isAbout(cite.path, path))),
  );
}
