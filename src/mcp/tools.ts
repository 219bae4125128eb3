// The six tools. Descriptions are paid for in every session: the whole list stays under 900 tokens (a test counts).
import type { CallToolResult, McpServer, ToolAnnotations } from '@modelcontextprotocol/server';
import * as z from 'zod/v4';
import { observationTypes, type ObservationType } from '../domain/types.ts';
import { lenient } from './lenient.ts';
import type { McpMemory } from './adapter.ts';
import { renderHits, renderRecords, renderTimeline, renderWritten } from './render-answer.ts';

const reading = { readOnlyHint: true, openWorldHint: false };
const text = z.string();
const texts = z.array(z.string());
const count = z.number().int().min(0).max(50);
const types = Object.keys(observationTypes) as [ObservationType, ...ObservationType[]];

export function registerTools(server: McpServer, memory: McpMemory): void {
  const tool = <Shape extends z.ZodRawShape>(
    name: string,
    description: string,
    annotations: ToolAnnotations,
    shape: Shape,
    work: (given: z.output<z.ZodObject<Shape>>) => Promise<string>,
  ): void => {
    const inputSchema = lenient(z.object(shape));
    server.registerTool(name, { description, inputSchema, annotations }, (given) => answer(() => work(given)));
  };
  tool(
    'search',
    'Find records of what earlier sessions learned here: decisions, causes, traps. Without query: newest first.',
    reading,
    {
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
    },
    async ({ query, type, concept = '', offset = 0, ...rest }) => {
      const concepts = concept.split(/[\s,]+/).filter((one) => one !== '');
      const hits = await memory.search({ ...rest, text: query, types: type && [type], concepts, offset });
      return renderHits(hits, offset);
    },
  );
  tool(
    'timeline',
    'Records before and after one.',
    reading,
    { anchor: text.describe('id, question or date'), before: count.optional(), after: count.optional() },
    async ({ anchor, before = 5, after = 5 }) => renderTimeline(await memory.timeline(anchor, before, after)),
  );
  tool(
    'get_observations',
    'Full records by id, with what they cite and what no longer stands.',
    reading,
    { ids: texts.min(1).max(20) },
    async ({ ids }) => {
      const records = await Promise.all(
        [...new Set(ids)].map((id) => memory.get(id).catch((error: unknown) => ({ id, failure: failureOf(error) }))),
      );
      if (records.every((record) => 'failure' in record)) throw new Error(renderRecords(records));
      return renderRecords(records);
    },
  );
  tool(
    'remember',
    'Write down what a later session must know. One durable fact: what and why.',
    { openWorldHint: false, destructiveHint: false },
    {
      title: text.max(90),
      body: text.max(1200).describe('reason, rejected choices'),
      type: text.optional().describe('as in search'),
      files: texts.optional().describe('path or path:12-30'),
      facts: texts.optional(),
      aliases: texts.optional().describe('words to be found by'),
      supersedes: texts.optional().describe('ids this replaces'),
      scope: z.enum(['shared', 'local']).optional(),
    },
    async ({ scope, ...record }) => renderWritten(await memory.remember({ ...record, tier: scope })),
  );
  tool(
    'context',
    'The overview a session starts with.',
    reading,
    {},
    async () => (await memory.context()) || 'Nothing is remembered here yet.',
  );
  tool(
    'forget',
    'Delete a wrong record and bar relearning it. Only when the user wants it; no reason needed.',
    { openWorldHint: false, destructiveHint: true },
    { id: text, reason: text.optional() },
    async ({ id, reason = '' }) => {
      const gone = await memory.forget(id, reason);
      return `Forgotten: ${gone.id} ${gone.title}\nIts tombstone, not committed yet: ${gone.tombstone}`;
    },
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

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed.';
  return 'hint' in error && typeof error.hint === 'string' ? `${error.message}\n${error.hint}` : error.message;
}
