// How well records match a question: MiniSearch's BM25 over the fields, times a power of the share of the question that the record holds.
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import { type FoundTerm, idf, scorerOf } from './score.ts';
import { compoundsWith, partsOf, similarTerms } from './similar-terms.ts';
import { lowerBound, nthLargest } from './sorted.ts';
import { averagesOf, type Postings, type RecordTable } from './table.ts';
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

/** A part of a compound, or a compound of which the word is a part, beside the word itself. */
const partWeight = 0.6;

interface Sought {
  word: AskedWord;
  share: number;
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
  let sought = words.map((word) => seek(table, word, false));
  let coverage = coverageOf(table, sought);
  let matching = rowsAbove0(coverage);
  if (matching.length < tooFew) {
    sought = words.map((word) => seek(table, word, true));
    coverage = coverageOf(table, sought);
    matching = rowsAbove0(coverage);
  }
  const rarestFirst = [...sought].sort(
    (one, other) =>
      Number(other.isHeld) - Number(one.isHeld) ||
      other.information - one.information ||
      Number(one.word.within !== undefined) - Number(other.word.within !== undefined),
  );
  return {
    scores: score(table, sought, coverage, matching.filter(isAllowed), isWhole ? table.count : maxScored),
    coverage,
    wordsIn: (row) => wordsIn(rarestFirst, row),
  };
}

function rowsAbove0(coverage: Float64Array): number[] {
  const rows: number[] = [];
  for (let row = 0; row < coverage.length; row++) if (coverage[row]! > 0) rows.push(row);
  return rows;
}

function seek(table: RecordTable, word: AskedWord, isLoose: boolean): Sought {
  const known = table.column('terms');
  const termsOf = (terms: readonly string[], weight = 1): FoundTerm[] =>
    terms.flatMap((term) => {
      const postings = table.postings(term) ?? [];
      const rows = holdersOf(postings, table.count);
      return rows.length === 0 ? [] : [{ term, weight, postings, rows }];
    });
  const [stem = ''] = word.stems;
  let terms = termsOf(word.stems);
  if (terms.length === 0) terms = termsOf(word.others());
  const isHeld = terms.length > 0;
  if (!isHeld)
    terms = termsOf(
      word.stems.flatMap((one) => partsOf(known, one)),
      partWeight,
    );
  if (word.isCompounding || !isHeld) terms.push(...termsOf(compoundsWith(known, stem), partWeight));
  if (isLoose || !isHeld)
    for (const { term, likeness } of similarTerms(known, stem, !isHeld)) terms.push(...termsOf([term], likeness));
  const documents = terms.reduce((most, { rows }) => Math.max(most, rows.length), 0);
  return {
    word,
    share: table.count === 0 ? 0 : documents / table.count,
    terms,
    isHeld,
    information: idf(Math.max(table.count, manyRecords), documents),
  };
}

/** Rows that hold the term in any field, each once. */
export function holdersOf(postings: Postings, rowCount: number): number[] {
  const rows: number[] = [];
  const isHolder = new Uint8Array(rowCount);
  for (const pairs of postings)
    for (let at = 0; at < pairs.length; at += 2) {
      const row = pairs[at]!;
      if (isHolder[row] === 0) rows.push(row);
      isHolder[row] = 1;
    }
  return rows;
}

