import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, visit } from 'yaml';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { observationTypes } from '../../src/domain/types.ts';
import { splitBody, tidyBody } from '../../src/format/body.ts';
import { formatRecord } from '../../src/format/frontmatter.ts';
import { parseRecord } from '../../src/format/frontmatter-read.ts';
import { editYaml, parseYaml, yamlLayout } from '../../src/format/yaml.ts';

const example = `---
type: bugfix
title: fib() recursed forever on negative input
created: 2026-11-20T12:48:00Z
branch: main
session: 66d1bb7c
agent: claude-code
generated: { by: claude/haiku, tokens: 3270 }
concepts: [problem-solution]
cites:
  - { path: fibonacci.py, lines: 1-6, blob: 1f7a2c9, text: 9b3e41d0 }
aliases: [infinite recursion, RecursionError, negative fibonacci]
confidence: 0.9
---

Neither base case (0, 1) is reached for n < 0; fib now raises ValueError.

Returning 0 was rejected: a silent zero would hide the caller's bug.

- \`python3 -m unittest -v test_fibonacci\` passes; \`fibonacci.fib(-5)\` failed before
- Only fibonacci.py itself calls fib
`;

function parse(text: string): MemoryRecord {
  const parsed = parseRecord('7k3qz9wd', text);
  if ('problem' in parsed) throw new Error(JSON.stringify(parsed.problem));
  return parsed.record;
}

function problemOf(text: string): { code: string; line?: number; reason: string } {
  const parsed = parseRecord('7k3qz9wd', text);
  if ('record' in parsed) throw new Error('was read');
  return parsed.problem;
}

const withFront = (front: string, body = 'Text.'): string => `---\ntype: gotcha\ntitle: T\n${front}\n---\n\n${body}\n`;

