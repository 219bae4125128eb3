import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordFields } from '../../src/format/record-fields.ts';
import { observationSchema, sessionSchema } from '../../src/format/record-schema.ts';
import { schemaFiles } from '../tools/schema-files.ts';

const folder = new URL('../../schema', import.meta.url).pathname;

describe('the published schemas', () => {
  it('equal those generated from the code (`npm run schema` writes them)', () => {
    const files = schemaFiles();
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
  });

  it('know every key of the front matter', () => {
    const keys = new Set(
      [observationSchema(), sessionSchema()].flatMap((schema) => Object.keys(schema['properties'] as object)),
    );
    expect([...keys].sort()).toEqual(Object.keys(recordFields).sort());
  });
});
