import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostTags, stripHostTags, stripPrivate } from '../../src/privacy/private-tags.ts';

const secret = 'the merger is on Friday';
const variants: Record<string, string> = {
  plain: `<private>${secret}</private>`,
  nested: `<private>a<private>${secret}</private>${secret}</private>`,
  unclosed: `<private>${secret}`,
  'upper case': `<PRIVATE>${secret}</Private>`,
  'space before the end': `<private>${secret}</private >`,
  'space after the start': `< private>${secret}< / private>`,
  attributes: `<private reason="a > b" x>${secret}</private>`,
  'line break in the tag': `<private\n>${secret}</private\n>`,
  'JSON escapes': `\\u003cprivate\\u003e${secret}\\u003c/private\\u003e`,
  'doubled JSON escapes': `\\\\u003Cprivate\\\\u003E${secret}\\\\u003C\\/private\\\\u003E`,
  'escaped slash': `<private>${secret}<\\/private>`,
  entities: `&lt;private&gt;${secret}&lt;/private&gt;`,
  'numeric entities': `&#60;private&#62;${secret}&#x3c;/private&#x3E;`,
  'doubled entities': `&amp;lt;private&amp;gt;${secret}&amp;lt;/private&amp;gt;`,
  'invisible characters': `<pri\u200bva\u00adte>${secret}</\ufeffprivate>`,
  'full width': `\uff1cｐｒｉｖａｔｅ\uff1e${secret}\uff1c\uff0fprivate\uff1e`,
  'percent signs': `%3Cprivate%3E${secret}%3C%2Fprivate%3E`,
  'self-closing': `<private/>${secret}`,
  'never finished': `<private ${secret}`,
  mixed: `<private>${secret}&lt;/private&gt;`,
};

for (const [name, text] of Object.entries(variants)) {
  test(`keeps nothing of a private tag: ${name}`, () => {
    expect(stripPrivate(text)).toEqual({ text: '', wasPrivate: true });
    expect(stripPrivate(`before ${text}`)).toEqual({ text: 'before [private]', wasPrivate: true });
  });
}

test('keeps the text outside', () => {
  expect(stripPrivate('a <private>x</private> b <private>y</private> c').text).toBe('a [private] b [private] c');
});

test('leaves other tags alone', () => {
  for (const text of [
    '<privateer>x</privateer>',
    'a private matter',
    '<b>private</b>',
    'class A { private x }',
    'a < b',
    '<',
    '',
  ])
    expect(stripPrivate(text)).toEqual({ text, wasPrivate: false });
});

test('removes the tags that hosts put around their own text', () => {
  for (const tag of hostTags)
    expect(stripHostTags(`hi <${tag}>reminder <b> ${tag}</${tag}>you`, hostTags)).toBe('hi you');
  expect(stripHostTags('<system-reminder>all', hostTags)).toBe('');
  expect(stripHostTags('a <sys<system-reminder>x</system-reminder>tem-reminder>y', hostTags)).toBe('a ');
});

test('is idempotent for any text', () => {
  const piece = fc.constantFrom(
    '<private>',
    '</private>',
    '<pri',
    'vate>',
    'x',
    '<',
    '/',
    '&lt;',
    '\\u003c',
    'private',
    '>',
    ' ',
    '\u200b',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
      const once = stripPrivate(pieces.join('')).text;
      return stripPrivate(once).text === once;
    }),
    { numRuns: 1000 },
  );
});

test('ends on a megabyte of unclosed tags', () => {
  for (const piece of ['<private>', '</private>', '<private ', '\\', '<', '&amp;', '\\u003cprivate'])
    expect(stripPrivate(piece.repeat(1_000_000 / piece.length)).text.length).toBeLessThanOrEqual(1_000_000);
});
