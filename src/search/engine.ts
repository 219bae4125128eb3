// MiniSearch over the few terms of one question: their postings are lifted out of the index parts into MiniSearch's own
// serialised form, which then scores as if it had indexed everything.
import MiniSearch from 'minisearch';
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import type { SearchIndex } from './index.ts';
import { eachPosting, findTerm, lowerBound, termAt } from './segment.ts';
import { withinDistance } from './edit-distance.ts';

export interface Match {
  /** Place in `index.excerpts`. */
  place: number;
  /** Sum over terms and fields, divided by a power of the number of question terms that matched. */
  score: number;
  /** 0 to 1: share of the question's information that the record holds; rare words count more. */
  coverage: number;
  /** Question term → fields. */
  fields: ReadonlyMap<string, readonly string[]>;
}

/** Measured on questions over one-sentence facts; see src/README.md. */
const bm25 = { b: 0.4, k: 1.2, d: 0.5 };
/** Rare words weigh more than in plain BM25: the idf counts to this power above one. */
const extraIdfPower = 0.5;
/** MiniSearch multiplies by the number of matched terms; this much of it is taken back. */
const matchedTermsPower = 0.3;
const prefixMinChars = 3;
const dateField = fieldNames.indexOf('dates');
const wordFields = fieldNames.filter((name) => name !== 'dates');

type Postings = Record<number, Record<number, number>>;

/**
 * All records that hold at least one of the terms, unordered. Terms that nobody holds, and every term when fewer than `tooFew` records
 * match, also match what begins like them or differs by a letter or two.
 */
export function matchTerms(index: SearchIndex, terms: readonly string[], tooFew = 3): Match[] {
  const distinct = [...new Set(terms)];
  const exact = new Map(distinct.map((term) => [term, loadPostings(index, term)]));
  const missing = distinct.filter((term) => isAbsent(exact.get(term)!));
  const first = missing.length === distinct.length ? [] : score(index, distinct, exact, new Set(missing));
  return first.length >= tooFew ? first : score(index, distinct, exact, new Set(distinct));
}

interface Loaded {
  postings: Postings;
  /** How many records hold the term in their text; in their date. */
  documents: number;
  dated: number;
}

function isAbsent({ documents, dated }: Loaded): boolean {
  return documents + dated === 0;
}

function loadPostings(index: SearchIndex, term: string): Loaded {
  const postings: Postings = {};
  const seen = new Set<number>();
  let dated = 0;
  for (const { segment, places } of index.parts) {
    const at = findTerm(segment, term);
    if (at < 0) continue;
    eachPosting(segment, at, (field, document, frequency) => {
      const place = places[document]!;
      if (place < 0) return;
      (postings[field] ??= {})[place] = frequency;
      if (field === dateField) dated++;
      else seen.add(place);
    });
  }
  return { postings, documents: seen.size, dated };
}

function score(
  index: SearchIndex,
  terms: readonly string[],
  exact: ReadonlyMap<string, Loaded>,
  loose: ReadonlySet<string>,
): Match[] {
  const loaded = new Map([...exact].filter(([, found]) => !isAbsent(found)));
  for (const term of loose)
    for (const similar of similarTerms(index, term))
      if (!loaded.has(similar)) {
        const postings = loadPostings(index, similar);
        if (!isAbsent(postings)) loaded.set(similar, postings);
      }
  const idfOf = (term: string): number => {
    const found = exact.get(term);
    return idf(index, Math.max(found?.documents ?? 0, found?.dated ?? 0));
  };
  const known = terms.filter((term) => loaded.has(term) || loose.has(term));
  const mini = asMiniSearch(index, loaded);
  const loosely = {
    prefix: (term: string) => loose.has(term) && term.length >= prefixMinChars,
    fuzzy: (term: string) => loose.has(term) && maxDistance(term),
  };
  const ask = (fields: FieldName[], documentsOf: (term: string) => number) => ({
    queries: [''],
    fields,
    tokenize: () => [...known],
    boostTerm: (term: string) => idf(index, documentsOf(term)) ** extraIdfPower,
    ...loosely,
  });
  const results = mini.search({
    combineWith: 'OR',
    queries: [
      ask(['dates'], (term) => exact.get(term)?.dated ?? 0),
      ask(wordFields, (term) => exact.get(term)?.documents ?? 0),
    ],
  });
  const total = terms.reduce((sum, term) => sum + idfOf(term), 0);
  return results.map((result): Match => {
    const place: number = result.id;
    const matched = result.queryTerms.reduce((sum, term) => sum + idfOf(term), 0);
    return {
      place,
      score: result.score / result.queryTerms.length ** matchedTermsPower,
      coverage: matched / total,
      fields: new Map(Object.entries(result.match)),
    };
  });
}

function idf(index: SearchIndex, documents: number): number {
  return Math.log(1 + (index.documentCount - documents + 0.5) / (documents + 0.5));
}

/** MiniSearch holding these terms only; statistics are those of the whole index. */
function asMiniSearch(index: SearchIndex, loaded: ReadonlyMap<string, Loaded>): MiniSearch<{ id: number }> {
  const documentIds: Record<number, number> = {};
  for (const { postings } of loaded.values())
    for (const byPlace of Object.values(postings))
      for (const place of Object.keys(byPlace)) documentIds[Number(place)] = Number(place);
  const fieldLength: Record<number, number[]> = {};
  const fieldCount = fieldNames.length;
  for (const { segment, places } of index.parts)
    for (let document = 0; document < places.length; document++) {
      const place = places[document]!;
      if (place >= 0 && place in documentIds)
        fieldLength[place] = Array.from(segment.lengths.subarray(document * fieldCount, (document + 1) * fieldCount));
    }
  return MiniSearch.loadJS<{ id: number }>(
    {
      documentCount: index.documentCount,
      nextId: index.excerpts.length,
      documentIds,
      fieldIds: Object.fromEntries(fieldNames.map((name, field) => [name, field])),
      fieldLength,
      averageFieldLength: [...index.averageLengths],
      storedFields: {},
      dirtCount: 0,
      index: [...loaded].map(([term, { postings }]) => [term, postings]),
      serializationVersion: 2,
    },
    {
      fields: fieldNames,
      processTerm: (term) => term,
      autoVacuum: false,
      searchOptions: { boost: fieldWeights, bm25 },
    },
  );
}

/** Typing errors only in words long enough to recognise; numbers are exact. */
function maxDistance(term: string): number {
  if (/\d/.test(term) || term.length < 5) return 0;
  return term.length < 9 ? 1 : 2;
}

function similarTerms(index: SearchIndex, term: string): string[] {
  const found: string[] = [];
  const distance = maxDistance(term);
  for (const { segment } of index.parts) {
    if (term.length >= prefixMinChars)
      for (let at = lowerBound(segment, term); at < segment.termCount; at++) {
        const candidate = termAt(segment, at);
        if (!candidate.startsWith(term)) break;
        found.push(candidate);
      }
    if (distance === 0) continue;
    for (let at = 0, start = 0; at < segment.termCount; start = segment.termEnds[at++]!) {
      const bytes = segment.termEnds[at]! - start;
      if (bytes < term.length - distance || bytes > term.length * 3 + distance) continue;
      const candidate = segment.dictionary.toString('utf8', start, start + bytes);
      if (withinDistance(term, candidate, distance)) found.push(candidate);
    }
  }
  return found;
}
