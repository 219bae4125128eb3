import * as fc from 'fast-check';
import MiniSearch from 'minisearch';
import { describe, expect, it } from 'vitest';
import { fieldNames, fieldWeights } from '../../src/index/fields.ts';
import { matchTerms } from '../../src/index/match.ts';
import { averageLengths, type RecordTable } from '../../src/index/table.ts';
import { documents, tableOf, word, type Words } from './table-at.ts';

/** The whole of MiniSearch over the same words, asked as matchTerms asks it. */
function fullScores(words: readonly Words[], table: RecordTable, terms: string[]): Map<number, number> {
  const options = {
    fields: fieldNames as string[],
    tokenize: (text: string) => JSON.parse(text) as string[],
    processTerm: (term: string) => term,
  };
  const full = new MiniSearch<Record<string, unknown>>(options);
  for (const [id, fields] of words.entries())
    full.add(
      Object.fromEntries([['id', id], ...fieldNames.map((name, field) => [name, JSON.stringify(fields[field])])]),
    );
  const plain = full.toJSON();
  const mini = MiniSearch.loadJS({ ...plain, averageFieldLength: averageLengths(table.statistics) }, options);
  const sizes = new Map(plain.index.map(([term, byField]) => [term, byField]));
  const results = mini.search({
    queries: fieldNames.map((field, id) => ({
      queries: [JSON.stringify(terms)],
      fields: [field],
      boostTerm: (term: string) => {
        const held = Object.keys(sizes.get(term)?.[id] ?? {}).length;
        return Math.sqrt(Math.log(1 + (table.count - held + 0.5) / (held + 0.5)));
      },
    })),
    boost: fieldWeights,
    bm25: { b: 0.3, k: 1.2, d: 0.5 },
  });
  return new Map(results.map((result) => [Number(result.id), result.score / result.queryTerms.length ** 0.3]));
}

describe('matchTerms', () => {
  it('scores a few postings as MiniSearch scores the whole index', () => {
    fc.assert(
      fc.property(documents, fc.array(word, { minLength: 1, maxLength: 6 }), (words, terms) => {
        const table = tableOf(words);
        const distinct = [...new Set(terms)];
        const expected = fullScores(words, table, distinct);
        // Too few or unknown words bring in similar ones: another rule, tested below.
        fc.pre(expected.size >= 3 && distinct.every((term) => fullScores(words, table, [term]).size > 0));
        const found = matchTerms(table, terms);
        expect(new Set(found.map(({ row }) => row))).toEqual(new Set(expected.keys()));
        for (const { row, score } of found) expect(score).toBeCloseTo(expected.get(row)!, 6);
      }),
    );
  });
  it('finds what begins like an unknown word or is mistyped, and numbers only exactly', () => {
    const words = ['authentication', 'authorization', 'recursion', '20261', 'cat'].map((term) =>
      fieldNames.map(() => [term]),
    );
    const table = tableOf(words);
    const rows = (term: string): number[] =>
      matchTerms(table, [term])
        .map(({ row }) => row)
        .sort();
    expect(rows('auth')).toEqual([0, 1]);
    expect(rows('recusion')).toEqual([2]);
    expect(rows('20267')).toEqual([]);
    expect(rows('car')).toEqual([]);
  });
  it('gives the most telling records among those that may be found, of many', () => {
    const none = fieldNames.map((): string[] => []);
    const words = Array.from({ length: 600 }, (_, row): Words => [
      ['often', ...(row % 100 === 0 ? ['rare'] : [])],
      ...none.slice(1),
    ]);
    const found = matchTerms(tableOf(words), ['often', 'rare'], { isAllowed: (row) => row < 250 });
    expect(found).toHaveLength(200);
    expect(found.every(({ row }) => row < 250)).toBe(true);
    const rare = found.filter(({ coverage }) => coverage > 0.9).map(({ row }) => row);
    expect(rare.sort((a, b) => a - b)).toEqual([0, 100, 200]);
  });
});