describe('a record as text', () => {
  it('is written as the published example has it', () => {
    expect(formatRecord(parse(example))).toBe(example);
  });

  it('is read with types from our own schema, so that ids of digits and an e stay text', () => {
    const record = parse(withFront('branch: 12e4567\nsession: 0x10\nagent: true\nsupersedes: [12e45678, 1_000]'));
    expect(record.branch).toBe('12e4567');
    expect(record.session).toBe('0x10');
    expect(record.agent).toBe('true');
    expect(record.supersedes).toEqual(['12e45678', '1_000']);
  });

  it('keeps unknown frontmatter keys and writes them back as they were', () => {
    const front = 'type: gotcha\ntitle: T\ncreated: 2026-11-20T12:48:00Z\n';
    const extra = 'reviewed-by: ann\nweight: 12\nlinks:\n  - url: https://example.com/\n    ok: true\n';
    const text = `---\n${front}${extra}---\n\nBody.\n`;
    expect(formatRecord(parse(text))).toBe(text);
    expect(parse(text).extra).toEqual({
      'reviewed-by': 'ann',
      weight: '12',
      links: [{ url: 'https://example.com/', ok: 'true' }],
    });
  });

  it('is read with a byte order mark and CRLF, and written without', () => {
    expect(formatRecord(parse(`\uFEFF${example.replace(/\n/g, '\r\n')}`))).toBe(example);
  });

  it('needs only a type', () => {
    const parsed = parseRecord('note', '---\ntype: decision\n---\n# Use tabs\n\nBecause.', '2026-11-01T00:00:00Z');
    expect(parsed).toMatchObject({ record: { id: 'note', title: 'Use tabs', created: '2026-11-01T00:00:00Z' } });
  });

  it('takes dates as people write them', () => {
    expect(parse(withFront('created: 2026-11-20')).created).toBe('2026-11-20T00:00:00Z');
    expect(parse(withFront('created: 2026-11-20 14:48:00.123+02:00')).created).toBe('2026-11-20T12:48:00Z');
    expect(problemOf(withFront('created: yesterday'))).toMatchObject({ code: 'bad-value', line: 4 });
  });

  it.each([
    ['conflict markers', withFront('', '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x'), 'conflict', 7],
    ['a second front matter', withFront('', '---\ntype: change\n---\n'), 'stray-frontmatter', 7],
    ['duplicate keys', withFront('title: U'), 'bad-yaml', 4],
    ['an alias bomb', withFront('a: &a [x, x]\nb: [*a, *a]'), 'bad-yaml', 4],
    ['a script as front matter', '---js\n{ type: 1 }\n---\n', 'no-frontmatter', 1],
    ['another language', '---json\n{"type": "gotcha"}\n---\n', 'no-frontmatter', 1],
    ['no front matter', '# Hello\n', 'no-frontmatter', 1],
    ['no end of the front matter', '---\ntype: gotcha\n', 'no-frontmatter', 1],
    ['an end that is not one', '---\ntype: gotcha\n---x\n', 'no-frontmatter', 3],
    ['a NUL byte', withFront('', 'a\0b'), 'binary', 7],
    ['a tag of the language', withFront('x: !!js/function "1"'), 'bad-yaml', 4],
    ['an unknown type', '---\ntype: wish\n---\n', 'bad-value', 2],
    ['no type', '---\ntitle: T\n---\n', 'no-type', 1],
    ['a map where a text belongs', withFront('branch: { a: b }'), 'bad-value', 4],
    ['a list where a text belongs', withFront('description:\n  - a'), 'bad-value', 4],
    ['a path that leaves the repository', withFront('cites: [{ path: ../x }]'), 'bad-value', 4],
    ['an absolute path', withFront('files: { read: [/etc/passwd] }'), 'bad-value', 4],
    ['lines that run backwards', withFront('cites: [{ path: a, lines: 6-1 }]'), 'bad-value', 4],
    ['a confidence over one', withFront('confidence: 1.5'), 'bad-value', 4],
    ['over 16 KiB', withFront('', 'x'.repeat(17_000)), 'too-big', undefined],
    ['a list as front matter', '---\n- a\n---\n', 'bad-yaml', 2],
    ['deep nesting', withFront(`x: ${'['.repeat(5000)}${']'.repeat(5000)}`), 'bad-yaml', undefined],
  ])('is refused with a line and a reason: %s', (_name, text, code, line) => {
    const problem = problemOf(text);
    expect(problem.code).toBe(code);
    if (line !== undefined) expect(problem.line).toBe(line);
    expect(problem.reason.length).toBeGreaterThan(10);
  });

  it('reports key, expected kind and actual value', () => {
    expect(problemOf(withFront('confidence: high')).reason).toBe(
      'confidence: expected a number from 0 to 1; got "high"',
    );
  });

  it('does not execute front matter, for any first line', () => {
    const mark = Symbol.for('repomem.ran');
    for (const first of ['---js', '---javascript', '--- js', '---coffee', '---yaml js'])
      parseRecord('x', `${first}\n(globalThis[Symbol.for('repomem.ran')] = 1, { type: 'gotcha' })\n---\n`);
    expect(Object.hasOwn(globalThis, mark)).toBe(false);
  });

  it('does not let a key reach the prototype', () => {
    const record = parse(withFront('__proto__: { polluted: "1" }\nconstructor: x'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(record.extra)).toContain('__proto__');
    expect(parse(formatRecord(record))).toEqual(record);
  });

  it('reads a malformed text a second time as it did the first', () => {
    const text = withFront('a: [1');
    expect(problemOf(text)).toEqual(problemOf(text));
  });

  it('is refused for writing over 16 KiB', () => {
    expect(() => formatRecord({ ...parse(example), body: 'x'.repeat(17_000) })).toThrow(/expected at most 16384/);
  });
});

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '---',
    '- a',
    'a: b',
    '#x',
    "it's",
    '"q"',
    '~',
    'null',
    '12e4567',
    '1_0',
    '@x',
    '`y`',
    '%',
    '!t',
    '&a',
    '*a',
  ),
  fc.constantFrom(
    'a\nb',
    ' lead',
    'trail ',
    '\t',
    'x # y',
    '[a',
    '{b',
    '\u2028',
    '\uFEFFz',
    '\u0085',
    '👩‍👩‍👧',
    '=',
    '<<',
    '?',
    '|',
    '>',
  ),
);
const text = nasty.filter((value) => value !== '');
const path = fc.constantFrom('a.ts', 'src/x y.ts', 'ü/{a,b}.md', 'x#y: z.c', "o'b.py", '12');
const date = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2199-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString().replace(/\.\d{3}Z$/, 'Z'));
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const cite = fc.record(
  {
    path,
    lines: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 9, max: 99 })),
    blob: hex(7),
    text: hex(8),
  },
  { requiredKeys: ['path'] },
);
const extra = fc.dictionary(
  text.filter((key) => parseRecord('x', `---\ntype: change\n---\n`) && !['type', 'title'].includes(key)),
  fc.oneof(
    nasty,
    fc.array(nasty, { maxLength: 3 }),
    fc.dictionary(nasty, nasty, { maxKeys: 3, noNullPrototype: true }),
  ),
  { maxKeys: 3, noNullPrototype: true },
);
const record: fc.Arbitrary<MemoryRecord> = fc.record(
  {
    id: fc.constant('7k3qz9wd'),
    type: fc.constantFrom(...(Object.keys(observationTypes) as MemoryRecord['type'][]), 'session' as const),
    title: text,
    description: nasty,
    created: date,
    branch: text,
    session: text,
    generated: fc.record({ by: text, tokens: fc.nat() }),
    concepts: fc.array(nasty, { maxLength: 4 }),
    cites: fc.array(cite, { maxLength: 3 }),
    aliases: fc.array(nasty, { maxLength: 4 }),
    facts: fc.array(nasty, { maxLength: 4 }),
    supersedes: fc.array(hex(8), { maxLength: 2 }),
    contradicts: fc.array(hex(8), { maxLength: 2 }),
    forgets: fc.array(text, { maxLength: 2 }),
    source: fc.constant('external' as const),
    files: fc.record({ read: fc.array(path), modified: fc.array(path) }),
    partOf: text,
    confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    request: text,
    started: date,
    body: fc
      .array(fc.oneof(nasty, fc.constantFrom('---', '<<<<<<< a', '=======', '>>>>>>> b', '')), { maxLength: 8 })
      .map((lines) => tidyBody(lines.join('\n'))),
    extra,
  },
  {
    requiredKeys: [
      'id',
      'type',
      'title',
      'description',
      'created',
      'concepts',
      'cites',
      'aliases',
      'facts',
      'supersedes',
      'contradicts',
      'forgets',
      'body',
      'extra',
    ],
  },
) as fc.Arbitrary<MemoryRecord>;

