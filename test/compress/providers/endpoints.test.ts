import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBreaker } from '../../../src/compress/providers/breaker.ts';
import { extractiveProvider } from '../../../src/compress/rules/rules-provider.ts';
import { anthropicTransport } from '../../../src/compress/providers/anthropic.ts';
import { modelProvider } from '../../../src/compress/providers/model-provider.ts';
import { openAiTransport } from '../../../src/compress/providers/openai-compatible.ts';
import type { Transport } from '../../../src/compress/providers/transport.ts';
import { compressAll } from '../../../src/compress/claims/run-claims.ts';
import type { CompressReport, CompressTools } from '../../../src/compress/claims/dependencies.ts';
import { readUsage, usageDays, type UsageLine } from '../../../src/compress/claims/usage.ts';
import type { MemoryPaths } from '../../../src/domain/memory-paths.ts';
import type { MemoryRecord } from '../../../src/domain/record.ts';
import { startEndpoint, type Answer, type Dialect, type FakeEndpoint } from '../../helpers/fake-endpoint.ts';
import { tempDir } from '../../helpers/temp-repo.ts';
import { namesIn, putPayload, recordsOf, simplePlace, simpleTools } from '../simple-tools.ts';
import { modelRecord, modelReply, tellingTurn } from './telling-turn.ts';

let paths: MemoryPaths;
let endpoint: FakeEndpoint | undefined;
beforeEach(() => void (paths = simplePlace(tempDir())));
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
  rmSync(paths.root, { recursive: true, force: true });
});

const now = (): Date => new Date();

function transportOf(dialect: Dialect, url: string, timeoutMs: number): Transport {
  const common = { key: 'a-key', model: 'some-model', timeoutMs, now };
  return dialect === 'anthropic'
    ? anthropicTransport({ ...common, endpoint: url })
    : openAiTransport({ ...common, name: 'openai-compatible', endpoint: `${url}/v1` });
}

interface Outcome {
  report: CompressReport;
  records: MemoryRecord[];
  usage: UsageLine[];
}

async function compress(
  dialect: Dialect,
  url: string,
  options: { timeoutMs?: number; maxPerDay?: number; tools?: Partial<CompressTools> } = {},
): Promise<Outcome> {
  const fallback = extractiveProvider();
  const provider = modelProvider({
    paths,
    transport: transportOf(dialect, url, options.timeoutMs ?? 20_000),
    redact: (text) => text,
    maxTokens: 6_000,
    maxPerDay: options.maxPerDay ?? 0,
    setup: 'test',
    fallback,
    now,
  });
  const report = await compressAll(paths, simpleTools(paths, { provider, fallback, ...options.tools }), {
    waits: true,
  });
  const usage = usageDays(paths).flatMap((day) => readUsage(paths, day));
  return { report, records: recordsOf(paths), usage };
}

/** One turn against one endpoint that gives these answers. */
async function run(dialect: Dialect, isStreamed: boolean, answers: readonly Answer[], options = {}): Promise<Outcome> {
  endpoint = await startEndpoint(dialect, answers, { isStreamed });
  putPayload(paths, { session: 's', events: tellingTurn() });
  const outcome = await compress(dialect, endpoint.url, options);
  expect(outcome.records.length, 'records in every case').toBeGreaterThan(0);
  expect([...namesIn(paths, 'new'), ...namesIn(paths, 'claims'), ...namesIn(paths, 'dead')]).toEqual([]);
  return outcome;
}

const asked = (): number => endpoint?.asked.length ?? 0;
const makers = ({ records }: Outcome): (string | undefined)[] => [
  ...new Set(records.map(({ generated }) => generated?.by)),
];

const dialects = ['anthropic', 'openai-compatible'] as const;
const cases = dialects.flatMap((dialect) =>
  [false, true].map((isStreamed) => ({ dialect, isStreamed, way: isStreamed ? 'streamed' : 'in one piece' })),
);

