// Words and numbers that an edit swapped within a line: what was said with the old one holds no longer.
import type { Edited } from '../session/prepared-session.ts';
import { past } from './words/language.ts';
import { contentOf } from './words/content-words.ts';

/** Of one line the words that are gone, and those that stand before and after. */
export interface Swap {
  old: ReadonlySet<string>;
  around: ReadonlySet<string>;
}

const swappedMax = 3;
const token = /\p{N}+(?:[.,]\p{N}+)*|[\p{L}_][\p{L}\p{N}_]*/gu;

const tokensIn = (text: string): Set<string> => new Set(text.toLowerCase().match(token));

/** Of lines with a counterpart that differs in at most three words and shares others. */
export function swapsOf({ hunks }: Edited): Swap[] {
  return hunks.flatMap(({ removed, added }) =>
    removed.length !== added.length
      ? []
      : removed.flatMap((line, index): Swap[] => {
          const [before, after] = [tokensIn(line), tokensIn(added[index]!)];
          const old = new Set([...before].filter((word) => !after.has(word)));
          const around = new Set([...before].filter((word) => after.has(word)));
          const isSwap = old.size > 0 && old.size <= swappedMax && around.size > 0 && after.size > around.size;
          return isSwap ? [{ old, around: new Set([...around, ...contentOf([...around].join(' '))]) }] : [];
        }),
  );
}

/** Whether clauses that are not told as past hold a swapped word, and the sentence another word of its line. */
export function isSwapped(sentence: string, swaps: readonly Swap[]): boolean {
  if (swaps.length === 0) return false;
  const own = sentence.split(/[,;，；、]\s/).filter((clause) => !past.test(clause));
  const told = tokensIn(own.join(' '));
  const beside = new Set([...tokensIn(sentence), ...contentOf(sentence)]);
  const holds = ({ old, around }: Swap): boolean => {
    const gone = [...old].filter((word) => told.has(word)).length;
    return gone > 1 || (gone === 1 && [...around].some((word) => !/^\d$/.test(word) && beside.has(word)));
  };
  return swaps.some(holds);
}
