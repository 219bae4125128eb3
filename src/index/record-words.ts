// A record to the words of its fields. Loaded only where somebody searches: it brings the languages.
import type { MemoryRecord } from '../domain/record.ts';
import { type FieldName, fieldNames } from './fields.ts';
import { languageOf } from './languages.ts';
import { tellsTime, timeMark } from './times.ts';
import { dateWords, stemmedWords } from './words.ts';

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
