// The shapes of the API as JSON Schema, published as schema/view-api.schema.json; the endpoints themselves come from the table of routes.
import { observationTypes } from '../../src/domain/types.ts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };
const date = { type: 'string', format: 'date-time' };
const freshness = { enum: ['fresh', 'shifted', 'moved', 'changed', 'gone'] };
const span = { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 2, maxItems: 2 };
const ref = (name: string): object => ({ $ref: `#/$defs/${name}` });
const object = (properties: object, required: readonly string[] = Object.keys(properties)): object => ({
  type: 'object',
  properties,
  required,
});

export function apiSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'view-api.schema.json',
    title: 'Answers of the server that repomem view starts',
    description:
      'By name of the definition; GET /api/help lists the endpoints. What a command prints with --json keeps the shape of the command.',
    $defs: {
      line: {
        ...object(
          {
            id: text,
            type: { enum: ['', ...Object.keys(observationTypes), 'session', 'tombstone'] },
            title: text,
            gist: text,
            created: text,
            tier: { enum: ['shared', 'local'] },
            trust: { enum: ['reviewed', 'own', 'local', 'foreign'] },
            isHere: { type: 'boolean' },
            isActive: { type: 'boolean' },
            tokens: count,
            paths: texts,
            concepts: texts,
            branch: text,
            session: text,
            by: text,
            freshness,
          },
          [
            'id',
            'type',
            'title',
            'gist',
            'created',
            'tier',
            'trust',
            'isHere',
            'isActive',
            'tokens',
            'paths',
            'concepts',
          ],
        ),
        description:
          'A record as lists show it. Of a foreign one only id, created and trust are told; the rest is empty.',
      },
      records: object(
        { lines: { type: 'array', items: ref('line') }, next: text, total: count, all: count, state: text },
        ['lines', 'total', 'all', 'state'],
      ),
      commit: object({ id: text, author: text, at: date, summary: text }),
      row: object({ kind: { enum: ['same', 'removed', 'added'] }, text, before: count, after: count }, [
        'kind',
        'text',
      ]),
      cite: object(
        {
          path: text,
          lines: span,
          freshness,
          now: object({ path: text, lines: span }, ['path']),
          by: ref('commit'),
          rows: { type: 'array', items: ref('row') },
        },
        ['path', 'freshness', 'now'],
      ),
      record: object({
        line: ref('line'),
        record: { type: 'object' },
        blob: text,
        body: { type: 'array' },
        cites: { type: 'array', items: ref('cite') },
        supersedes: { type: 'array', items: ref('line') },
        supersededBy: { type: 'array', items: ref('line') },
        contradicts: { type: 'array', items: ref('line') },
        told: { type: 'array', items: object({ session: text, at: date, moment: text }) },
        isRewritable: { type: 'boolean' },
        agent: text,
        aliases: texts,
        path: text,
        raw: text,
      }),
      context: object({
        text,
        tokens: count,
        shown: count,
        total: count,
        budget: object({ tokens: count, maxRecords: count }),
        rankedBy: text,
        records: {
          type: 'array',
          items: object({ line: ref('line'), score: { type: 'number' }, reasons: texts, isShown: { type: 'boolean' } }),
        },
      }),
      prompt: object({
        text,
        candidates: {
          type: 'array',
          items: object({
            line: ref('line'),
            coverage: { type: 'number' },
            why: texts,
            words: count,
            isTold: { type: 'boolean' },
          }),
        },
        bar: { type: 'array', items: object({ words: count, coverage: { type: 'number' } }) },
      }),
      done: object({ result: { type: 'object' }, undo: text, next: text }, ['result']),
      error: object(
        { error: object({ code: text, message: text, hint: text }, ['code', 'message']), now: text, blob: text },
        ['error'],
      ),
      event: {
        oneOf: [
          object({ type: { const: 'hello' }, state: text, version: text }),
          object({ type: { const: 'changed' }, state: text, added: texts, changed: texts, gone: texts }),
          object({ type: { const: 'told' }, session: text }),
          object({ type: { const: 'job' }, command: text, text }),
          object({ type: { const: 'reset' } }),
        ],
      },
    },
  };
}
