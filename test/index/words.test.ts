import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateWords, stemmedWords } from '../../src/index/words.ts';

describe('stemmedWords', () => {
  it('splits identifiers and keeps them joined', () => {
    expect(stemmedWords('parseHTTPResponse')).toEqual(['pars', 'http', 'respons', 'parsehttprespons']);
    expect(stemmedWords('snake_case')).toEqual(stemmedWords('snake-case'));
  });
  it('lets each spelling of an identifier find the others', () => {
    const joined = stemmedWords('readConfig').at(-1);
    expect(stemmedWords('read_config')).toContain(joined);
    expect(stemmedWords('readconfig')).toContain(joined);
  });
  it('splits paths into folders, names and endings', () => {
    expect(stemmedWords('src/git/run-fast.ts')).toEqual(expect.arrayContaining(['src', 'git', 'run', 'fast', 'ts']));
  });
  it('joins the forms of a word, regular and irregular', () => {
    expect(stemmedWords('failing')).toEqual(stemmedWords('fails'));
    expect(stemmedWords('went')).toEqual(stemmedWords('go'));
    expect(stemmedWords("the children's")).toEqual(stemmedWords('child'));
  });
  it('leaves out words that say nothing', () => {
    expect(stemmedWords('why does it do this?')).toEqual([]);
  });
  it('reads a date in a text as its year, month and day', () => {
    for (const text of ['8 May 2023', 'May 8th, 2023', '2023-05-08', '2023-05-08T13:14:00Z'])
      expect(new Set(stemmedWords(text))).toEqual(new Set(dateWords('2023-05-08T13:14:00Z')));
    expect(dateWords('2023-05')).toEqual(['2023', 'mai']);
  });
  it('folds accents and pairs the letters of scripts without spaces', () => {
    expect(stemmedWords('Café')).toEqual(['cafe']);
    expect(stemmedWords('日本語')).toEqual(expect.arrayContaining(['日本', '本語']));
  });
  it('answers the same for the same text again', () => {
    expect(stemmedWords('constructor __proto__')).toEqual(stemmedWords('constructor __proto__'));
  });
  it('takes plain text apart as it takes every other', () => {
    const greek: Record<string, string> = { q: 'ζ', z: 'ξ', Q: 'Ζ', Z: 'Ξ' };
    const unit = constantFrom(..."qzQZ17_$-./\\:@+#' ,(\n");
    assert(
      property(string({ unit, maxLength: 30 }), (text) => {
        expect(stemmedWords(`${text} 日`)).toEqual([...stemmedWords(text), '日']);
        const foreign = stemmedWords(text.replace(/[qz]/gi, (letter) => greek[letter] ?? ''));
        expect(foreign.length).toBe(stemmedWords(text).length);
      }),
      { numRuns: 2000 },
    );
  });
});
