// What of a record is searched, and how much each part counts. One configuration for all uses.
import type { MemoryRecord } from '../domain/record.ts';
import { tellsTime, timeMark } from './times.ts';
import { dateWords, stemmedWords } from './words.ts';

/** Field and weight. The order is part of the index's format. */
export const fieldWeights = {
  title: 0.5,
  description: 0.8,
  aliases: 1,
  body: 1,
  facts: 0.8,
  concepts: 0.5,
  paths: 0.7,
  dates: 1,
} as const;

export type FieldName = keyof typeof fieldWeights;

export const fieldNames = Object.keys(fieldWeights) as FieldName[];

/** The stems of each field, in the order of fieldNames. */
export function wordsOfRecord(record: MemoryRecord): string[][] {
  const body = record.request === undefined ? record.body : `${record.request}\n${record.body}`;
  const words: Record<FieldName, string[]> = {
    title: stemmedWords(record.title),
    description: stemmedWords(record.description),
    aliases: stemmedWords(record.aliases.join('\n')),
    body: tellsTime(`${record.title}\n${record.description}\n${body}`)
      ? [...stemmedWords(body), timeMark]
      : stemmedWords(body),
    facts: stemmedWords(record.facts.join('\n')),
    concepts: stemmedWords([record.type, ...record.concepts].join('\n')),
    paths: stemmedWords(record.cites.map((cite) => cite.path).join('\n')),
    dates: dateWords(record.created),
  };
  return fieldNames.map((field) => words[field]);
}
