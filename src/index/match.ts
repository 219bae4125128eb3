// How well records match a question: MiniSearch's BM25 over the fields, times a power of the share of the question that the record holds.
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import { type FoundTerm, idf, scorerOf } from './score.ts';
import { nthLargest } from './nth-largest.ts';
import { compoundsWith, partsOf, similarTerms } from './similar-terms.ts';
import { averageLengths, type Postings, type RecordTable } from './table.ts';
import type { AskedWord } from './words.ts';

// The constants, here and in score.ts, were chosen together over commit messages asked for by release notes (git, pytest), the Spanish manual of
// git and chat facts (LoCoMo). What each is worth there, in points of recall@5 over English commit messages and over chat facts, is said beside it.

/**
 * A record that holds more of what the question says beats one that repeats a part of it. Without it −4.2 and −1.6; from 1.5 to 2 the same
 * within a third of a point.
 */
const coveragePower = 1.75;
/** Fewer records than this are too little found: every word may then be mistyped or begun. */
const tooFew = 3;
/** Share of a question's information: in a handful of records every word is common, and one that is missing would outweigh all that are found. */
const manyRecords = 1000;
/** MiniSearch scores the records that hold most of the question: with 500, recall over commit messages and chats is the same to a tenth of a point. */
const maxScored = 300;

/** By row; 0 for what does not match. */
export interface Matched {
  scores: Float64Array;
  /** 0 to 1: the share of the question's information that the record holds; rare words count more. */
  coverage: Float64Array;
  /** The words that a record holds with the fields that hold them, the rarest first and what is only like one last; each once, as it was asked. */
  wordsIn(row: number): FoundWord[];
}

export interface FoundWord {
  spoken: string;
  /** As in AskedWord. */
  stems: readonly string[];
  /** Of all records, how many hold it: 0 to 1. */
  share: number;
  fields: readonly FieldName[];
}

interface Sought {
  spoken: string;
  stems: readonly string[];
  share: number;
  within: string | undefined;
  terms: readonly FoundTerm[];
  /** Some record holds the word itself. */
  isHeld: boolean;
  /** What a record that holds it tells of the question. */
  information: number;
}

/**
 * Words that nobody holds, and all where too little is found, also match what begins like them, ends like them or differs by a letter or two.
 * With `isWhole` every record is scored, for an order that is not the scores'.
 */
export function matchWords(
  table: RecordTable,
  words: readonly AskedWord[],
  isAllowed: (row: number) => boolean,
  isWhole = false,
): Matched {
  const scoreThem = (isLoose: boolean): Matched & { count: number } =>
    score(
      table,
      words.map((word) => seek(table, word, isLoose)),
      isAllowed,
      isWhole ? table.count : maxScored,
    );
  const found = scoreThem(false);
  return found.count >= tooFew ? found : scoreThem(true);
}

function seek(table: RecordTable, word: AskedWord, isLoose: boolean): Sought {
  const termsOf = (terms: readonly string[], weight = 1): FoundTerm[] =>
    terms.flatMap((term) => findTerm(table, term, weight) ?? []);
  let terms = termsOf(word.stems);
  if (terms.length === 0) terms = termsOf(word.others());
  const isMissing = terms.length === 0;
  const [stem = ''] = word.stems;
  if (isMissing)
    terms = termsOf(
      word.stems.flatMap((one) => partsOf(table.terms, one)),
      partWeight,
    );
  if (word.isCompounding || isMissing) terms.push(...termsOf(compoundsWith(table.terms, stem), partWeight));
  if (isMissing || isLoose)
    for (const { term, likeness } of similarTerms(table.terms, stem, isMissing))
      terms.push(...termsOf([term], likeness));
  const documents = Math.min(
    table.count,
    terms.reduce((most, term) => Math.max(most, term.documents), 0),
  );
  return {
    spoken: word.spoken,
    stems: word.stems,
    share: table.count === 0 ? 0 : documents / table.count,
    within: word.within,
    terms,
    isHeld: !isMissing,
    information: idf(Math.max(table.count, manyRecords), documents),
  };
}

/** A part of a compound, or a compound of which the word is a part, beside the word itself. */
const partWeight = 0.6;

function score(
  table: RecordTable,
  words: readonly Sought[],
  isAllowed: (row: number) => boolean,
  limit: number,
): Matched & { count: number } {
  const coverage = coverageOf(table, words);
  const matching: number[] = [];
  for (let row = 0; row < coverage.length; row++) if (coverage[row]! > 0) matching.push(row);
  const allowed = matching.filter(isAllowed);
  const candidates = rowsWithMost(allowed, limit, [() => coverage, () => presenceOf(table, words)]);
  const scores = new Float64Array(table.count);
  const scorer = scorerOf(
    table,
    words.flatMap(({ terms }) => terms),
    candidates,
  );
  const add = (sums: ReadonlyMap<number, number>): void => {
    for (const [row, sum] of sums) scores[row]! += sum;
  };
  add(scorer(words.flatMap(({ terms }) => (terms.length === 1 ? terms : []))));
  for (const { terms } of words) {
    if (terms.length < 2) continue;
    // Of the forms of a word the best counts: they are one word.
    const best = new Map<number, number>();
    for (const term of terms) for (const [row, own] of scorer([term])) best.set(row, Math.max(best.get(row) ?? 0, own));
    add(best);
  }
  for (const row of candidates) scores[row]! *= coverage[row]! ** coveragePower;
  if (candidates.length < allowed.length) {
    // The others count as the least of these would that held as much of the question: their neighbours need it.
    // Coverage has few values, one for each set of words; powers are slow.
    const powers = new Map<number, number>();
    const expected = (row: number): number => {
      const share = coverage[row]!;
      let power = powers.get(share);
      if (power === undefined) powers.set(share, (power = share ** (coveragePower + 1)));
      return power;
    };
    const least = candidates.reduce(
      (low, row) => Math.min(low, scores[row]! / expected(row)),
      Number.POSITIVE_INFINITY,
    );
    for (const row of allowed) if (scores[row] === 0) scores[row] = least * expected(row);
  }
  const rarestFirst = [...words].sort(
    (one, other) =>
      Number(other.isHeld) - Number(one.isHeld) ||
      other.information - one.information ||
      Number(one.within !== undefined) - Number(other.within !== undefined),
  );
  return { scores, coverage, count: matching.length, wordsIn: (row) => wordsIn(rarestFirst, row) };
}

