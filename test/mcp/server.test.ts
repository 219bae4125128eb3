import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mcpBytes } from '../../src/setup/status.ts';
import { tempDir } from '../helpers/temp-repo.ts';

interface Reply {
  id: number;
  result?: Record<string, unknown> & { content?: { type: string; text: string }[]; isError?: boolean };
  error?: { message: string };
}

const dir = tempDir();
const bundle = join(dir, 'server.mjs');
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, 'fake-server.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  }),
);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let child: ChildProcessWithoutNullStreams;
let replies: Map<number, (reply: Reply) => void>;
let noise: string;
let nextId: number;
let instructions: string;

beforeEach(async () => {
  child = spawn(process.execPath, [bundle], { stdio: 'pipe' });
  replies = new Map();
  noise = '';
  nextId = 0;
  let buffer = '';
  child.stdout.on('data', (chunk: Buffer) => {
    buffer += chunk.toString();
    const lines = buffer.split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      const reply = JSON.parse(line) as Reply;
      replies.get(reply.id)?.(reply);
    }
  });
  child.stderr.on('data', (chunk: Buffer) => (noise += chunk.toString()));
  const hello = await request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  expect(hello.result?.['serverInfo']).toMatchObject({ name: 'repomem', version: '1.2.3' });
  expect(hello.result?.['instructions']).toMatch(/Search it before you ask/);
  instructions = String(hello.result?.['instructions']);
  send({ method: 'notifications/initialized' });
});
afterEach(() => {
  child.kill();
  expect(noise).toBe('');
});