/** A text that begins with a paragraph or ends with a list says its gist and facts itself. */
function normal(value: MemoryRecord): MemoryRecord {
  if (value.type === 'session' || value.description !== '' || value.facts.length > 0) return value;
  return { ...value, ...splitBody(value.body, value.title) };
}

describe('gist and facts', () => {
  const parts = (body: string, title = 'T'): unknown[] => Object.values(splitBody(tidyBody(body), title));

  it.each([
    ['one paragraph', 'The queue retries\ntwice.', 'The queue retries twice.', [], ''],
    ['a list alone', '- a\n- b', '', ['a', 'b'], ''],
    ['all three', 'Gist.\n\nWhy.\n\nHow.\n\n- a\n- b', 'Gist.', ['a', 'b'], 'Why.\n\nHow.'],
    ['a list right behind the paragraph', 'Gist.\n* a\n* b', 'Gist.', ['a', 'b'], ''],
    ['a numbered, loose list with wrapped items', 'Gist.\n\n1. a\n\n2. b\n   goes on', 'Gist.', ['a', 'b goes on'], ''],
    ['a list that does not end the body', 'Gist.\n\n- a\n\nMore.', 'Gist.', [], '- a\n\nMore.'],
    ['a heading that says the title', '# t\n\nGist.', 'Gist.', [], ''],
    ['another heading', '## Why\n\nBecause.', '', [], '## Why\n\nBecause.'],
    ['code', '```\n- a\n- b\n```', '', [], '```\n- a\n- b\n```'],
    ['code that is never closed', 'Gist.\n\n```\n- a', 'Gist.', [], '```\n- a'],
    ['a quotation', '> said\n\nWhy.', '', [], '> said\n\nWhy.'],
    ['a dash in a sentence', 'It is 3 - 4.\n-5 is cold.', 'It is 3 - 4. -5 is cold.', [], ''],
  ])('are found in %s', (_name, body, gist, facts, rest) => {
    expect(parts(body)).toEqual([gist, facts, rest]);
  });

  it('are keys where a body could not say them', () => {
    const odd = { ...parse(example), description: '- no gist', facts: ['two\nlines'], body: 'Why.' };
    expect(formatRecord(odd)).toContain('description: "- no gist"');
    expect(parse(formatRecord(odd))).toEqual(odd);
  });

  it('of an older file are its keys, and its body stays whole', () => {
    const old = parse(withFront('description: Gist.\nfacts:\n  - a', 'Why.\n\n- how'));
    expect(old).toMatchObject({ description: 'Gist.', facts: ['a'], body: 'Why.\n\n- how' });
    expect(parse(formatRecord(old))).toEqual(old);
  });
});