/** By row, the share of the question's information that it holds. */
function coverageOf(table: RecordTable, words: readonly Sought[]): Float64Array {
  const coverage = new Float64Array(table.count);
  const likeness = new Float64Array(table.count);
  const total = words.reduce((sum, { information }) => sum + information, 0);
  for (const { terms, information } of words) {
    const touched: number[] = [];
    for (const { postings, weight } of terms)
      for (const pairs of postings) {
        if (pairs === 0) continue;
        for (let at = 0; at < pairs.length; at += 2) {
          const row = pairs[at]!;
          if (likeness[row] === 0) touched.push(row);
          if (likeness[row]! < weight) likeness[row] = weight;
        }
      }
    for (const row of touched) {
      coverage[row]! += (likeness[row]! * information) / total;
      likeness[row] = 0;
    }
  }
  return coverage;
}

/** By row, how much of it is the question's words, rare ones more: enough to choose among records that hold the same of them. */
function presenceOf(table: RecordTable, words: readonly Sought[]): Float64Array {
  const presence = new Float64Array(table.count);
  const lengths = table.column('lengths');
  const averages = averageLengths(table.statistics);
  for (const { terms, information } of words)
    for (const { postings, weight } of terms)
      for (const [field, pairs] of postings.entries()) {
        if (pairs === 0) continue;
        const telling = weight * information * fieldWeights[fieldNames[field]!];
        for (let at = 0; at < pairs.length; at += 2) {
          const times = pairs[at + 1]!;
          const length = lengths[pairs[at]! * fieldNames.length + field]! / averages[field]!;
          presence[pairs[at]!]! += (telling * times) / (times + length);
        }
      }
  return presence;
}

/** The `count` rows with the highest values; of equals those with the highest of the next kind. */
function rowsWithMost(
  rows: readonly number[],
  count: number,
  kinds: readonly (() => Float64Array)[],
): readonly number[] {
  const [kind, ...others] = kinds;
  if (rows.length <= count || !kind) return rows.slice(0, count);
  const values = kind();
  const least = nthLargest(
    Float64Array.from(rows, (row) => values[row]!),
    count,
  )!;
  const above = rows.filter((row) => values[row]! > least);
  const equal = rows.filter((row) => values[row] === least);
  return [...above, ...rowsWithMost(equal, count - above.length, others)];
}

function findTerm(table: RecordTable, term: string, weight: number): FoundTerm | undefined {
  const postings = table.postings(term);
  const documents = postings ? countHolders(postings, table.count) : 0;
  return postings && documents > 0 ? { term, weight, postings, documents } : undefined;
}

function countHolders(postings: Postings, rowCount: number): number {
  const isHolder = new Uint8Array(rowCount);
  let count = 0;
  for (const pairs of postings)
    if (pairs !== 0)
      for (let at = 0; at < pairs.length; at += 2) {
        const row = pairs[at]!;
        count += 1 - isHolder[row]!;
        isHolder[row] = 1;
      }
  return count;
}

/** Rows that hold the term in any field. */
export function holdersOf(postings: Postings): Set<number> {
  const rows = new Set<number>();
  for (const pairs of postings) if (pairs !== 0) for (let at = 0; at < pairs.length; at += 2) rows.add(pairs[at]!);
  return rows;
}

function wordsIn(words: readonly Sought[], row: number): FoundWord[] {
  const found = new Map<string, { word: Sought; fields: Set<FieldName> }>();
  for (const word of words) {
    const fields = found.get(word.spoken)?.fields ?? new Set();
    for (const { postings } of word.terms)
      for (const [field, pairs] of postings.entries())
        if (pairs !== 0 && holds(pairs, row)) fields.add(fieldNames[field]!);
    if (fields.size > 0) found.set(word.spoken, { word, fields });
  }
  // Where the whole stands its parts do as well; it is said first.
  return [...found].flatMap(([spoken, { word, fields: held }]) => {
    const whole = found.get(word.within ?? '')?.fields;
    const fields = fieldNames.filter((name) => held.has(name) && !whole?.has(name));
    return fields.length > 0 ? [{ spoken, stems: word.stems, share: word.share, fields }] : [];
  });
}

/** `pairs`: as in Postings, rows ascending. */
function holds(pairs: readonly number[], row: number): boolean {
  let low = 0;
  let high = pairs.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pairs[middle * 2]! < row) low = middle + 1;
    else high = middle;
  }
  return pairs[low * 2] === row;
}
