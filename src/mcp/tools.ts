// The six tools. Descriptions are paid for in every session: the whole list stays under 900 tokens (a test counts).
import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { codeOf } from '../domain/errors.ts';
import { observationTypes } from '../domain/types.ts';
import { lenient } from './lenient.ts';
import type { McpMemory, McpQuery } from './memory-face.ts';
import { renderHits, renderRecords, renderTimeline, renderWritten } from './render-answer.ts';

const readOnly = { readOnlyHint: true, openWorldHint: false } as const;
const text = z.string();
const texts = z.array(z.string());
const count = z.number().int().min(0).max(50);
const types = Object.keys(observationTypes) as [string, ...string[]];

export function registerTools(server: McpServer, memory: McpMemory): void {
  server.registerTool(
    'search',
    {
      description:
        'Find records of what earlier sessions learned here: decisions, causes, traps. Without query: newest first.',
      inputSchema: lenient(
        z.object({
          query: text.optional().describe('question or words'),
          type: z.enum([...types, 'session']).optional(),
          concept: text.optional(),
          file: text.optional().describe('cited path or folder'),
          branch: text.optional(),
          since: text.optional().describe('date, "last week"'),
          until: text.optional(),
          order: z.enum(['relevance', 'date']).optional(),
          everywhere: z.boolean().optional().describe('all repositories here'),
          limit: count.optional(),
          offset: z.number().int().min(0).optional(),
        }),
      ),
      annotations: readOnly,
    },
    ({ query, type, concept, limit = 10, offset = 0, ...rest }) =>
      answer(async () => {
        const asked: McpQuery = { ...definedOf(rest), limit, offset };
        if (query !== undefined) asked.text = query;
        if (type !== undefined) asked.types = [type];
        if (concept !== undefined) asked.concepts = listOf(concept);
        return renderHits(await memory.search(asked), offset);
      }),
  );
  server.registerTool(
    'timeline',
    {
      description: 'Records before and after one.',
      inputSchema: lenient(
        z.object({
          anchor: text.describe('id, question or date'),
          before: count.optional(),
          after: count.optional(),
        }),
      ),
      annotations: readOnly,
    },
    ({ anchor, before = 5, after = 5 }) =>
      answer(async () => renderTimeline(await memory.timeline(anchor, before, after))),
  );
  server.registerTool(
    'get_observations',
    {
      description: 'Full records by id, with what they cite and what no longer stands.',
      inputSchema: lenient(z.object({ ids: texts.min(1).max(20) })),
      annotations: readOnly,
    },
    ({ ids }) =>
      answer(async () => {
        const records = await Promise.all(
          [...new Set(ids)].map((id) => memory.get(id).catch((error: unknown) => ({ id, failure: failureOf(error) }))),
        );
        if (records.every((record) => 'failure' in record)) throw new Error(renderRecords(records));
        return renderRecords(records);
      }),
  );
  server.registerTool(
    'remember',
    {
      description: 'Write down what a later session must know. One durable fact: what and why.',
      inputSchema: lenient(
        z.object({
          title: text.max(90),
          body: text.max(1200).describe('reason, rejected choices'),
          type: text.optional().describe('as in search'),
          files: texts.optional().describe('path or path:12-30'),
          facts: texts.optional(),
          aliases: texts.optional().describe('words to be found by'),
          supersedes: texts.optional().describe('ids this replaces'),
          scope: z.enum(['shared', 'local']).optional(),
        }),
      ),
      annotations: { openWorldHint: false, destructiveHint: false },
    },
    (record) => answer(async () => renderWritten(await memory.remember(definedOf(record)))),
  );
  server.registerTool(
    'context',
    { description: 'The overview a session starts with.', inputSchema: lenient(z.object({})), annotations: readOnly },
    () => answer(async () => (await memory.context()) || 'Nothing is remembered here yet.'),
  );
  server.registerTool(
    'forget',
    {
      description: 'Delete a wrong record and bar relearning it. Only when the user wants it; no reason needed.',
      inputSchema: lenient(z.object({ id: text, reason: text.optional() })),
      annotations: { openWorldHint: false, destructiveHint: true },
    },
    ({ id, reason = '' }) =>
      answer(async () => {
        const gone = await memory.forget(id, reason);
        return `Forgotten: ${gone.id} ${gone.title}\nIts tombstone, not committed yet: ${gone.tombstone}`;
      }),
  );
}

/** Failures are text that a model can act on, never protocol errors. */
async function answer(work: () => Promise<string>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: await work() }] };
  } catch (error) {
    return { isError: true, content: [{ type: 'text', text: failureOf(error) }] };
  }
}

export function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed.';
  const hint =
    codeOf(error) !== undefined && 'hint' in error && typeof error.hint === 'string' ? `\n${error.hint}` : '';
  return error.message + hint;
}

function listOf(value: string): string[] {
  return value.split(/[\s,]+/).filter((one) => one !== '');
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function definedOf<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