describe.each(cases)('$dialect, $way', ({ dialect, isStreamed }) => {
  const by = `${dialect}/some-model`;
  const good = { text: modelReply() };
  const bad = { text: JSON.stringify({ records: [modelRecord({ type: 'novel', facts: 'one' })] }) };

  it('makes records of a valid reply, with their cost', async () => {
    const outcome = await run(dialect, isStreamed, [good]);
    expect(asked()).toBe(1);
    expect(outcome.records.map(({ type }) => type).sort()).toEqual(['bugfix', 'session']);
    expect(outcome.records.find(({ type }) => type === 'bugfix')).toMatchObject({
      type: 'bugfix',
      title: 'The pool ran dry because releaseSocket() left idleTimer running',
      generated: { by, tokens: 640 },
      cites: [{ path: 'src/pool.ts' }],
    });
    expect(outcome.usage).toMatchObject([{ provider: by, requests: 1, tokensIn: 1200, tokensOut: 80 }]);
  });

  it('reports schema errors once, and accepts the repaired reply', async () => {
    const outcome = await run(dialect, isStreamed, [bad, good]);
    expect(asked()).toBe(2);
    expect(endpoint?.asked[1]?.text).toContain('records[0].type: expected one of decision');
    expect(endpoint?.asked[1]?.text).toContain('records[0].facts: expected a list of texts');
    expect(makers(outcome)).toEqual([by]);
    expect(outcome.usage).toMatchObject([{ provider: by, requests: 2, tokensIn: 2400, tokensOut: 160 }]);
  });

  it.each([
    ['one that breaks the schema', bad],
    ['prose', { text: 'I looked at the notes and there is nothing to add.' }],
    ['an empty one', { text: '' }],
    ['a refusal', { text: '', stop: dialect === 'anthropic' ? 'refusal' : 'content_filter' }],
    [
      'one that is cut off',
      { text: modelReply().slice(0, 120), stop: dialect === 'anthropic' ? 'max_tokens' : 'length' },
    ],
  ])('after two replies of one kind (%s) the extractive provider answers, and the cost is told', async (_, answer) => {
    const outcome = await run(dialect, isStreamed, [answer]);
    expect(asked()).toBe(2);
    expect(makers(outcome)).toEqual(['extractive/1']);
    expect(outcome.usage).toMatchObject([{ provider: by, requests: 2, tokensIn: 2400, tokensOut: 160 }]);
  });

  it('takes no half reply for a whole one when the connection is cut', async () => {
    const outcome = await run(dialect, isStreamed, [{ ...good, isCut: true }, good]);
    expect(asked()).toBe(2);
    expect(makers(outcome)).toEqual([by]);
  });

  it('gives up on one that never answers', async () => {
    const outcome = await run(dialect, isStreamed, [{ hangs: true }], { timeoutMs: 150 });
    expect(asked()).toBe(3);
    expect(makers(outcome)).toEqual(['extractive/1']);
    expect(outcome.report.problems.map(({ reason }) => reason).join()).toContain('no answer in 0.15 s');
  });
});

// What is answered before any text comes the same way, asked for in parts or not.
describe.each(dialects)('%s', (dialect) => {
  const by = `${dialect}/some-model`;
  const good = { text: modelReply() };
  const isStreamed = false;

  it.each([401, 403, 404])('does not try again after %i, and remembers why', async (status) => {
    const outcome = await run(dialect, isStreamed, [{ status, error: 'bad key' }, good]);
    expect(asked()).toBe(1);
    expect(makers(outcome)).toEqual(['extractive/1']);
    expect(readBreaker(paths)?.last).toMatchObject({
      isLasting: true,
      reason: expect.stringContaining(`HTTP ${status}`),
    });
    putPayload(paths, { session: 's2', events: tellingTurn() });
    await compress(dialect, endpoint?.url ?? '');
    expect(asked(), 'not asked again for ten minutes').toBe(1);
  });

  it('waits as long as a 429 response asks', async () => {
    const started = performance.now();
    const outcome = await run(dialect, isStreamed, [{ status: 429, headers: { 'retry-after': '1' } }, good]);
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(asked()).toBe(2);
    expect(makers(outcome)).toEqual([by]);
  });

  it('leaves a quota that opens again in an hour alone', async () => {
    const outcome = await run(dialect, isStreamed, [{ status: 429, headers: { 'retry-after': '3600' } }, good]);
    expect(asked()).toBe(1);
    expect(makers(outcome)).toEqual(['extractive/1']);
  });

  it.each([500, 503, 529])('tries again after %i, three times in all', async (status) => {
    const outcome = await run(dialect, isStreamed, [{ status }, { status }, good]);
    expect(asked()).toBe(3);
    expect(makers(outcome)).toEqual([by]);
    expect(readBreaker(paths)).toMatchObject({ failures: 0 });
  });

  it('pauses an endpoint that failed three times in a row', async () => {
    const outcome = await run(dialect, isStreamed, [{ status: 529 }]);
    expect(asked()).toBe(3);
    expect(makers(outcome)).toEqual(['extractive/1']);
    expect(readBreaker(paths)).toMatchObject({ failures: 3, until: expect.stringMatching(/^\d{4}-/) });
  });

  it('sends no request after the daily cap is reached', async () => {
    await run(dialect, isStreamed, [good], { maxPerDay: 6_000 });
    expect(asked()).toBe(1);
    putPayload(paths, { session: 's2', events: tellingTurn() });
    const outcome = await compress(dialect, endpoint?.url ?? '', { maxPerDay: 2_000 });
    expect(asked()).toBe(1);
    expect(outcome.usage).toHaveLength(1);
  });

  it('sends its key to the endpoint alone, and no request for a prompt without an answer', async () => {
    await run(dialect, isStreamed, [good]);
    expect(endpoint?.asked[0]?.headers.authorization).toBe('Bearer a-key');
    expect(endpoint?.asked[0]?.url).toBe(dialect === 'anthropic' ? '/v1/messages' : '/v1/chat/completions');
    putPayload(paths, {
      session: 's2',
      events: [{ kind: 'prompt', key: 'p', text: 'Never mind.' }],
    });
    await compress(dialect, endpoint?.url ?? '');
    expect(asked()).toBe(1);
  });

  it('follows no redirect with its key', async () => {
    const elsewhere = await startEndpoint(dialect, [good]);
    const outcome = await run(dialect, isStreamed, [
      { status: 307, headers: { location: `${elsewhere.url}/v1/messages` } },
    ]);
    expect(elsewhere.asked).toHaveLength(0);
    expect(makers(outcome)).toEqual(['extractive/1']);
    await elsewhere.close();
  });

  it('is a failure without loss when the endpoint is down', async () => {
    putPayload(paths, { session: 's', events: tellingTurn() });
    const outcome = await compress(dialect, 'http://127.0.0.1:9');
    expect(makers(outcome)).toEqual(['extractive/1']);
  });
});

