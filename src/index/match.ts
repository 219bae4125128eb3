// How well records match a question: BM25 over the fields, times a power of the share of the question that the record holds.
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import { compoundsWith, partsOf, similarTerms } from './similar.ts';
import { averageLengths, type Postings, type RecordTable } from './table.ts';
import type { AskedWord } from './words.ts';

// The constants were chosen together over commit messages asked for by release notes (git, pytest), the Spanish manual of git and chat facts
// (LoCoMo). What each is worth there, in points of recall@5 over English commit messages and over chat facts, is said beside it.

/** Saturation of repeated words, the usual value: 0.9 to 2 differ by less than half a point. */
const k = 1.2;
/** How much a long field counts less: 0.75, the usual value. 0.3 costs records with a body 1.3 points. */
const b = 0.75;
/**
 * A record that holds more of what the question says beats one that repeats a part of it. Without it −4.2 and −1.6; from 1.5 to 2 the same
 * within a third of a point.
 */
const coveragePower = 1.75;
/** Fewer records than this are too little found: every word may then be mistyped or begun. */
const tooFew = 3;
/** Share of a question's information: in a handful of records every word is common, and one that is missing would outweigh all that are found. */
const manyRecords = 1000;

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

interface FoundTerm {
  /** 1 for the word itself, less for what is like it. */
  weight: number;
  postings: Postings;
  documents: number;
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

/** Words that nobody holds, and all where too little is found, also match what begins like them, ends like them or differs by a letter or two. */
export function matchWords(
  table: RecordTable,
  words: readonly AskedWord[],
  isAllowed: (row: number) => boolean,
): Matched {
  const found = score(
    table,
    words.map((word) => seek(table, word, false)),
    isAllowed,
  );
  return found.count >= tooFew
    ? found
    : score(
        table,
        words.map((word) => seek(table, word, true)),
        isAllowed,
      );
}

function seek(table: RecordTable, word: AskedWord, isLoose: boolean): Sought {
  const termsOf = (terms: readonly string[], weight = 1): FoundTerm[] =>
    terms.flatMap((term) => findTerm(table, term, weight) ?? []);
  let terms = termsOf(word.stems);
  if (terms.length === 0) terms = termsOf(word.others);
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
): Matched & { count: number } {
  const scores = new Float64Array(table.count);
  const coverage = new Float64Array(table.count);
  const best = new Float64Array(table.count);
  const likeness = new Float64Array(table.count);
  const own = new Float64Array(table.count);
  const total = words.reduce((sum, { information }) => sum + information, 0);
  const lengths = table.column('lengths');
  // By field, what a length is divided by.
  const averages = averageLengths(table.statistics);
  for (const { terms, information } of words) {
    // Of the forms of a word the best counts: they are one word.
    const touched: number[] = [];
    for (const { postings, documents, weight } of terms) {
      const rarity = weight * idf(table.count, documents);
      for (const row of addFields(postings, own, lengths, averages)) {
        if (best[row] === 0) touched.push(row);
        best[row] = Math.max(best[row]!, rarity * own[row]!);
        likeness[row] = Math.max(likeness[row]!, weight);
        own[row] = 0;
      }
    }
    for (const row of touched) {
      scores[row]! += best[row]!;
      coverage[row]! += (likeness[row]! * information) / total;
      best[row] = 0;
      likeness[row] = 0;
    }
  }
  let count = 0;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row] === 0) continue;
    // A filter that leaves few makes no word mistyped.
    count++;
    scores[row] = isAllowed(row) ? scores[row]! * coverage[row]! ** coveragePower : 0;
  }
  const rarestFirst = [...words].sort(
    (one, other) =>
      Number(other.isHeld) - Number(one.isHeld) ||
      other.information - one.information ||
      Number(one.within !== undefined) - Number(other.within !== undefined),
  );
  return { scores, coverage, count, wordsIn: (row) => wordsIn(rarestFirst, row) };
}

/** BM25 of one term without its rarity, the sum over the fields, added to `sums` by row. Gives the rows, each once. */
function addFields(
  postings: Postings,
  sums: Float64Array,
  lengths: readonly number[],
  averages: readonly number[],
): number[] {
  const rows: number[] = [];
  for (const [field, pairs] of postings.entries()) {
    if (pairs === 0) continue;
    const weight = fieldWeights[fieldNames[field]!] * (k + 1);
    for (let at = 0; at < pairs.length; at += 2) {
      const row = pairs[at]!;
      const times = pairs[at + 1]!;
      const length = lengths[row * fieldNames.length + field]! / averages[field]!;
      if (sums[row] === 0) rows.push(row);
      sums[row]! += (weight * times) / (times + k * (1 - b + b * length));
    }
  }
  return rows;
}

function findTerm(table: RecordTable, term: string, weight: number): FoundTerm | undefined {
  const postings = table.postings(term);
  const documents = postings ? holdersOf(postings).size : 0;
  return postings && documents > 0 ? { weight, postings, documents } : undefined;
}

/** Rows that hold the term in any field. */
export function holdersOf(postings: Postings): Set<number> {
  const rows = new Set<number>();
  for (const pairs of postings) if (pairs !== 0) for (let at = 0; at < pairs.length; at += 2) rows.add(pairs[at]!);
  return rows;
}

/** How rare a word is that so many of `count` records hold, as in BM25. */
function idf(count: number, documents: number): number {
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
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
