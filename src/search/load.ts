// MiniSearch over the little that one question touches: the postings of its terms, in the records that may be found.
import MiniSearch from 'minisearch';
import { type FieldName, fieldNames } from '../index/fields.ts';
import type { SearchIndex } from './index.ts';
import type { TermPostings } from './postings.ts';
import { scratchOf } from './scratch.ts';

export interface Scored {
  mini: MiniSearch<{ id: number }>;
  /** Term → how many records are loaded, by field. */
  sizes: ReadonlyMap<string, readonly number[]>;
  fieldsOf(term: string, place: number): FieldName[];
}

/** By number of the field: by record, how often. As MiniSearch keeps a term. */
type Held = Map<number, Map<number, number>>;

/** Filled as it lies in memory: its serialised form makes a text of every number, which takes as long as the search. */
class LoadedSearch extends MiniSearch<{ id: number }> {
  constructor(index: SearchIndex, places: readonly number[]) {
    super({ fields: fieldNames, processTerm: (term) => term, autoVacuum: false });
    this._documentCount = index.documentCount;
    this._avgFieldLength = [...index.averageLengths];
    this._nextId = places.length;
    for (let at = 0; at < places.length; at++) {
      this._documentIds.set(at, places[at]!);
      this._fieldLength.set(at, lengthsAt(index, places[at]!));
    }
  }

  hold(term: string, held: Held): void {
    this._index.set(term, held);
  }
}

/** MiniSearch holding these terms in these places only; its own ids are their order here, a result's id is the place. */
export function load(index: SearchIndex, terms: readonly TermPostings[], places: readonly number[]): Scored {
  const orders = scratchOf(index.entries).orders.fill(0);
  for (let at = 0; at < places.length; at++) orders[places[at]!] = at + 1;
  const mini = new LoadedSearch(index, places);
  const sizes = new Map<string, readonly number[]>();
  const loaded = new Map<string, Held>();
  for (const postings of terms) {
    const held = heldAmong(postings, orders);
    sizes.set(
      postings.term,
      fieldNames.map((_, field) => held.get(field)?.size ?? 0),
    );
    loaded.set(postings.term, held);
    mini.hold(postings.term, held);
  }
  const fieldsOf = (term: string, place: number): FieldName[] => {
    const order = places.indexOf(place);
    return fieldNames.filter((_, field) => loaded.get(term)?.get(field)?.has(order));
  };
  return { mini, sizes, fieldsOf };
}

/** `orders`: by place, one more than its order among those that are loaded; 0 of the others. */
function heldAmong({ count, fields, places, frequencies }: TermPostings, orders: Uint32Array): Held {
  const held: Held = new Map();
  let inField: Map<number, number> | undefined;
  let field = -1;
  for (let i = 0; i < count; i++) {
    const order = orders[places[i]!]!;
    if (order === 0) continue;
    if (fields[i] !== field || inField === undefined) {
      field = fields[i]!;
      inField = held.get(field);
      if (inField === undefined) held.set(field, (inField = new Map()));
    }
    inField.set(order - 1, frequencies[i]!);
  }
  return held;
}

/** Distinct terms by field. */
function lengthsAt({ parts }: SearchIndex, place: number): number[] {
  const count = fieldNames.length;
  for (const { segment, documents } of parts) {
    const document = documents[place]!;
    if (document < 0) continue;
    const lengths: number[] = [];
    for (let field = 0; field < count; field++) lengths.push(segment.lengths[document * count + field]!);
    return lengths;
  }
  return [];
}
