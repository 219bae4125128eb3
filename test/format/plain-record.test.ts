import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from '../../src/format/frontmatter.ts';
import { parseRecord, parseYamlRecord } from '../../src/format/frontmatter-read.ts';
import { parsePlainRecord } from '../../src/format/plain-record.ts';

const created = '2026-11-20T12:48:00Z';
const quick = (text: string): unknown => parsePlainRecord('7k3qz9wd', text, created);
const whole = (text: string): unknown => parseYamlRecord('7k3qz9wd', text, created);

/** The fast parser may return undefined; otherwise the library must give the same record. */
function expectSame(text: string): boolean {
  const said = quick(text);
  if (said !== undefined) expect(said, text).toEqual(whole(text));
  return said !== undefined;
}

const indicators = fc.string({
  unit: fc.constantFrom(...':#-[]{},"\'\\ &*!|>%@`~?0a.é=<\t\u00a0\u2028\u0085🙂', ': ', ' #', '- ', '", "'),
  maxLength: 12,
});
const word = fc.constantFrom(
  'a',
  'b c',
  'src/a.ts',
  '1-3',
  'it is: so',
  "it's",
  '"q"',
  'null',
  '~',
  '0x1',
  '[a]',
  '{ a: b }',
);
const value = fc.oneof(
  word,
  indicators,
  fc.array(word, { maxLength: 3 }).map((words) => `[${words.join(', ')}]`),
  fc.array(word, { maxLength: 3 }).map((words) => `{ path: ${words.join(', lines: ')} }`),
  fc
    .record({
      path: fc.constantFrom('src/a.ts', '.x', '../a', '/a', 'a..b', 'C:/a', '-a', '0x1'),
      lines: fc.constantFrom('', ', lines: 1-3', ', lines: 3-1', ', lines: 7', ', lines: 0-1', ', lines: 1-1234567890'),
      blob: fc.constantFrom(
        '',
        ', blob: 0123456',
        ', blob: 1e5',
        ', blob: "0123456"',
        ', blob: 0123456, blob: 0123456',
      ),
      text: fc.constantFrom('', ', text: 01234567', ', text: 0123456', ' , text: 01234567'),
      end: fc.constantFrom('', ' ', ' #'),
    })
    .map(({ path, lines, blob, text, end }) => `{ path: ${path}${lines}${blob}${text} }${end}`),
  fc
    .tuple(fc.constantFrom('extractive/1', '-x', './y', 'a b'), fc.constantFrom('0', '12', '1e3', '1234567890123456'))
    .map(([by, tokens]) => `{ by: ${by}, tokens: ${tokens} }`),
  indicators.map((text) => `[${text}]`),
  indicators.map((text) => `{ path: ${text} }`),
  indicators.map((text) => `"${text}"`),
  indicators.map((text) => `'${text}'`),
);
const key = fc.constantFrom(
  'title',
  'description',
  'aliases',
  'facts',
  'cites',
  'concepts',
  'generated',
  'files',
  'other',
  'x-y',
  'constructor',
);
const line = fc.oneof(
  fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`),
  fc
    .tuple(key, fc.array(value, { maxLength: 3 }))
    .map(([name, items]) => [`${name}:`, ...items.map((one) => `  - ${one}`)].join('\n')),
  indicators,
);
const body = fc.constantFrom('', '\n', '\nText.\n', '\n---\nText', '---\n', ' \n\n# Title\n');

describe('the fast parser', () => {
  it('gives the same record as the YAML library, or undefined, for any front matter', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), body, fc.boolean(), (lines, rest, hasEnd) => {
        expectSame(['---', 'type: decision', ...lines, `---${hasEnd ? '\n' : ''}${rest}`].join('\n'));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same record for text close to our own writer’s format', () => {
    /** One part in twenty is not as we would write it. */
    const usually = (good: string[], odd: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.oneof({ weight: 19, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: odd });
    const parts = fc.tuple(fc.constantFrom('', 'a', '"a', 'a '), indicators, fc.constantFrom('', 'b', '"', ' b'));
    const said = usually(
      ['a', 'b c', 'Parser why', 'at 10:30', 'x é 世', '"a \\"b\\" c"', '"x: y"', 'c#'],
      parts.map((all) => all.join('')),
    );
    const list = usually(
      ['[a]', '[a, b c]', '[a-b, ./c]'],
      fc.constantFrom('[a ]', '[a,b]', '[]', '[a, ]', '["a"]', '[a, [b]]', '[a, b'),
    );
    const joined = (...all: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.tuple(...all).map((some) => some.join(''));
    const cite = joined(
      usually(['{ path: src/a.ts'], fc.constantFrom('{ path: ../a', '{ path: a b', '{ path: "a"', '{ path:a')),
      usually([', lines: 1-3', ', lines: 7'], fc.constantFrom('', ', lines: 3-1', ', lines: 1', ', lines: 0-1')),
      usually(['', ', blob: 0123456'], fc.constantFrom(', blob: 012', ', blob: 0123456, blob: 0123456')),
      usually(['', ', text: 01234567'], fc.constantFrom(' , text: 01234567', ', text: 012345678')),
      usually([' }'], fc.constantFrom('}', ' } ', ' }]', '')),
    );
    const block = (items: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.array(items, { minLength: 1, maxLength: 3 }).map((all) => all.map((one) => `\n  - ${one}`).join(''));
    const must = (name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      values.map((text) => `${name}:${text.startsWith('\n') ? '' : ' '}${text}\n`);
    const maybe = (name: string, values: fc.Arbitrary<string>): fc.Arbitrary<string> =>
      fc.option(must(name, values), { nil: '' });
    const front = joined(
      must('type', usually(['decision'], fc.constantFrom('session', 'constructor', 'decision '))),
      must('title', said),
      maybe('description', said),
      must(
        'created',
        usually([created], fc.constantFrom('2026-02-31T00:00:00Z', '2026-11-20', '2026-11-20T25:00:00Z')),
      ),
      maybe('branch', said),
      maybe('session', said),
      maybe(
        'generated',
        usually(['{ by: extractive/1, tokens: 0 }'], fc.constantFrom('{ by: a b, tokens: 1e3 }', 'a')),
      ),
      maybe('concepts', list),
      maybe('cites', block(cite)),
      maybe('aliases', list),
      maybe('facts', block(said)),
      maybe('supersedes', list),
      maybe('confidence', usually(['0.8', '1', '0'], fc.constantFrom('1.5', '.5', '0.'))),
    );
    let taken = 0;
    fc.assert(
      fc.property(front, body, (fields, rest) => {
        if (expectSame(`---\n${fields}---\n${rest}`)) taken += 1;
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('reads the output of our own writer', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 3 }),
        (title, body_, facts, aliases) => {
          const base = { id: '7k3qz9wd', type: 'gotcha' as const, description: title, created };
          const lists = {
            concepts: ['gotcha'],
            cites: [{ path: 'src/a.ts', lines: [1, 3] as [number, number] }],
            facts,
            aliases,
          };
          const none = { supersedes: [], contradicts: [], forgets: [], extra: {} };
          expectSame(formatRecord({ ...base, ...lists, ...none, title, body: body_ }));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes ordinary records itself, and leaves the unusual to the library', () => {
    const ordinary = [
      '---',
      'type: bugfix',
      'title: "Fix: retry once, then fail"',
      'description: Parser stops at 10:30, not later.',
      `created: ${created}`,
      'generated: { by: extractive/1, tokens: 0 }',
      'concepts: [how-it-works, trade-off]',
      'cites:',
      '  - { path: src/a.ts, lines: 1-3, blob: 0123456789, text: 01234567 }',
      "aliases: [negative input, 'it''s', \"a, b\"]",
      'facts:',
      '  - One thing.',
      '  - "Another: quoted."',
      'files: { read: [a.ts], modified: [b.ts, c.ts] }',
      'confidence: 0.8',
      '---',
      '',
      'Body.',
      '',
    ].join('\n');
    expect(expectSame(ordinary)).toBe(true);
    expect(quick(ordinary.replace('title: ', 'title: &a '))).toBeUndefined();
    expect(quick(ordinary.replace('bugfix', 'bugfix # why'))).toBeUndefined();
    expect(quick(ordinary.replace('  - One', '  - One\n    more'))).toBeUndefined();
    expect(
      parseRecord('7k3qz9wd', ordinary.replace('type: bugfix\n', '').replace('cites', 'type: bugfix\ncites')),
    ).toHaveProperty('record');
  });
});