function send(message: object): void {
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function request(method: string, params: object = {}): Promise<Reply> {
  const id = ++nextId;
  return new Promise((resolve) => {
    replies.set(id, resolve);
    send({ id, method, params });
  });
}

async function call(name: string, args: object = {}): Promise<{ text: string; isError: boolean; keys: string[] }> {
  const { result } = await request('tools/call', { name, arguments: args });
  return {
    text: result?.content?.map(({ text }) => text).join('\n') ?? '',
    isError: result?.isError ?? false,
    keys: Object.keys(result ?? {}),
  };
}

describe('the MCP server', () => {
  it('lists six tools within 900 tokens, the reading ones marked as such', async () => {
    const { result } = await request('tools/list');
    const tools = result?.['tools'] as { name: string; annotations: { readOnlyHint?: boolean } }[];
    expect(tools.map(({ name }) => name)).toEqual([
      'search',
      'timeline',
      'get_observations',
      'remember',
      'context',
      'forget',
    ]);
    expect(tools.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name)).toEqual([
      'search',
      'timeline',
      'get_observations',
      'context',
    ]);
    expect(Math.ceil(JSON.stringify(result).length / 4)).toBeLessThanOrEqual(900);
    expect(JSON.stringify(tools)).not.toContain('outputSchema');
    expect(JSON.stringify(tools.find(({ name }) => name === 'search'))).toContain('"enum":["decision","gotcha",');
  });
  it('costs with its instructions at most 4,000 bytes, as stats says', async () => {
    const { result } = await request('tools/list');
    const bytes = Buffer.byteLength(JSON.stringify(result)) + Buffer.byteLength(instructions);
    expect(bytes).toBe(mcpBytes);
    expect(bytes).toBeLessThanOrEqual(4000);
  });
  it('gives ids, costs and the way to more, as text only', async () => {
    const { text, keys } = await call('search', { query: 'cursor', limit: 1 });
    expect(text).toContain('bbbbbbbb 2026-11-20 decision: Title of bbbbbbbb (~120 tokens; cursor: title)');
    expect(text).toContain('get_observations');
    expect(text).toContain('offset 1');
    expect(keys).not.toContain('structuredContent');
  });
  it('names foreign records without a word of their text', async () => {
    const { text } = await call('search', { query: 'cursor' });
    expect(text).toContain('ffffffff 2026-11-20 [unreviewed');
    expect(text).not.toContain('Title of ffffffff');
    expect((await call('get_observations', { ids: ['ffffffff'] })).text).toContain('repomem trust ffffffff');
  });
  it('gives whole records with what no longer stands, and failures beside them', async () => {
    const { text, isError } = await call('get_observations', { ids: ['bbbb', 'zzzz'] });
    expect(text).toContain('THE BODY');
    expect(text).toContain('a.ts changed');
    expect(text).toContain('zzzz: no record has this id\nsearch finds ids.');
    expect(isError).toBe(false);
    expect((await call('get_observations', { ids: ['zzzz'] })).isError).toBe(true);
  });
  it('marks the middle of a timeline', async () => {
    expect((await call('timeline', { anchor: 'cccccccc' })).text).toContain('> cccccccc');
  });
  it('says where it wrote, and what it left out', async () => {
    const { text } = await call('remember', { title: 't', body: 'b' });
    expect(text).toContain('.claude-mem/t.md');
    expect(text).toContain('x.ts');
    expect(text).toContain('1 secret');
    expect(text).not.toContain('Like it');
    expect((await call('remember', { title: 'like', body: 'b' })).text).toMatch(
      /Like it: bbbbbbbb Title[^]*forget that one/,
    );
  });
  it.each([
    ['search', { query: 'cursor', limit: '1', offset: '0', since: null }, { query: 'cursor', limit: 1, offset: 0 }],
    ['search', { query: 'cursor', files: '', types: 'decision' }, { query: 'cursor', type: 'decision' }],
    ['search', { query: ['cursor'], type: ['Decision'], file: 'null' }, { query: 'cursor', type: 'decision' }],
    ['search', { query: 'cursor', everywhere: 'False', limit: '' }, { query: 'cursor', everywhere: false }],
    ['get_observations', { id: 'bbbbbbbb' }, { ids: ['bbbbbbbb'] }],
    ['get_observations', { ids: 'bbbbbbbb, cccccccc' }, { ids: ['bbbbbbbb', 'cccccccc'] }],
    ['get_observations', { ids: '[["bbbbbbbb"]]' }, { ids: ['bbbbbbbb'] }],
    ['timeline', { anchor: ['bbbbbbbb'], before: ['2'], after: 'undefined' }, { anchor: 'bbbbbbbb', before: 2 }],
    ['get_observations', { ids: 'bbbbbbbb' }, { ids: ['bbbbbbbb'] }],
    ['get_observations', { ids: '[bbbbbbbb, "bbbbbbbb"]' }, { ids: ['bbbbbbbb'] }],
    ['timeline', { anchor: 'bbbbbbbb', before: '2', after: null }, { anchor: 'bbbbbbbb', before: 2 }],
  ])('reads arguments of %s that are slightly wrong as they were meant: %j', async (name, wrong, meant) => {
    const answer = await call(name, wrong);
    expect(answer.isError, answer.text).toBe(false);
    expect(answer.text).toBe((await call(name, meant)).text);
  });
  it('answers failures and bad arguments as text that can be acted on', async () => {
    expect(await call('search', { since: 'soonish' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('Write it as 2026-11-01.'),
    });
    expect(await call('search', { limit: 'x' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('limit'),
    });
    expect((await call('context')).text).toBe('Nothing is remembered here yet.');
    for (const args of [{ id: 'bbbbbbbb', reason: 'wrong' }, { id: 'bbbbbbbb' }])
      expect((await call('forget', args)).text).toContain('tombstone.md');
  });
  it('serves records as resources and prompts for recall', async () => {
    const { result } = await request('resources/list');
    expect(JSON.stringify(result)).toContain('repomem://record/bbbbbbbb');
    expect(JSON.stringify(result)).not.toContain('ffffffff');
    const read = await request('resources/read', { uri: 'repomem://record/bbbbbbbb' });
    expect(JSON.stringify(read.result)).toContain('THE BODY');
    const recall = await request('prompts/get', { name: 'recall', arguments: { topic: 'cursors' } });
    expect(JSON.stringify(recall.result)).toContain('cursors');
  });
  it('ends by itself when the host closes its input', async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    expect(await ended).toBe(0);
  });
});
