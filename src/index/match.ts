// A question's terms to records that match: the most telling of them choose which records MiniSearch scores, with the statistics of the
// whole table.
import MiniSearch from 'minisearch';
import { type FieldName, fieldNames, fieldWeights } from './fields.ts';
import { findPostings, idf, tellingRows, type TermPostings } from './postings.ts';
import { hasPrefixes, similarTerms, typingErrors } from './similar.ts';
import { averageLengths, type RecordTable } from './table.ts';

export interface Match {
  row: number;
  /** Sum over terms and fields, divided by a power of the number of question terms that matched. */
  score: number;
  /** 0 to 1: share of the question's information that the record holds; rare words count more. */
  coverage: number;
  /** Term → fields that hold it; the rarest of what was asked first, what is like it last. Worked out when it is asked. */
  fields(): ReadonlyMap<string, readonly FieldName[]>;
}

export interface MatchOptions {
  /** What may be found at all. */
  isAllowed?(row: number): boolean;
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
export function matchTerms(table: RecordTable, terms: readonly string[], options: MatchOptions = {}): Match[] {
  const exact = [...new Set(terms)].map((term) => findPostings(table, term));
  const missing = exact.filter((term) => term.documents === 0);
  const found = missing.length === exact.length ? [] : score(table, exact, missing, options);
  return found.length >= tooFew ? found : score(table, exact, exact, options);
}

function score(
  table: RecordTable,
  exact: readonly TermPostings[],
  loose: readonly TermPostings[],
  { isAllowed = () => true, wanted = 0 }: MatchOptions,
): Match[] {
  const similar = new Map<string, TermPostings>();
  for (const { term } of loose)
    for (const other of similarTerms(table.terms, term)) similar.set(other, findPostings(table, other));
  for (const { term } of exact) similar.delete(term);
  const all = [...exact, ...similar.values()].filter((term) => term.documents > 0);
  const rows = tellingRows(table, all, Math.max(minScored, 2 * wanted), isAllowed);
  if (rows.length === 0) return [];

  const scored = loadRows(table, all, rows);
  const loosely = new Set(loose.map(({ term }) => term));
  const known = exact.filter(({ term, documents }) => loosely.has(term) || documents > 0);
  const anyFields = fieldsHeld([...scored.sizes.values()]);
  const results = scored.mini.search({
    combineWith: 'OR',
    bm25,
    // One query a term, because MiniSearch takes a term's idf in a field from the postings it was given: the true one is put in its place.
    queries: known.map(({ term, byField }) => {
      const size = scored.sizes.get(term);
      const isLoose = loosely.has(term);
      const fields = isLoose || size === undefined ? anyFields : fieldsHeld([size]);
      const boosts = fields.map((field): [FieldName, number] => {
        const held = size?.[field] ?? 0;
        const own = held === 0 ? 1 : idf(table, byField[field]!) ** idfPower / idf(table, held);
        return [fieldNames[field]!, fieldWeights[fieldNames[field]!] * own];
      });
      return {
        queries: [''],
        fields: fields.map((field) => fieldNames[field]!),
        boost: Object.fromEntries(boosts),
        tokenize: () => [term],
        prefix: isLoose && hasPrefixes(term),
        fuzzy: isLoose && typingErrors(term),
      };
    }),
  });

  const weights = new Map(exact.map(({ term, documents }) => [term, tellingWeight(table, documents)]));
  const weightOf = (sum: number, term: string): number => sum + (weights.get(term) ?? 0);
  // What was asked before what is like it.
  const rank = new Map(
    [...exact, ...similar.values()].map(({ term, documents }) => [
      term,
      weights.has(term) ? documents : table.count + documents,
    ]),
  );
  const byRank = (found: string[]): string[] => found.sort((a, b) => rank.get(a)! - rank.get(b)!);
  const total = [...weights.keys()].reduce(weightOf, 0);
  return results.map((result): Match => {
    const row: number = result.id;
    const { score: sum, queryTerms } = result;
    return {
      row,
      score: sum / queryTerms.length ** matchedTermsPower,
      coverage: queryTerms.reduce(weightOf, 0) / total,
      // Asked for the few that are shown.
      fields: () => new Map(byRank(Object.keys(result.match)).map((term) => [term, scored.fieldsOf(term, row)])),
    };
  });
}

/** As if there were many records: in a handful every word is common, and one that is missing would outweigh all that are found. */
function tellingWeight(table: RecordTable, documents: number): number {
  const count = Math.max(table.count, 1000);
  return Math.log(1 + (count - documents + 0.5) / (documents + 0.5));
}

/** Numbers of the fields where any of these is held: the others would add nothing. */
function fieldsHeld(sizes: readonly (readonly number[])[]): number[] {
  return [...fieldNames.keys()].filter((field) => sizes.some((size) => size[field]! > 0));
}

interface Scored {
  mini: MiniSearch;
  /** Term → how many of the rows hold it, by field. */
  sizes: ReadonlyMap<string, readonly number[]>;
  fieldsOf(term: string, row: number): FieldName[];
}

/** By number of the row in the list, how often it holds a term in a field. */
type Held = Record<number, number>;

/** MiniSearch as it would be read from a file that holds these terms in these rows only, and counts all records. */
function loadRows(table: RecordTable, terms: readonly TermPostings[], rows: readonly number[]): Scored {
  // By row, one more than its place in the list; 0 of the others.
  const places = new Uint32Array(table.count);
  for (const [at, row] of rows.entries()) places[row] = at + 1;
  const lengths = table.column('lengths');
  const held = new Map(
    terms.map(({ term, postings }) => [term, fieldNames.map((_, field) => heldAmong(postings[field] || [], places))]),
  );
  const byPlace = <T>(value: (row: number) => T): Record<number, T> =>
    Object.fromEntries(rows.map((row, at) => [at, value(row)]));
  const mini = MiniSearch.loadJS(
    {
      serializationVersion: 2,
      documentCount: table.count,
      nextId: rows.length,
      documentIds: byPlace((row) => row),
      fieldIds: Object.fromEntries(fieldNames.map((name, field) => [name, field])),
      fieldLength: byPlace((row) => lengths.slice(row * fieldNames.length, (row + 1) * fieldNames.length)),
      averageFieldLength: averageLengths(table.statistics),
      storedFields: {},
      dirtCount: 0,
      index: [...held].map(([term, fields]) => [
        term,
        Object.fromEntries(fields.map((one, field) => [field, one.held])),
      ]),
    } as never,
    { fields: fieldNames, processTerm: (term) => term, autoVacuum: false },
  );
  return {
    mini,
    sizes: new Map([...held].map(([term, fields]) => [term, fields.map(({ count }) => count)])),
    fieldsOf: (term, row) =>
      fieldNames.filter((_, field) => held.get(term)?.[field]?.held[places[row]! - 1] !== undefined),
  };
}

function heldAmong(pairs: readonly number[], places: Uint32Array): { held: Held; count: number } {
  const held: Held = {};
  let count = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const place = places[pairs[at]!]!;
    if (place === 0) continue;
    held[place - 1] = pairs[at + 1]!;
    count++;
  }
  return { held, count };
}
