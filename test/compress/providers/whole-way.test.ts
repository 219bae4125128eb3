// From a hook's payload to a model and back, as users run it: real processes, the built package, git, settings.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DryRun } from '../../../src/learn/compress.ts';
import { type Run, runCli, runHook } from '../../helpers/built-cli.ts';
import { type Dialect, type FakeEndpoint, startEndpoint } from '../../helpers/fake-endpoint.ts';
import { seededRandom, shapedTypes } from '../../helpers/fake-secrets.ts';
import { filesBelow } from '../../helpers/scan.ts';
import { giveMemory } from '../../helpers/given-memory.ts';
import { tempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { modelReply, tellingTurn } from './telling-turn.ts';

let repo: TempRepo;
let home: string;
let endpoint: FakeEndpoint | undefined;
beforeEach(() => {
  repo = tempRepo({ 'src/pool.ts': 'export const pool = 1;\n'.repeat(60) });
  home = join(repo.dir, '.git/home');
  mkdirSync(home);
});
afterEach(async () => {
  await endpoint?.close();
  endpoint = undefined;
  repo.remove();
});

const random = seededRandom(7);
const secret = shapedTypes['githubPat']?.make(random) ?? '';
const secretInFile = shapedTypes['openaiProject']?.make(random) ?? '';

function cli(args: readonly string[], env: Record<string, string>): Promise<Run> {
  return runCli(args, { cwd: repo.dir, home, env });
}

/** The turn as hooks bring it, with a secret and private words in many places. The compressor is not started by the hooks. */
async function capture(): Promise<void> {
  const hook = (event: string, payload: object): Promise<Run> =>
    runHook(event, { session_id: 'session-1', ...payload }, { cwd: repo.dir, home });
  let count = 0;
  const tool = (name: string, input: object, response: unknown, event = 'PostToolUse'): Promise<Run> =>
    hook(event, { tool_name: name, tool_input: input, tool_response: response, tool_use_id: `t${++count}` });
  const line = (record: object): string => JSON.stringify({ sessionId: 'session-1', uuid: `u${++count}`, ...record });
  const transcript = join(home, 'transcript.jsonl');
  const said = tellingTurn()
    .flatMap((event) => (event.kind === 'text' ? [event.text ?? ''] : []))
    .map((text) => `${text} The token ${secret} is broken. <private>the landlord called</private>`);
  writeFileSync(
    transcript,
    said
      .map((text) =>
        line({
          type: 'assistant',
          timestamp: '2026-05-04T10:00:00Z',
          message: { role: 'assistant', content: [{ type: 'text', text }] },
        }),
      )
      .join('\n') + '\n',
  );
  await tool(
    'Bash',
    { command: `TOKEN=${secret} npm test` },
    { stdout: `Tests: 31 passed\n${secretInFile}`, stderr: '' },
  );
  await tool(
    'Edit',
    { file_path: join(repo.dir, 'src/pool.ts'), old_string: 'a', new_string: `const key = '${secret}';` },
    {
      structuredPatch: [
        { oldStart: 41, oldLines: 1, newStart: 41, newLines: 1, lines: ['-a', `+const key = '${secret}';`] },
      ],
    },
  );
  await tool(
    'Bash',
    { command: 'git commit -m "Clear the idle timer on release, because the reaper closed sockets that were in use"' },
    { stdout: '[main 1234567] Clear the idle timer on release', stderr: '' },
  );
  // Manual mode: this test starts the compressor itself.
  const spool = join(repo.dir, '.git/repomem/spool/main/new');
  mkdirSync(spool, { recursive: true });
  writeFileSync(
    join(spool, 'stop.json'),
    JSON.stringify({ hook_event_name: 'Stop', session_id: 'session-1', cwd: repo.dir, transcript_path: transcript }),
  );
}

const recordTexts = (): string[] =>
  filesBelow(join(repo.dir, '.claude-mem'))
    .filter((file) => file.endsWith('.md') && !file.endsWith('README.md'))
    .map((file) => readFileSync(file, 'utf8'));

function varsOf(dialect: Dialect, url: string): Record<string, string> {
  return dialect === 'anthropic'
    ? { REPOMEM_PROVIDER: 'anthropic', ANTHROPIC_API_KEY: 'a-key', ANTHROPIC_BASE_URL: url }
    : { REPOMEM_PROVIDER: 'openai-compatible', OPENAI_BASE_URL: `${url}/v1`, REPOMEM_MODEL_OPENAI: 'local-model' };
}

describe.each(['anthropic', 'openai-compatible'] as const)('%s', (dialect) => {
  it('gets exactly the request that --dry-run showed, without a secret or a private word, and its reply becomes records', async () => {
    giveMemory(repo, home);
    await capture();
    endpoint = await startEndpoint(dialect, [{ text: modelReply() }]);
    const vars = varsOf(dialect, endpoint.url);
    const shown = await cli(['compress', '--dry-run', '--json'], vars);
    expect(shown.code, shown.stderr).toBe(0);
    const dry = JSON.parse(shown.stdout) as DryRun;
    expect(endpoint.asked).toHaveLength(0);
    expect(recordTexts()).toEqual([]);
    expect(dry.requests).toHaveLength(1);
    expect(dry.requests[0]).toMatchObject({ host: new URL(endpoint.url).host, session: 'session-1' });
    expect(dry.requests[0]?.notAsked).toBeUndefined();

    const run = await cli(['compress'], vars);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(endpoint.asked).toHaveLength(1);
    expect(endpoint.asked[0]?.body).toMatchObject(dry.requests[0]?.body as object);
    for (const text of [shown.stdout, endpoint.asked[0]?.text ?? '', recordTexts().join('\n')])
      for (const hidden of [secret, secretInFile, 'landlord', repo.dir]) expect(text).not.toContain(hidden);
    expect(endpoint.asked[0]?.text).toContain('never resets `idleTimer`');
    expect(recordTexts().join('\n')).toContain(
      'title: The pool ran dry because releaseSocket() left idleTimer running',
    );
    expect(recordTexts().join('\n')).toContain(`by: ${dialect}/`);

    const stats = await cli(['stats'], vars);
    expect(stats.stdout).toMatch(/models {5}1 requests, 1,200 tokens in, 80 out/);
    expect((await cli(['status'], vars)).stdout).toMatch(new RegExp(`provider   ${dialect}: `));
  });

  it('says in doctor that its key was refused, but neither key nor codes for a terminal; the records come without it', async () => {
    giveMemory(repo, home);
    await capture();
    endpoint = await startEndpoint(dialect, [{ status: 401, error: 'invalid key our-own-key \u001b[2J' }]);
    const vars = { ...varsOf(dialect, endpoint.url), ANTHROPIC_API_KEY: 'our-own-key', OPENAI_API_KEY: 'our-own-key' };
    const run = await cli(['compress'], vars);
    expect(endpoint.asked).toHaveLength(1);
    expect(recordTexts().join('\n')).toContain('by: extractive/');
    const doctor = await cli(['doctor'], vars);
    expect(doctor.stdout + doctor.stderr).toMatch(/is not asked for now[\s\S]*401[\s\S]*invalid key/);
    const { stdout } = await cli(['status'], vars);
    const noted = readFileSync(join(repo.dir, '.git/repomem/breaker.json'), 'utf8');
    expect(run.stdout + run.stderr + doctor.stdout + stdout + noted).not.toMatch(/our-own-key|\u001b|\\u001b/);
  });
});

it('uses the user’s own client, whose hooks have no effect', async () => {
  giveMemory(repo, home);
  await capture();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  const result = JSON.stringify({
    type: 'result',
    is_error: false,
    result: modelReply(),
    usage: { input_tokens: 9, output_tokens: 7 },
  });
  writeFileSync(join(bin, 'result'), result);
  writeFileSync(join(bin, 'claude'), `#!/bin/sh\nenv > '${bin}/env'\ncat > '${bin}/stdin'\ncat '${bin}/result'\n`);
  chmodSync(join(bin, 'claude'), 0o755);
  const vars = { REPOMEM_PROVIDER: 'claude', PATH: `${bin}:${process.env['PATH'] ?? ''}`, CLAUDECODE: '1' };
  expect((await cli(['status'], vars)).stdout).toContain('spends the quota');
  const run = await cli(['compress'], vars);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(recordTexts().join('\n')).toContain('by: claude/haiku');
  expect(readFileSync(join(bin, 'env'), 'utf8')).toContain('REPOMEM_CHILD=1');
  const told = readFileSync(join(bin, 'stdin'), 'utf8');
  for (const hidden of [secret, secretInFile, 'landlord']) expect(told).not.toContain(hidden);
});
