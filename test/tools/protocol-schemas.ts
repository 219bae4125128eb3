// The JSON Schemas of the hook protocol, made from terms.ts.
import { answerTerms, eventNames, eventTerms, type Term } from '../../src/agents/protocol/terms.ts';
import { schemaDialect, type JsonSchema } from './record-schemas.ts';
import { neededKeys } from '../../src/agents/protocol/protocol-check.ts';

/** Schema of the events that an agent sends. */
export function eventSchema(): JsonSchema {
  const needs = eventNames.map((event) => ({
    properties: { event: { const: event } },
    required: neededKeys(eventTerms, event),
  }));
  return {
    $schema: schemaDialect,
    title: 'repomem hook event',
    description: 'One JSON object on standard input of `repomem hook EVENT --agent protocol`.',
    type: 'object',
    required: ['event', 'session'],
    properties: propertiesOf(eventTerms),
    additionalProperties: true,
    oneOf: needs,
  };
}

/** Schema of a hook's non-empty output. */
export function answerSchema(): JsonSchema {
  return {
    $schema: schemaDialect,
    title: 'repomem hook answer',
    description: 'What a hook prints on standard output where it has something to say; nothing otherwise.',
    type: 'object',
    properties: propertiesOf(answerTerms),
    additionalProperties: false,
  };
}

function propertiesOf(terms: Readonly<Record<string, Term>>): JsonSchema {
  return Object.fromEntries(Object.entries(terms).map(([key, term]) => [key, schemaOf(term)]));
}

function schemaOf({ type, describe, values, pattern, fields }: Term): JsonSchema {
  return {
    description: describe,
    ...(type === 'any' ? {} : { type }),
    ...(values ? { enum: values } : {}),
    ...(pattern ? { pattern } : {}),
    ...(fields ? { properties: propertiesOf(fields), required: ['name'], additionalProperties: true } : {}),
  };
}
