// What of a record is searched, and how much each part counts. One configuration for all uses.
import type { MemoryRecord } from '../domain/record.ts';
import { tellsTime, timeMark } from './times.ts';
import { languageOf } from './languages.ts';
import { dateWords, stemmedWords } from './words.ts';

/**
 * Field and weight; the order is part of the index's format. A word of the title counts twice: 1.5 costs commit messages a point, 1 costs them
 * three. No other difference was worth a number.
 */
export const fieldWeights = {
  title: 2,
  description: 1,
  aliases: 1,
  body: 1,
  facts: 1,
  concepts: 1,
  paths: 1,
  dates: 1,
} as const;

export type FieldName = keyof typeof fieldWeights;

export const fieldNames = Object.keys(fieldWeights) as FieldName[];

/** The stems of each field, in the order of fieldNames. */
export function wordsOfRecord(record: MemoryRecord): string[][] {
  const body = record.request === undefined ? record.body : `${record.request}\n${record.body}`;
  // One language for all of a record: a title alone is too short to tell it.
  const language = languageOf(`${record.title}\n${record.description}\n${body}`);
  const wordsOf = (text: string): string[] => stemmedWords(text, language);
  const bodyWords = wordsOf(body);
  const words: Record<FieldName, string[]> = {
    title: wordsOf(record.title),
    description: wordsOf(record.description),
    aliases: wordsOf(record.aliases.join('\n')),
    body: tellsTime(`${record.title}\n${record.description}\n${body}`) ? [...bodyWords, timeMark] : bodyWords,
    facts: wordsOf(record.facts.join('\n')),
    concepts: wordsOf([record.type, ...record.concepts].join('\n')),
    paths: stemmedWords(record.cites.map((cite) => cite.path).join('\n')),
    dates: dateWords(record.created),
  };
  return fieldNames.map((field) => words[field]);
}