/** By row. */
function score(
  table: RecordTable,
  words: readonly Sought[],
  coverage: Float64Array,
  allowed: readonly number[],
  limit: number,
): Float64Array {
  const scored = allowed.length <= limit ? allowed : bestOf(table, words, coverage, allowed, limit);
  const scores = new Float64Array(table.count);
  const scorer = scorerOf(
    table,
    words.flatMap(({ terms }) => terms),
    scored,
  );
  for (const { terms } of words) {
    // Of the forms of a word the best counts: they are one word.
    const best = new Map<number, number>();
    for (const term of terms) for (const [row, own] of scorer(term)) best.set(row, Math.max(best.get(row) ?? 0, own));
    for (const [row, own] of best) scores[row]! += own;
  }
  for (const row of scored) scores[row]! *= coverage[row]! ** coveragePower;
  if (scored.length < allowed.length) {
    // The others count as the least of these would that held as much of the question: their neighbours need it.
    // Coverage has few values, one for each set of words; powers are slow.
    const powers = new Map<number, number>();
    const expected = (row: number): number => {
      const share = coverage[row]!;
      let power = powers.get(share);
      if (power === undefined) powers.set(share, (power = share ** (coveragePower + 1)));
      return power;
    };
    const least = scored.reduce((low, row) => Math.min(low, scores[row]! / expected(row)), Number.POSITIVE_INFINITY);
    for (const row of allowed) if (scores[row] === 0) scores[row] = least * expected(row);
  }
  return scores;
}

/** By row, the share of the question's information that it holds. */
function coverageOf(table: RecordTable, words: readonly Sought[]): Float64Array {
  const coverage = new Float64Array(table.count);
  const total = words.reduce((sum, { information }) => sum + information, 0);
  for (const { terms, information } of words) {
    const isCounted = new Uint8Array(table.count);
    for (const { rows, weight } of [...terms].sort((a, b) => b.weight - a.weight))
      for (const row of rows) {
        if (isCounted[row] === 0) coverage[row]! += (weight * information) / total;
        isCounted[row] = 1;
      }
  }
  return coverage;
}

/**
 * The `count` rows that hold most of the question, or few more among equals; of those that hold the same of it the ones where its words, rare ones
 * more, are more of the record.
 */
function bestOf(
  table: RecordTable,
  words: readonly Sought[],
  coverage: Float64Array,
  rows: readonly number[],
  count: number,
): readonly number[] {
  const presence = new Float64Array(table.count);
  const lengths = table.column('lengths');
  const averages = averagesOf(lengths);
  const width = fieldNames.length;
  for (const { terms, information } of words)
    for (const { postings, weight } of terms)
      for (const [field, pairs] of postings.entries()) {
        const telling = weight * information * fieldWeights[fieldNames[field]!];
        const average = averages[field]!;
        for (let at = 0; at < pairs.length; at += 2) {
          const row = pairs[at]!;
          const times = pairs[at + 1]!;
          const length = lengths[row * width + field]! / average;
          presence[row]! += (telling * times) / (times + length);
        }
      }
  // Never so much that it outweighs a word.
  const values = new Float64Array(rows.map((row) => coverage[row]! + presence[row]! * 1e-9));
  const least = nthLargest(values, count);
  return rows.filter((_, at) => values[at]! >= least);
}

function wordsIn(words: readonly Sought[], row: number): FoundWord[] {
  const found = new Map<string, { sought: Sought; fields: Set<FieldName> }>();
  for (const sought of words) {
    const { spoken } = sought.word;
    const fields = found.get(spoken)?.fields ?? new Set();
    for (const { postings } of sought.terms)
      for (const [field, pairs] of postings.entries()) if (holds(pairs, row)) fields.add(fieldNames[field]!);
    if (fields.size > 0) found.set(spoken, { sought, fields });
  }
  // Where the whole stands its parts do as well; it is said first.
  return [...found].flatMap(([spoken, { sought, fields: held }]) => {
    const whole = found.get(sought.word.within ?? '')?.fields;
    const fields = fieldNames.filter((name) => held.has(name) && !whole?.has(name));
    return fields.length > 0 ? [{ spoken, stems: sought.word.stems, share: sought.share, fields }] : [];
  });
}

/** `pairs`: as in Postings, rows ascending. */
function holds(pairs: readonly number[], row: number): boolean {
  return pairs[2 * lowerBound(pairs.length / 2, (at) => pairs[2 * at]! < row)] === row;
}
