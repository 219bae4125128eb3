import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordFields } from '../../src/format/record-fields.ts';
import { observationSchema, sessionSchema } from '../tools/record-schemas.ts';
import { recordLine } from '../../src/memory/record-line.ts';
import { excerpt } from '../helpers/search-place.ts';
import { schemaFiles } from '../tools/schema-files.ts';

const folder = new URL('../../schema', import.meta.url).pathname;

describe('the published schemas', () => {
  it('equal those generated from the code (`npm run schema` writes them)', () => {
    const files = schemaFiles();
    expect(readdirSync(folder).sort()).toEqual([...Object.keys(files), 'record-line.schema.json'].sort());
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
  });

  it('know every key of a printed record', () => {
    const text = readFileSync(join(folder, 'record-line.schema.json'), 'utf8');
    const schema = JSON.parse(text) as { properties: Record<string, object>; required: string[] };
    const one = { excerpt: excerpt({ id: '7k3qz9wd', branch: 'main' }), isHere: true, isActive: true };
    const keys = Object.keys(recordLine({ ...one, trust: 'own' }, '/', { freshness: 'fresh', cites: [] }));
    expect(keys.filter((key) => !(key in schema.properties))).toEqual([]);
    for (const trust of ['own', 'foreign'] as const)
      expect(Object.keys(recordLine({ ...one, trust }, '/'))).toEqual(expect.arrayContaining(schema.required));
  });

  it('know every key of the front matter', () => {
    const keys = new Set(
      [observationSchema(), sessionSchema()].flatMap((schema) => Object.keys(schema['properties'] as object)),
    );
    expect([...keys].sort()).toEqual(Object.keys(recordFields).sort());
  });
});