describe('an endpoint that knows no schemas', () => {
  it('gets the schema in the prompt with the Anthropic API too', async () => {
    endpoint = await startEndpoint('anthropic', ({ body }) =>
      'output_config' in body
        ? { status: 400, error: 'output_config: this model does not support structured outputs' }
        : { text: modelReply() },
    );
    putPayload(paths, { session: 's', events: tellingTurn() });
    expect(makers(await compress('anthropic', endpoint.url))).toEqual(['anthropic/some-model']);
    expect(endpoint.asked).toHaveLength(2);
    expect(endpoint.asked[1]?.text).toContain('Schema: ');
  });

  it('gets simpler formats until it accepts one, and then the schema in the prompt', async () => {
    endpoint = await startEndpoint('openai-compatible', ({ body }) =>
      'response_format' in body
        ? { status: 400, error: `response_format ${JSON.stringify(body['response_format']).slice(0, 30)} is unknown` }
        : { text: `Here you are:\n\`\`\`json\n${modelReply()}\n\`\`\`` },
    );
    putPayload(paths, { session: 's', events: tellingTurn() });
    const outcome = await compress('openai-compatible', endpoint.url);
    expect(makers(outcome)).toEqual(['openai-compatible/some-model']);
    const formats = endpoint.asked.map(({ body }) => (body['response_format'] as { type?: string } | undefined)?.type);
    expect(formats).toEqual(['json_schema', 'json_object', undefined]);
    expect(endpoint.asked[2]?.text).toContain('Schema: ');
  });

  it('gets the length limit under the key that it accepts', async () => {
    endpoint = await startEndpoint('openai-compatible', ({ body }) =>
      'max_tokens' in body
        ? { status: 400, error: "Unsupported parameter: 'max_tokens'; use 'max_completion_tokens' instead" }
        : { text: modelReply() },
    );
    putPayload(paths, { session: 's', events: tellingTurn() });
    expect(makers(await compress('openai-compatible', endpoint.url))).toEqual(['openai-compatible/some-model']);
    expect(endpoint.asked).toHaveLength(2);
  });

  it('is no endpoint when it has no such model', async () => {
    const outcome = await run('openai-compatible', false, [{ status: 404, error: 'model not found' }]);
    expect(asked()).toBe(1);
    expect(makers(outcome)).toEqual(['extractive/1']);
  });

  it('costs nothing more when the credit is spent', async () => {
    const outcome = await run('openai-compatible', false, [{ status: 429, error: 'insufficient_quota' }]);
    expect(asked()).toBe(1);
    expect(makers(outcome)).toEqual(['extractive/1']);
  });
});
