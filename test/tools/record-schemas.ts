// The published JSON Schemas of records, made from the same table as reading and writing.
import { titleMaxChars } from '../../src/domain/record.ts';
import { observationTypes } from '../../src/domain/types.ts';
import { recordFieldList } from '../../src/format/record-fields.ts';
import type { KindName } from '../../src/format/value-kinds.ts';

export type JsonSchema = Record<string, unknown>;

export const schemaDialect = 'https://json-schema.org/draft/2020-12/schema';

const path = {
  type: 'string',
  description: 'Relative to the top of the working tree, with forward slashes; never leaves it.',
};
const paths = { type: 'array', items: path };

/** Of each kind of value, as other YAML tools read it. */
const kindSchemas: Readonly<Record<Exclude<KindName, 'type'>, JsonSchema>> = {
  string: { type: 'string' },
  date: { type: 'string', format: 'date-time' },
  strings: { type: 'array', items: { type: 'string' } },
  generated: {
    type: 'object',
    required: ['by', 'tokens'],
    properties: {
      by: { type: 'string', description: 'Provider and version, such as extractive/1.' },
      tokens: { type: 'integer', minimum: 0, description: 'Model tokens that made the record; 0 without a model.' },
    },
  },
  cites: {
    type: 'array',
    items: {
      type: 'object',
      required: ['path'],
      properties: {
        path,
        lines: {
          type: ['string', 'integer'],
          pattern: '^[1-9][0-9]*(-[1-9][0-9]*)?$',
          description: 'First and last line as observed, from 1, inclusive.',
        },
        blob: { type: 'string', pattern: '^[0-9a-f]{7,64}$', description: 'Git blob id, at least 7 digits of it.' },
        text: {
          type: 'string',
          pattern: '^[0-9a-f]{8}$',
          description: 'Hash of the observed lines, white space folded.',
        },
      },
    },
  },
  files: { type: 'object', properties: { read: paths, modified: paths } },
  fraction: { type: 'number', minimum: 0, maximum: 1 },
  external: { const: 'external' },
};

/** Front matter of an observation or a tombstone. */
export function observationSchema(): JsonSchema {
  return recordSchema(
    'repomem observation',
    'Front matter of a file below observations/. The body is Markdown; the id is the last part of the file name.',
    { enum: [...Object.keys(observationTypes), 'tombstone'] },
    'session',
    {
      anyOf: [
        { properties: { type: { const: 'tombstone' } }, required: ['forgets'] },
        { properties: { type: { not: { const: 'tombstone' } }, forgets: false } },
      ],
    },
  );
}

/** Front matter of a session summary. */
export function sessionSchema(): JsonSchema {
  return recordSchema(
    'repomem session summary',
    'Front matter of a file below sessions/. The body has the headings Investigated, Learned, Completed, Next steps.',
    { const: 'session' },
    'tombstone',
  );
}

function recordSchema(
  title: string,
  description: string,
  type: JsonSchema,
  without: 'session' | 'tombstone',
  rest: JsonSchema = {},
): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  for (const [key, field] of recordFieldList) {
    if (field.only === without) continue;
    const { kind } = field;
    const schema =
      kind === 'type' ? type : { ...kindSchemas[kind], ...(key === 'title' && { maxLength: titleMaxChars }) };
    properties[key] = { description: field.describe, ...schema };
  }
  return {
    $schema: schemaDialect,
    title,
    description,
    type: 'object',
    required: ['type'],
    properties,
    additionalProperties: true,
    ...rest,
  };
}
