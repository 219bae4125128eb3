// The published JSON Schemas of records, made from the same table as reading and writing.
import { titleMaxChars } from '../domain/record.ts';
import { observationTypes } from '../domain/types.ts';
import { kinds } from './value-kinds.ts';
import { recordFieldList } from './record-fields.ts';

export type JsonSchema = Record<string, unknown>;

export const schemaDialect = 'https://json-schema.org/draft/2020-12/schema';

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
    const schema =
      key === 'type' ? type : key === 'title' ? { type: 'string', maxLength: titleMaxChars } : kinds[field.kind].schema;
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
