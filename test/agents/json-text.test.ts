import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertJson, removeJson } from '../../src/agents/json-text.ts';

const json = fc
  .tuple(
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      fc.jsonValue({ maxDepth: 3 }),
      { maxKeys: 6 },
    ),
    fc.constantFrom(undefined, '  ', '    ', '\t'),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\n'),
  )
  .map(([value, indent, eol, end]) => {
    const object: Record<string, unknown> = { ...value, list: Object.values(value), empty: [] };
    return { object, text: JSON.stringify(object, null, indent).replaceAll('\n', eol) + end };
  });

describe('insertJson and removeJson', () => {
  it('add one entry to any JSON, and taking it out gives back every byte', () => {
    fc.assert(
      fc.property(json, fc.jsonValue({ maxDepth: 3 }), ({ object, text }, value) => {
        const key = 'added by a test';
        const next = insertJson(text, [], key, value);
        expect(JSON.parse(next)).toEqual(JSON.parse(JSON.stringify({ ...object, [key]: value })));
        expect(removeJson(next, [key])).toBe(text);
      }),
    );
  });

  it('append to a list, empty or not, and take it out again', () => {
    fc.assert(
      fc.property(json, fc.constantFrom('list', 'empty'), ({ object, text }, name) => {
        const list = object[name] as unknown[];
        const next = insertJson(text, [name], undefined, { a: 1 });
        expect(JSON.parse(next)).toEqual(JSON.parse(JSON.stringify({ ...object, [name]: [...list, { a: 1 }] })));
        expect(removeJson(next, [name, list.length])).toBe(text);
      }),
    );
  });

  it('take out the first, a middle and the only entry with its comma', () => {
    expect(removeJson('{ "a": 1, "b": 2 }', ['a'])).toBe('{ "b": 2 }');
    expect(removeJson('[1,\n 2,\n 3]', [1])).toBe('[1,\n 3]');
    expect(removeJson('{"a": {"b": 1}}', ['a', 'b'])).toBe('{"a": {}}');
    expect(removeJson('{"a": 1}', ['b'])).toBe('{"a": 1}');
  });

  it('is not led astray by braces, quotes and commas in strings', () => {
    const text = '{"a": "},\\"{[", "b": [ "]" , {"c": "\\\\"} ]}';
    expect(JSON.parse(insertJson(text, ['b', 1], 'd', 'x'))).toEqual({ a: '},"{[', b: [']', { c: '\\', d: 'x' }] });
  });
});
