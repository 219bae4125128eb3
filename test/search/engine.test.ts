import * as fc from 'fast-check';
import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import { segmentBuilder } from '../../src/search/build-segment.ts';
import { matchTerms } from '../../src/search/engine.ts';
import { entriesOf } from '../../src/search/entries.ts';
import { fieldNames, fieldWeights } from '../../src/index/fields.ts';
import { asIndex, partOf, type SearchIndex } from '../../src/search/index.ts';
import { decodePostings, formatSegment, parseSegment, termAt } from '../../src/search/segment.ts';
import { excerpt } from '../helpers/search-place.ts';

type Words = string[][];

const word = fc.oneof(
  fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'epsilon', '2026', 'é', '日本'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const documents = fc.array(
  fc.array(fc.array(word, { maxLength: 8 }), { minLength: fieldNames.length, maxLength: fieldNames.length }),
  { minLength: 1, maxLength: 30 },
);

function segmentOf(words: readonly Words[]): ReturnType<typeof parseSegment> {
  const builder = segmentBuilder(fieldNames.length);
  for (const [key, fields] of words.entries()) builder.add(key, fields);
  return parseSegment(formatSegment(builder.finish()), fieldNames.length);
}

/** The documents in two parts, with some of the first part gone. */
function indexOf(words: readonly Words[], split: number, isGone: (place: number) => boolean): SearchIndex {
  const first = words.slice(0, split);
  const parts = [
    { segment: segmentOf(first), places: Int32Array.from(first, (_, place) => (isGone(place) ? -1 : place)) },
    { segment: segmentOf(words.slice(split)), places: Int32Array.from(words.slice(split), (_, at) => split + at) },
  ].map(({ segment, places }) => partOf(segment, places, words.length));
  return asIndex(entriesOf(words.map((_, place) => excerpt({ id: String(place) }))), parts);
}

/** The whole of MiniSearch over the same words, asked as the engine asks it. */
function fullScores(
  words: readonly Words[],
  isGone: (place: number) => boolean,
  index: SearchIndex,
  terms: string[],
): Map<number, number> {
  const options = {
    fields: fieldNames as string[],
    tokenize: (text: string) => JSON.parse(text) as string[],
    processTerm: (term: string) => term,
  };
  const full = new MiniSearch<Record<string, unknown>>(options);
  for (const [id, fields] of words.entries())
    if (!isGone(id))
      full.add(
        Object.fromEntries([['id', id], ...fieldNames.map((name, field) => [name, JSON.stringify(fields[field])])]),
      );
  const plain = full.toJSON();
  const mini = MiniSearch.loadJS({ ...plain, averageFieldLength: [...index.averageLengths] }, options);
  const sizes = new Map(plain.index.map(([term, byField]) => [term, byField]));
  const results = mini.search({
    queries: fieldNames.map((field, id) => ({
      queries: [JSON.stringify(terms)],
      fields: [field],
      boostTerm: (term: string) => {
        const held = Object.keys(sizes.get(term)?.[id] ?? {}).length;
        return Math.sqrt(Math.log(1 + (index.documentCount - held + 0.5) / (held + 0.5)));
      },
    })),
    boost: fieldWeights,
    bm25: { b: 0.3, k: 1.2, d: 0.5 },
  });
  return new Map(results.map((result) => [Number(result.id), result.score / result.queryTerms.length ** 0.3]));
}

describe('the index', () => {
  it('gives back every posting that was put in', () => {
    fc.assert(
      fc.property(documents, (words) => {
        const segment = segmentOf(words);
        const expected = new Map<string, number>();
        for (const [document, fields] of words.entries())
          for (const [field, terms] of fields.entries())
            for (const term of terms) {
              const key = JSON.stringify([term, field, document]);
              expected.set(key, (expected.get(key) ?? 0) + 1);
            }
        const found = new Map<string, number>();
        for (let term = 0; term < segment.termCount; term++) {
          const { count, fields, documents: held, frequencies } = decodePostings(segment, term);
          for (let i = 0; i < count; i++)
            found.set(JSON.stringify([termAt(segment, term), fields[i], held[i]]), frequencies[i]!);
        }
        expect(found).toEqual(expected);
      }),
    );
  });
  it('holds far gaps, long lists and words said often', () => {
    const none = fieldNames.map((): string[] => []);
    const words = Array.from({ length: 40_000 }, (_, document): Words =>
      document % 200 === 0 || document === 39_999
        ? [Array<string>(document === 400 ? 70_000 : 300).fill('often'), ['often']]
        : none,
    );
    const segment = segmentOf(words);
    const { count, fields, documents: held, frequencies } = decodePostings(segment, 0);
    expect(segment.documentCounts[0]).toBe(201);
    expect(count).toBe(402);
    expect([fields.length, held.length, frequencies.length]).toEqual([402, 402, 402]);
    expect([...held.subarray(0, 4)]).toEqual([0, 200, 400, 600]);
    expect([...frequencies.subarray(0, 4)]).toEqual([300, 300, 0xffff, 300]);
    expect([fields[200], held[200], frequencies[200]]).toEqual([0, 39_999, 300]);
    expect([fields[201], held[201], frequencies[401]]).toEqual([1, 0, 1]);
  });
  it('merges parts into the same index as one made at once', () => {
    fc.assert(
      fc.property(documents, fc.nat(30), (words, at) => {
        const builder = segmentBuilder(fieldNames.length);
        const split = Math.min(at, words.length);
        builder.merge(segmentOf(words.slice(0, split)), () => true);
        for (const [key, fields] of words.entries()) if (key >= split) builder.add(key, fields);
        // Keys of the older part begin at 0, as those of the whole do.
        expect(formatSegment(builder.finish()).equals(formatSegment(segmentOf(words)))).toBe(true);
      }),
    );
  });
  it('scores a few postings as MiniSearch scores the whole index, in parts and with records gone', () => {
    fc.assert(
      fc.property(
        documents,
        fc.nat(30),
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.nat(7),
        (words, at, terms, gone) => {
          const split = Math.min(at, words.length);
          const isGone = (place: number): boolean => place < split && place % 8 === gone;
          const index = indexOf(words, split, isGone);
          const distinct = [...new Set(terms)];
          const expected = fullScores(words, isGone, index, distinct);
          // Too few or unknown words bring in similar ones: another rule, tested below.
          fc.pre(expected.size >= 3 && distinct.every((term) => fullScores(words, isGone, index, [term]).size > 0));
          const found = matchTerms(index, terms);
          expect(new Set(found.map(({ place }) => place))).toEqual(new Set(expected.keys()));
          for (const { place, score } of found) expect(score).toBeCloseTo(expected.get(place)!, 6);
        },
      ),
    );
  });
  it('finds what begins like an unknown word or is mistyped, and numbers only exactly', () => {
    const words = ['authentication', 'authorization', 'recursion', '20261', 'cat'].map((term) =>
      fieldNames.map(() => [term]),
    );
    const index = indexOf(words, 3, () => false);
    const places = (term: string): number[] =>
      matchTerms(index, [term])
        .map(({ place }) => place)
        .sort();
    expect(places('auth')).toEqual([0, 1]);
    expect(places('recusion')).toEqual([2]);
    expect(places('20267')).toEqual([]);
    expect(places('car')).toEqual([]);
  });
  it('is not read when it is cut short or of another version', () => {
    const bytes = formatSegment(segmentOf([fieldNames.map(() => ['alpha'])]));
    expect(() => parseSegment(bytes.subarray(0, bytes.length - 1), fieldNames.length)).toThrow(RangeError);
    expect(() => parseSegment(bytes, fieldNames.length + 1)).toThrow(RangeError);
    expect(() => parseSegment(Buffer.alloc(3), fieldNames.length)).toThrow(RangeError);
  });
});
