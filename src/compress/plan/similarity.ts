// Similarity of two records, by the stems of their words. Pure.
import { createHash } from 'node:crypto';
import type { Cite } from '../../domain/cite.ts';
import { stemmedWords } from '../../index/words.ts';

/** The parts of a record that are compared. */
export interface Statement {
  title: string;
  description: string;
  facts: readonly string[];
  body: string;
}

export function wordsOf(statement: Statement): Set<string> {
  return new Set(stemmedWords([statement.title, statement.description, ...statement.facts, statement.body].join('\n')));
}

/** Words without repetition. */
type Words = ReadonlySet<string> | readonly string[];

const sizeOf = (words: Words): number => ('size' in words ? words.size : words.length);

function countCommon(a: Words, b: ReadonlySet<string>): number {
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both;
}

export function jaccard(a: ReadonlySet<string>, b: Words): number {
  const both = countCommon(b, a);
  return both / Math.max(1, a.size + sizeOf(b) - both);
}

/** Share of `a` that is also in `b`. */
export function containment(a: Words, b: ReadonlySet<string>): number {
  return countCommon(a, b) / Math.max(1, sizeOf(a));
}

interface Citing {
  cites: readonly Pick<Cite, 'path'>[];
}

export function citesSameFile(a: Citing, b: Citing): boolean {
  return a.cites.some((cite) => b.cites.some(({ path }) => path === cite.path));
}

const sketchSize = 64;

function hashWord(word: string): string {
  return createHash('sha256').update(word).digest('hex').slice(0, 8);
}

/**
 * The 64 lowest hashes of a statement's words: a tombstone stores them under `matches`, to recognise the forgotten content without
 * repeating it. Body words are left out, because wording varies.
 */
export function sketchOf(statement: Statement): string[] {
  const words = wordsOf({ ...statement, body: '' });
  return [...new Set([...words].map(hashWord))].sort().slice(0, sketchSize);
}

/** Jaccard similarity of two word sets, estimated from their sketches (exact while both hold fewer than 64 words). */
export function compareSketches(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [new Set(a), new Set(b)];
  const lowest = [...new Set([...a, ...b])].sort().slice(0, sketchSize);
  if (left.size === 0 || right.size === 0) return 0;
  return lowest.filter((hash) => left.has(hash) && right.has(hash)).length / lowest.length;
}

/** Share of a title's words in a sketch; 0 for titles of fewer than four words, which prove nothing. */
export function titleInSketch(title: string, sketch: readonly string[]): number {
  const words = new Set(stemmedWords(title).map(hashWord));
  return words.size < 4 ? 0 : containment(words, new Set(sketch));
}
