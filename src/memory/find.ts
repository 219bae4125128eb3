// Search with the judgement of this repository: what may be found, what is only named.
import { isAbsolute } from 'node:path';
import { isTrusted } from '../domain/excerpt.ts';
import { topOf, treePath } from '../git/cites/cites.ts';
import { isGeneric } from '../search/generic-words.ts';
import type { Hit, Query } from '../search/hit.ts';
import { runQuery } from '../search/query.ts';
import type { FoundWord } from '../index/match.ts';
import type { RecordTable } from '../index/table.ts';
import type { Memory } from './open.ts';
import type { AssessedRecord, RecordSet } from './records.ts';

export interface Found extends AssessedRecord {
  hit: Hit;
}

export interface FoundSome {
  found: Found[];
  /** How many there are in all. */
  total: number;
}

/** The cosine of a question to each row, where search by meaning is on and answers in time. */
export type LikenessOf = (
  memory: Memory,
  table: RecordTable,
  question: string,
) => Promise<((row: number) => number | undefined) | undefined>;

/** Hits in order. Foreign ones are among them, to be named by id and date only; what belongs to another branch is not. */
export async function search(
  memory: Memory,
  recordSet: RecordSet,
  asked: Query,
  likenessOf?: LikenessOf,
): Promise<FoundSome> {
  const query = fromTop(memory, asked);
  const likeness = query.text ? await likenessOf?.(memory, recordSet.table, query.text) : undefined;
  const { hits, total } = runQuery(query, {
    now: memory.env.now(),
    table: recordSet.table,
    mayFind: (row) => recordSet.verdicts[row]!.isHere && recordSet.verdicts[row]!.isActive,
    ...(likeness && { likeness }),
  });
  return { found: hits.map((hit) => ({ ...recordSet.assessedAt(hit.row), hit })), total };
}

/** More says nothing new, and takes minutes. */
const maxQuestionChars = 4000;

/** With files as records cite them: agents name them by their whole path, or with lines. */
function fromTop({ env, paths }: Memory, { text, file, ...query }: Query): Query {
  const top = topOf(paths);
  const bare = file?.replace(/:\d+(?:-\d+)?$/, '');
  return {
    ...query,
    ...(text !== undefined && { text: text.slice(0, maxQuestionChars).replaceAll(`${top}/`, '') }),
    ...(bare !== undefined && { file: isAbsolute(bare) ? treePath(top, env.cwd, bare) : bare }),
  };
}

/**
 * What a hit must show to be injected with a prompt: telling words of the prompt that it holds, and the share of the prompt's information that
 * they make. Measured: ordinary requests ("fix the failing test") and prompts about other work bring nothing;
 * of questions about something else altogether one in eighty shares two words that make so much of it.
 */
export const promptThresholds: readonly { words: number; coverage: number }[] = [
  { words: 7, coverage: 0.12 },
  { words: 4, coverage: 0.2 },
  { words: 3, coverage: 0.28 },
  { words: 2, coverage: 0.35 },
];
/** Beside the best hit only those that come near it. */
const nearShare = 0.6;
/** A word that more records hold than this is no sign of one of them, where there are enough to say so. */
const commonShare = 0.25;
const enoughRecords = 20;

/** Trusted observations that share words with a text, best first. */
export async function findAlike(memory: Memory, recordSet: RecordSet, text: string, limit: number): Promise<Found[]> {
  const { found } = await search(memory, recordSet, { text, limit, isPlain: true });
  return found.filter(({ excerpt, trust }) => isTrusted(trust) && excerpt.type !== 'session');
}

/** Those that speak of a prompt. */
export async function findForPrompt(memory: Memory, recordSet: RecordSet, prompt: string): Promise<AssessedRecord[]> {
  const alike = await findAlike(memory, recordSet, prompt.slice(0, 2000), 10);
  const telling = alike.filter(({ hit }) => {
    const words = countTelling(hit.words, recordSet.table.count);
    return promptThresholds.some((least) => words >= least.words && hit.coverage >= least.coverage);
  });
  const least = (telling[0]?.hit.score ?? 0) * nearShare;
  return telling.filter(({ hit }) => hit.score >= least);
}

/** How many telling words; a pair of letters of a script without spaces is half a word. `count`: records in the store. */
export function countTelling(words: readonly FoundWord[], count: number): number {
  return words.reduce((sum, word) => {
    const isCommon = count >= enoughRecords && word.share > commonShare;
    const isLetter = /^(?:\d|\p{Script=Han})$/u.test(word.spoken);
    if (isCommon || isLetter || isGeneric(word)) return sum;
    return sum + (isPair.test(word.spoken) ? 0.5 : 1);
  }, 0);
}

const isPair = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]{2}$/u;
