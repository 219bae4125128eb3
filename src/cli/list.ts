import type { Command } from './command.ts';
import { command as search } from './search.ts';

/** A search without a question: newest first. */
export const command: Command = {
  ...search,
  isQuestion: false,
  usage: 'list [--type TYPE] [--since DATE] …',
  maxWords: 0,
  wordsHint: (words) => `to find records by words: repomem search ${words.join(' ')}`,
};
