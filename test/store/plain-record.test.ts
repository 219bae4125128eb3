import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from '../../src/store/frontmatter.ts';
import { parseRecord, parseYamlRecord } from '../../src/store/frontmatter-read.ts';
import { parsePlainRecord } from '../../src/store/plain-record.ts';

const created = '2026-11-20T12:48:00Z';
const quick = (text: string): unknown => parsePlainRecord('7k3qz9wd', text, created);
const whole = (text: string): unknown => parseYamlRecord('7k3qz9wd', text, created);

/** The quick reader may pass; what it says, the library says too. */
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

describe('the quick reader', () => {
  it('says what the YAML library says, or nothing, whatever the front matter', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), body, fc.boolean(), (lines, rest, hasEnd) => {
        expectSame(['---', 'type: decision', ...lines, `---${hasEnd ? '\n' : ''}${rest}`].join('\n'));
      }),
      { numRuns: 3000 },
    );
  });

  it('reads what our own writer writes', () => {
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
