// Makes segments: from the words of records, and from older segments without opening their files again.
import { decodePostings, type Segment, type SegmentParts, termAt } from './segment.ts';

export interface SegmentBuilder {
  /** `words[field]`: the stems of that field, repeats kept. */
  add(key: number, words: readonly (readonly string[])[]): void;
  /** Takes over what `isAlive` keeps of an older segment. */
  merge(segment: Segment, isAlive: (document: number) => boolean): void;
  finish(): SegmentParts;
}

export function segmentBuilder(fieldCount: number): SegmentBuilder {
  const termIds = new Map<string, number>();
  const keys: number[] = [];
  const lengths: number[] = [];
  // Columns of (term × field, document, frequency), in order of documents.
  let slots = new Uint32Array(1 << 16);
  let documents = new Uint32Array(1 << 16);
  let frequencies = new Uint16Array(1 << 16);
  let count = 0;

  const push = (slot: number, document: number, frequency: number): void => {
    if (count === slots.length) {
      const more = count + (count >> 1);
      slots = grown(slots, new Uint32Array(more));
      documents = grown(documents, new Uint32Array(more));
      frequencies = grown(frequencies, new Uint16Array(more));
    }
    slots[count] = slot;
    documents[count] = document;
    frequencies[count++] = Math.min(frequency, 0xffff);
  };
  const idOfTerm = (term: string): number => {
    let id = termIds.get(term);
    if (id === undefined) termIds.set(term, (id = termIds.size));
    return id;
  };

  const add: SegmentBuilder['add'] = (key, words) => {
    const document = keys.push(key) - 1;
    for (let field = 0; field < fieldCount; field++) {
      const counted = new Map<number, number>();
      for (const word of words[field] ?? []) {
        const id = idOfTerm(word);
        counted.set(id, (counted.get(id) ?? 0) + 1);
      }
      lengths.push(Math.min(counted.size, 0xffff));
      for (const [id, frequency] of counted) push(id * fieldCount + field, document, frequency);
    }
  };

  const merge: SegmentBuilder['merge'] = (segment, isAlive) => {
    const places = new Int32Array(segment.documentCount).fill(-1);
    for (let document = 0; document < segment.documentCount; document++) {
      if (!isAlive(document)) continue;
      places[document] = keys.push(segment.keys[document]!) - 1;
      for (let field = 0; field < fieldCount; field++) lengths.push(segment.lengths[document * fieldCount + field]!);
    }
    for (let term = 0; term < segment.termCount; term++) {
      let id = -1;
      const { count: length, fields, documents: held, frequencies: often } = decodePostings(segment, term);
      for (let i = 0; i < length; i++) {
        const place = places[held[i]!]!;
        if (place < 0) continue;
        if (id < 0) id = idOfTerm(termAt(segment, term));
        push(id * fieldCount + fields[i]!, place, often[i]!);
      }
    }
  };

  const finish = (): SegmentParts => {
    const terms = [...termIds.keys()].sort();
    const order = sortBySlot(slots.subarray(0, count), termIds.size * fieldCount);
    const postings = byteWriter(count * 3);
    const termEnds = new Uint32Array(terms.length);
    const postingEnds = new Uint32Array(terms.length);
    const documentCounts = new Uint32Array(terms.length);
    // By document, the last term that counted it.
    const counted = new Uint32Array(keys.length);
    const dictionary = Buffer.from(terms.join(''), 'utf8');
    let end = 0;
    for (const [index, term] of terms.entries()) {
      const id = termIds.get(term)!;
      for (let field = 0; field < fieldCount; field++) {
        const slot = id * fieldCount + field;
        const first = order.starts[slot]!;
        const last = order.starts[slot + 1]!;
        if (first === last) continue;
        postings.varint(field);
        postings.varint(last - first);
        let previous = -1;
        for (let i = first; i < last; i++) {
          const entry = order.entries[i]!;
          postings.varint(documents[entry]! - previous);
          postings.varint(frequencies[entry]!);
          previous = documents[entry]!;
          if (counted[previous] !== index + 1) documentCounts[index]!++;
          counted[previous] = index + 1;
        }
      }
      end += Buffer.byteLength(term, 'utf8');
      termEnds[index] = end;
      postingEnds[index] = postings.length();
    }
    return {
      documentCount: keys.length,
      termCount: terms.length,
      fieldCount,
      keys: Float64Array.from(keys),
      lengths: Uint16Array.from(lengths),
      termEnds,
      postingEnds,
      documentCounts,
      dictionary,
      postings: postings.bytes(),
    };
  };

  return { add, merge, finish };
}

/** Counting sort, stable: where each slot's entries begin, and the entries in that order. */
function sortBySlot(slots: Uint32Array, slotCount: number): { starts: Uint32Array; entries: Uint32Array } {
  const starts = new Uint32Array(slotCount + 1);
  for (const slot of slots) starts[slot + 1]!++;
  for (let slot = 0; slot < slotCount; slot++) starts[slot + 1]! += starts[slot]!;
  const next = starts.slice();
  const entries = new Uint32Array(slots.length);
  for (let entry = 0; entry < slots.length; entry++) entries[next[slots[entry]!]!++] = entry;
  return { starts, entries };
}

function byteWriter(guess: number): { varint(value: number): void; length(): number; bytes(): Uint8Array } {
  let bytes = new Uint8Array(Math.max(guess, 64));
  let at = 0;
  return {
    varint(value) {
      if (at + 8 > bytes.length) bytes = grown(bytes, new Uint8Array(bytes.length * 2));
      let rest = value;
      while (rest > 127) {
        bytes[at++] = (rest & 127) | 128;
        rest >>>= 7;
      }
      bytes[at++] = rest;
    },
    length: () => at,
    bytes: () => bytes.subarray(0, at),
  };
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