describe('the codec', () => {
  it('gives back every record that it wrote', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(parse(formatRecord(value))).toEqual(normal(value));
      }),
      { numRuns: 600 },
    );
  });

  it('writes plain values as the library does', () => {
    const word = fc.constantFrom(
      'a',
      'true',
      'null',
      '7e3',
      'ab0',
      '1-6',
      '-',
      '- ',
      ': ',
      ' #',
      ', ',
      ' ',
      ':',
      '.',
      '!',
      '[',
      '"',
    );
    // What begins as a document's mark is quoted, though in a list it need not be.
    const value = fc
      .array(word, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join(''))
      .filter((joined) => !joined.startsWith('---'));
    fc.assert(
      fc.property(value, fc.array(value, { minLength: 1, maxLength: 2 }), hex(8), (one, concepts, blob) => {
        const made: MemoryRecord = {
          ...parse(example),
          title: one,
          concepts,
          extra: { from: one },
          generated: { by: one, tokens: 5 },
          cites: [{ path: one, lines: [1, 6], blob }],
        };
        const print = (data: object, flowCollectionPadding: boolean): string => {
          const document = new Document(data);
          visit(document, {
            Collection: (_key, node) => void (node.flow = node !== document.contents && node !== document.get('cites')),
          });
          return document.toString({ ...yamlLayout, flowCollectionPadding });
        };
        const written = formatRecord(made);
        expect(written).toContain(print({ title: one }, true));
        expect(written).toContain(print({ concepts }, false));
        expect(written).toContain(print({ generated: { by: one, tokens: 5 } }, true));
        expect(written).toContain(print({ cites: [{ path: one, lines: '1-6', blob }] }, true));
      }),
      { numRuns: 600 },
    );
  });

  it('tidies a body once and for all', () => {
    fc.assert(
      fc.property(
        fc.array(nasty).map((lines) => lines.join('\n')),
        (body) => {
          expect(tidyBody(tidyBody(body))).toBe(tidyBody(body));
        },
      ),
    );
  });

  it('never throws, for any text', () => {
    fc.assert(
      fc.property(fc.array(nasty), (lines) => {
        const parsed = parseRecord('x', `---\n${lines.join('\n')}\n---\n`);
        expect('record' in parsed || parsed.problem.reason !== '').toBe(true);
      }),
      { numRuns: 600 },
    );
  });
});

describe('YAML of settings and modes', () => {
  it('is explained with line and column', () => {
    expect(parseYaml('a: 1\nb: [1\n')).toMatchObject({ problem: { code: 'bad-yaml', line: 3 } });
    expect(parseYaml('a: 1\na: 2\n')).toMatchObject({ problem: { line: 2 } });
  });

  it('knows the line of a key', () => {
    const parsed = parseYaml('a:\n  b:\n    1\n');
    expect('value' in parsed && parsed.lineOf(['a', 'b'])).toBe(2);
  });

  it('has no anchors and no aliases', () => {
    expect(parseYaml('a: &x [1]\nb: *x\n')).toMatchObject({ problem: { line: 1 } });
    expect(parseYaml('a: "&x and *x"\nb: a & b\nc: 2 * 3\n')).toMatchObject({ value: { b: 'a & b' } });
  });

  it('is edited so that it reads back', () => {
    const value = { a: 'x: y', b: [1, true, 'true'], c: { d: '12' } };
    let edited = '# kept\n';
    for (const [key, one] of Object.entries(value)) edited = editYaml(edited, [key], one, 'x');
    expect(parseYaml(edited)).toMatchObject({ value });
    expect(edited).toContain('# kept');
  });
});
