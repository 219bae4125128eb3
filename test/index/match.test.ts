import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldNames, fieldWeights } from '../../src/index/fields.ts';
import { matchWords } from '../../src/index/match.ts';
import type { AskedWord } from '../../src/index/words.ts';
import { documents, tableOf, word, type Words } from './table-at.ts';

const asked = (term: string, isCompounding = false, ...forms: string[]): AskedWord => ({
  spoken: term,
  stems: [term, ...forms],
  others: () => [],
  isCompounding,
});
const all = (): boolean => true;
const forms = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });

/** The definition, word by word: BM25 summed over the fields, the best form of a word, times coverage to the power 1.75. */
function naiveScore(words: readonly Words[], row: number, question: readonly (readonly string[])[]): number {
  const rarity = (count: number, held: number): number => Math.log(1 + (count - held + 0.5) / (held + 0.5));
  const heldBy = (term: string): number => words.filter((fields) => fields.flat().includes(term)).length;
  let sum = 0;
  let told = 0;
  let total = 0;
  const own = (term: string): number =>
    fieldNames.reduce((before, name, field) => {
      const lengths = words.map((fields) => new Set(fields[field]).size).filter((length) => length > 0);
      const times = words[row]![field]!.filter((one) => one === term).length;
      if (times === 0) return before;
      const length = (new Set(words[row]![field]).size * lengths.length) / lengths.reduce((a, b) => a + b, 0);
      return before + (fieldWeights[name] * 2.2 * times) / (times + 1.2 * (0.25 + 0.75 * length));
    }, 0);
  for (const stems of question) {
    const information = rarity(Math.max(1000, words.length), Math.max(...stems.map(heldBy)));
    total += information;
    if (!stems.some((term) => words[row]!.flat().includes(term))) continue;
    told += information;
    sum += Math.max(...stems.map((term) => rarity(words.length, heldBy(term)) * own(term)));
  }
  return sum * (told / total) ** 1.75;
}

describe('matchWords', () => {
  it('scores by its definition, whatever the records and the question', () => {
    fc.assert(
      fc.property(documents, fc.array(forms, { minLength: 1, maxLength: 5 }), (words, question) => {
        const terms = question.flat();
        const found = (row: number): boolean => terms.some((term) => words[row]!.flat().includes(term));
        // Unknown words, and all when too little is found, bring in similar ones: tested below.
        fc.pre(terms.every((term) => words.flat(2).includes(term)));
        fc.pre(words.filter((_, row) => found(row)).length >= 3);
        const { scores } = matchWords(
          tableOf(words),
          question.map(([term = '', ...others]) => asked(term, false, ...others)),
          all,
        );
        for (const row of words.keys()) expect(scores[row]).toBeCloseTo(naiveScore(words, row, question), 9);
      }),
    );
  });

  it.each([
    ['auth', ['authentication', 'authorization']],
    ['recusion', ['recursion']],
    ['loign', ['login']],
    ['cahe', ['cache']],
    ['20267', []],
    ['car', []],
    ['typecheck', ['type', 'check']],
    ['formcheck', ['form', 'check']],
    ['checkng', ['check']],
    ['formatoin', ['form']],
    ['checkout', []],
  ])('finds for the unknown %s what is like it: %j', (term, expected) => {
    const known = [
      'authentication',
      'authorization',
      'recursion',
      '20261',
      'cat',
      'login',
      'cache',
      'type',
      'form',
      'check',
    ];
    const table = tableOf(known.map((one) => fieldNames.map(() => [one])));
    const { scores, coverage } = matchWords(table, [asked(term)], all);
    expect(known.filter((_, row) => scores[row]! > 0).sort()).toEqual([...expected].sort());
    for (const value of coverage) expect(value).toBeLessThan(1);
  });

  it('finds compounds of a word beside the word, the word first', () => {
    const table = tableOf(['verbindung', 'datenbankverbindung', 'a', 'b'].map((one) => fieldNames.map(() => [one])));
    const { scores } = matchWords(table, [asked('verbindung', true)], all);
    expect(scores[1]).toBeGreaterThan(0);
    expect(scores[0]).toBeGreaterThan(scores[1]!);
  });

  it('scores in full what holds most of the question, however many records hold a part, and the others less', () => {
    const words = Array.from({ length: 1200 }, (_, row) =>
      fieldNames.map((name, field) => {
        if (name !== 'title') return row % 3 === field ? ['often', 'filler'] : [];
        return row < 1191 ? ['often'] : ['often', 'rare'];
      }),
    );
    for (const row of words.keys()) if (row >= 900 && row < 1191) words[row] = fieldNames.map(() => ['filler']);
    const table = tableOf(words);
    const question = [asked('often'), asked('rare')];
    const { scores } = matchWords(table, question, all);
    const whole = matchWords(table, question, all, true).scores;
    const others = scores.subarray(0, 900);
    for (const row of [1191, 1195, 1199]) {
      const expected = naiveScore(words, row, [['often'], ['rare']]);
      expect(scores[row]).toBeCloseTo(expected, 9);
      expect(Math.max(...others)).toBeLessThan(expected);
    }
    expect(Math.min(...others)).toBeGreaterThan(0);
    for (const row of [0, 700, 899]) expect(whole[row]).toBeCloseTo(naiveScore(words, row, [['often'], ['rare']]), 9);
  });

  it('gives nothing of what may not be found', () => {
    const table = tableOf(Array.from({ length: 600 }, () => fieldNames.map(() => ['often'])));
    const { scores } = matchWords(table, [asked('often')], (row) => row < 250);
    expect(scores.filter((score) => score > 0)).toHaveLength(250);
    expect(scores.subarray(250).every((score) => score === 0)).toBe(true);
  });
});
