// From the index parts: who holds a term, and which records hold the most telling words of a question.
import { withinDistance } from './edit-distance.ts';
import { fieldNames } from '../index/fields.ts';
import type { SearchIndex } from './index.ts';
import { scratchOf } from './scratch.ts';
import { decodePostings, findTerm, lowerBound, type Segment, termAt } from './segment.ts';

/** One term's postings, a column each, in records that are still there. */
export interface TermPostings {
  term: string;
  count: number;
  fields: Uint8Array;
  places: Uint32Array;
  frequencies: Uint16Array;
  /** How many records hold it by field. */
  byField: readonly number[];
  /** Those that hold it in any field, each once; and how many. */
  holders: Uint32Array;
  documents: number;
}

const prefixMinChars = 3;
const maxSimilar = 40;

/** Of an index that stays open, terms asked lately are kept: about 100 kB each where every second of 10,000 records holds them. */
const maxKept = 200;

/** What is found for a term of an index, found once. */
function keptByTerm<T>(find: (index: SearchIndex, term: string) => T): (index: SearchIndex, term: string) => T {
  const byIndex = new WeakMap<SearchIndex, Map<string, T>>();
  return (index, term) => {
    let kept = byIndex.get(index);
    if (kept === undefined) byIndex.set(index, (kept = new Map()));
    let found = kept.get(term);
    if (found === undefined) {
      found = find(index, term);
      if (kept.size >= maxKept) kept.clear();
      kept.set(term, found);
    }
    return found;
  };
}

export const findPostings = keptByTerm(readPostings);

function readPostings(index: SearchIndex, term: string): TermPostings {
  const found = index.parts.flatMap(({ segment, places, isWhole }) => {
    const at = findTerm(segment, term);
    return at < 0 ? [] : [{ at, segment, places, isWhole, columns: decodePostings(segment, at) }];
  });
  const [only] = found;
  const byField = fieldNames.map(() => 0);
  if (only?.isWhole && found.length === 1) {
    const { count, fields, documents: places, frequencies } = only.columns;
    const documents = only.segment.documentCounts[only.at]!;
    const holders = new Uint32Array(documents);
    const seen = scratchOf(index.entries).seen.fill(0);
    let held = 0;
    for (let i = 0; i < count; i++) {
      byField[fields[i]!]!++;
      const place = places[i]!;
      if (seen[place] === 1) continue;
      seen[place] = 1;
      holders[held++] = place;
    }
    return { term, count, fields, places, frequencies, byField, holders, documents };
  }
  const most = found.reduce((sum, { columns }) => sum + columns.count, 0);
  const postings = {
    fields: new Uint8Array(most),
    places: new Uint32Array(most),
    frequencies: new Uint16Array(most),
  };
  const seen = scratchOf(index.entries).seen.fill(0);
  const holders = new Uint32Array(most);
  let count = 0;
  let documents = 0;
  for (const { places, columns } of found)
    for (let i = 0; i < columns.count; i++) {
      const place = places[columns.documents[i]!]!;
      if (place < 0) continue;
      const field = columns.fields[i]!;
      postings.fields[count] = field;
      postings.places[count] = place;
      postings.frequencies[count++] = columns.frequencies[i]!;
      byField[field]!++;
      if (seen[place] === 1) continue;
      seen[place] = 1;
      holders[documents++] = place;
    }
  // Of a record that is gone nothing is left, not even an empty place at the end.
  const places = postings.places.subarray(0, count);
  return { term, count, ...postings, places, byField, holders: holders.subarray(0, documents), documents };
}

/** The idf of MiniSearch's BM25. */
export function idf(index: SearchIndex, documents: number): number {
  return Math.log(1 + (index.documentCount - documents + 0.5) / (documents + 0.5));
}

/**
 * Where the most telling of these terms stand, at most `limit` allowed places, unordered; all that hold any term when they are
 * fewer.
 */
export function tellingPlaces(
  index: SearchIndex,
  terms: readonly TermPostings[],
  limit: number,
  isAllowed: (place: number) => boolean,
): readonly number[] {
  const rarestFirst = [...terms].sort((a, b) => a.documents - b.documents);
  const { places, isAll } = sumTerms(index, rarestFirst, limit);
  const best = bestAllowed(index, places, limit, isAllowed);
  if (isAll || best.length >= limit) return best;
  // Of those that the rare words found too few may be told.
  return bestAllowed(index, sumTerms(index, rarestFirst, index.entries.count).places, limit, isAllowed);
}

/** Sums of many numbers differ in their last digits by the order in which they were added. */
const almost = 1 - 1e-9;

