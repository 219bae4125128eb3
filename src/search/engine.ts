// MiniSearch over the little that one question touches: the postings of its terms, of the records that hold the most telling of
// them, in MiniSearch's own serialised form, with the statistics of the whole index.
import MiniSearch from 'minisearch';
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import type { SearchIndex } from './index.ts';
import {
  findPostings,
  hasPrefixes,
  idf,
  similarTerms,
  tellingPlaces,
  type TermPostings,
  typingErrors,
} from './postings.ts';

export interface Match {
  /** Place in `index.entries`. */
  place: number;
  /** Sum over terms and fields, divided by a power of the number of question terms that matched. */
  score: number;
  /** 0 to 1: share of the question's information that the record holds; rare words count more. */
  coverage: number;
  /** Term → fields that hold it; worked out when it is asked. */
  fields(): ReadonlyMap<string, readonly FieldName[]>;
}

export interface MatchOptions {
  /** What may be found at all. */
  isAllowed?(place: number): boolean;
  /** How many hits are asked for. */
  wanted?: number;
}

/** Measured on questions over one-sentence facts; see src/README.md. */
const bm25 = { b: 0.3, k: 1.2, d: 0.5 };
/** Rare words weigh more than in plain BM25: idf to this power. */
const idfPower = 1.5;
/** MiniSearch multiplies by the number of matched terms; this power of it is taken back. */
const matchedTermsPower = 0.3;
/** At least this many records are scored; beyond it only those with fewer telling words are left out. */
const minScored = 200;
/** Fewer records than this are too little found: every word may then be mistyped or begun. */
const tooFew = 3;

/**
 * The records that hold the terms, unordered. Terms that nobody holds, and every term when too little is found, also match what begins
 * like them or differs by a letter or two.
 */
export function matchTerms(index: SearchIndex, terms: readonly string[], options: MatchOptions = {}): Match[] {
  const exact = [...new Set(terms)].map((term) => findPostings(index, term));
  const missing = exact.filter((term) => term.documents === 0);
  const found = missing.length === exact.length ? [] : score(index, exact, missing, options);
  return found.length >= tooFew ? found : score(index, exact, exact, options);
}

function score(
  index: SearchIndex,
  exact: readonly TermPostings[],
  loose: readonly TermPostings[],
  { isAllowed = () => true, wanted = 0 }: MatchOptions,
): Match[] {
  const similar = new Map<string, TermPostings>();
  for (const { term } of loose)
    for (const other of similarTerms(index, term)) similar.set(other, findPostings(index, other));
  for (const { term } of exact) similar.delete(term);
  const all = [...exact, ...similar.values()].filter((term) => term.documents > 0);
  const places = tellingPlaces(index, all, Math.max(minScored, 2 * wanted), isAllowed);
  if (places.length === 0) return [];

  const scored = load(index, all, places);
  const loosely = new Set(loose.map(({ term }) => term));
  const byTerm = new Map(exact.map((term) => [term.term, term]));
  const known = exact.map(({ term }) => term).filter((term) => loosely.has(term) || byTerm.get(term)!.documents > 0);
  const results = scored.mini.search({
    combineWith: 'OR',
    // One query a field, because MiniSearch takes a term's idf from the postings it was given: the true one is put in its place.
    queries: fieldsHeld(scored.sizes).map(([field, id]) => ({
      queries: [''],
      fields: [field],
      tokenize: () => known,
      boostTerm: (term: string) => {
        const held = scored.sizes.get(term)?.[id] ?? 0;
        return held === 0 ? 1 : idf(index, byTerm.get(term)!.byField[id]!) ** idfPower / idf(index, held);
      },
      prefix: (term: string) => loosely.has(term) && hasPrefixes(term),
      fuzzy: (term: string) => loosely.has(term) && typingErrors(term),
    })),
  });

  const weightOf = (term: string): number => tellingWeight(index, byTerm.get(term)?.documents ?? 0);
  const total = exact.reduce((sum, { term }) => sum + weightOf(term), 0);
  return results.map((result): Match => {
    const place: number = result.id;
    return {
      place,
      score: result.score / result.queryTerms.length ** matchedTermsPower,
      coverage: result.queryTerms.reduce((sum, term) => sum + weightOf(term), 0) / total,
      // Asked for the few that are shown.
      fields() {
        return new Map(Object.keys(result.match).map((term) => [term, scored.fieldsOf(term, place)]));
      },
    };
  });
}

/** As if there were many records: in a handful every word is common, and one that is missing would outweigh all that are found. */
function tellingWeight(index: SearchIndex, documents: number): number {
  const count = Math.max(index.documentCount, 1000);
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
}

/** Fields, with their numbers, where any loaded record holds a term: the others would add nothing. */
function fieldsHeld(sizes: Scored['sizes']): [FieldName, number][] {
  const held = fieldNames.map(() => 0);
  for (const size of sizes.values()) for (let id = 0; id < size.length; id++) held[id]! += size[id]!;
  return fieldNames.flatMap((field, id) => (held[id]! > 0 ? [[field, id]] : []));
}

interface Scored {
  mini: MiniSearch<{ id: number }>;
  /** Term → how many records are loaded, by field. */
  sizes: ReadonlyMap<string, readonly number[]>;
  fieldsOf(term: string, place: number): FieldName[];
}

/** MiniSearch holding these terms in these places only; its short ids are their order here, so that its tables stay dense. */
function load(index: SearchIndex, terms: readonly TermPostings[], places: readonly number[]): Scored {
  const shortIds = new Uint32Array(index.entries.count);
  for (let at = 0; at < places.length; at++) shortIds[places[at]!] = at + 1;
  const sizes = new Map<string, number[]>();
  const postings = new Map<string, Record<number, Record<number, number>>>();
  for (const { term, count, fields, places: held, frequencies } of terms) {
    const size = fieldNames.map(() => 0);
    const byField: Record<number, Record<number, number>> = {};
    for (let i = 0; i < count; i++) {
      const shortId = shortIds[held[i]!]!;
      if (shortId === 0) continue;
      const field = fields[i]!;
      size[field]!++;
      (byField[field] ??= {})[shortId - 1] = frequencies[i]!;
    }
    sizes.set(term, size);
    postings.set(term, byField);
  }
  const mini = MiniSearch.loadJS<{ id: number }>(
    {
      documentCount: index.documentCount,
      nextId: places.length,
      documentIds: { ...places },
      fieldIds: Object.fromEntries(fieldNames.map((name, field) => [name, field])),
      fieldLength: Object.fromEntries(lengthsAt(index, places).entries()),
      averageFieldLength: [...index.averageLengths],
      storedFields: {},
      dirtCount: 0,
      index: [...postings],
      serializationVersion: 2,
    },
    {
      fields: fieldNames,
      processTerm: (term) => term,
      autoVacuum: false,
      searchOptions: { boost: fieldWeights, bm25 },
    },
  );
  const fieldsOf = (term: string, place: number): FieldName[] =>
    fieldNames.filter((_, field) => postings.get(term)?.[field]?.[shortIds[place]! - 1] !== undefined);
  return { mini, sizes, fieldsOf };
}

/** Distinct terms by field, for each of the places. */
function lengthsAt(index: SearchIndex, places: readonly number[]): number[][] {
  const count = fieldNames.length;
  return places.map((place) => {
    for (const { segment, documents } of index.parts) {
      const document = documents[place]!;
      if (document >= 0) return fieldNames.map((_, field) => segment.lengths[document * count + field]!);
    }
    return [];
  });
}
