import { describe, expect, it } from 'vitest';
import { plainText, splitSentences, splitStatements, trimSentence } from '../../../src/compress/rules/sentences.ts';

const textsOf = (markdown: string): string[] => splitStatements(markdown).map((piece) => piece.text);

describe('sentences', () => {
  it('end at full stops, not at dots in code, numbers, paths and abbreviations', () => {
    expect(splitSentences('See `a.b. C` in src/x.ts v1.2.3. It costs 1.5 s, e.g. on CI. Done.')).toEqual([
      'See `a.b. C` in src/x.ts v1.2.3.',
      'It costs 1.5 s, e.g. on CI.',
      'Done.',
    ]);
  });

  it('are found in scripts without spaces', () => {
    expect(splitSentences('キャッシュが古い。だからテストが失敗した。')).toEqual([
      'キャッシュが古い。',
      'だからテストが失敗した。',
    ]);
  });

  it('lose openings that carry no news, and plans hung on to a finding', () => {
    expect(trimSentence('Great! Now the port is read from `PORT` only.')).toBe('The port is read from `PORT` only.');
    expect(trimSentence('The port is read from `PORT` only, so let me fix the docs.')).toBe(
      'The port is read from `PORT` only',
    );
    expect(trimSentence('Let me check the logs first.')).toBeUndefined();
  });

  it('lose markdown decoration outside of code', () => {
    expect(plainText('**Bold** and [a link](https://example.com), `__init__` and `<b>` stay')).toBe(
      'Bold and a link, `__init__` and `<b>` stay',
    );
  });
});

describe('statements of a text', () => {
  it('leave code blocks out, also one whose opening was cut away', () => {
    expect(textsOf('The cache is keyed by user.\n```js\nconst a = 1;\n```\nEvery test clears the cache.')).toEqual([
      'The cache is keyed by user.',
      'Every test clears the cache.',
    ]);
    expect(
      textsOf(
        'The cache is keyed by user.\n[… 900 characters cut …]\nreturn the value of it all\n```\nEvery test clears the cache.',
      ),
    ).toEqual(['The cache is keyed by user.', 'Every test clears the cache.']);
  });

  it('put a telling parent before its children, and headings into the section', () => {
    const pieces = splitStatements(
      '## Changes\n\n- `src/mail.ts`:\n  - Sends in batches of 50\n  - Retries three times on 429',
    );
    expect(pieces.map((piece) => piece.text)).toEqual([
      '`src/mail.ts`: Sends in batches of 50',
      '`src/mail.ts`: Retries three times on 429',
    ]);
    expect(pieces[0]?.section).toBe('Changes');
  });

  it('join a sentence that leans on the one before', () => {
    expect(textsOf('The lock file is read twice. That is why the second read fails on Windows.')).toEqual([
      'The lock file is read twice. That is why the second read fails on Windows.',
    ]);
  });

  it('join the wrapped lines of a list item', () => {
    expect(textsOf('- Keys are rotated every week,\n  never within a running import')).toEqual([
      'Keys are rotated every week, never within a running import',
    ]);
  });
});