/** The places that hold any term, with the sums of what they tell in the scratch; without those that cannot be among the best `enough`. */
function sumTerms(
  index: SearchIndex,
  rarestFirst: readonly TermPostings[],
  enough: number,
): { places: Uint32Array; isAll: boolean } {
  const { sums, found } = scratchOf(index.entries);
  sums.fill(0);
  const weights = rarestFirst.map(({ documents }) => idf(index, documents));
  let rest = weights.reduce((sum, weight) => sum + weight, 0);
  let count = 0;
  let isAll = true;
  for (const [at, { holders, documents }] of rarestFirst.entries()) {
    const weight = weights[at]!;
    // Who is found already holds a word that tells more than all that are left; and a word of every second record finds nothing by itself.
    const isLate = count >= enough && (rest < weights[at - 1]! * almost || documents * 2 > index.documentCount);
    if (isLate) isAll = false;
    for (let i = 0; i < documents; i++) {
      const place = holders[i]!;
      // Every weight is above 0.
      if (sums[place] === 0) {
        if (isLate) continue;
        found[count++] = place;
      }
      sums[place]! += weight;
    }
    rest -= weight;
  }
  return { places: found.subarray(0, count), isAll };
}

/** Asking for each place what may be found costs more than the sums: only the best are asked, and more of them when too few may. */
function bestAllowed(
  index: SearchIndex,
  places: Uint32Array,
  limit: number,
  isAllowed: (place: number) => boolean,
): number[] {
  const { sums } = scratchOf(index.entries);
  for (let count = limit; ; count *= 4) {
    const best = mostTelling(places, sums, count).filter(isAllowed);
    if (best.length >= limit || count >= places.length)
      return Array.from(best.length > limit ? mostTelling(best, sums, limit) : best);
  }
}

function mostTelling(places: Uint32Array, sums: Float64Array, count: number): Uint32Array {
  if (places.length <= count) return places;
  const values = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) values[i] = sums[places[i]!]!;
  const least = nthLargest(values, count);
  const best = new Uint32Array(count);
  const equal = new Uint32Array(places.length);
  let bestCount = 0;
  let equalCount = 0;
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const sum = sums[place]!;
    if (sum > least) best[bestCount++] = place;
    else if (sum === least) equal[equalCount++] = place;
  }
  // Of equals the later ones in the list: names begin with the date.
  const later = equal.subarray(0, equalCount).sort();
  best.set(later.subarray(equalCount - (count - bestCount)), bestCount);
  return best;
}

/** Hoare's selection; reorders `values`. */
function nthLargest(values: Float64Array, n: number): number {
  let low = 0;
  let high = values.length - 1;
  const wanted = values.length - n;
  while (low < high) {
    const pivot = values[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const value = values[i]!;
        values[i++] = values[j]!;
        values[j--] = value;
      }
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return values[wanted]!;
}

/** Terms that begin like this one or differ by a typing error; nearest lengths first. */
export const similarTerms = keptByTerm(readSimilar);

function readSimilar(index: SearchIndex, term: string): readonly string[] {
  const found = new Set<string>();
  for (const { segment } of index.parts) {
    if (term.length >= prefixMinChars) addPrefixed(segment, term, found);
    if (typingErrors(term) > 0) addMistyped(segment, term, found);
  }
  found.delete(term);
  const distance = (other: string): number => Math.abs(other.length - term.length);
  return [...found].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1)).slice(0, maxSimilar);
}

/** Letters that may differ: none in short words, where every neighbour is another word, nor in numbers. */
export function typingErrors(term: string): number {
  if (/\d/.test(term) || term.length < 5) return 0;
  return term.length < 9 ? 1 : 2;
}

export function hasPrefixes(term: string): boolean {
  return term.length >= prefixMinChars;
}

function addPrefixed(segment: Segment, term: string, found: Set<string>): void {
  for (let at = lowerBound(segment, term); at < segment.termCount; at++) {
    const candidate = termAt(segment, at);
    if (!candidate.startsWith(term)) return;
    found.add(candidate);
  }
}

function addMistyped(segment: Segment, term: string, found: Set<string>): void {
  const max = typingErrors(term);
  let start = 0;
  for (const end of segment.termEnds) {
    const bytes = end - start;
    // A letter takes one to three bytes.
    if (bytes >= term.length - max && bytes <= (term.length + max) * 3) {
      const candidate = segment.dictionary.toString('utf8', start, end);
      if (withinDistance(term, candidate, max)) found.add(candidate);
    }
    start = end;
  }
}
