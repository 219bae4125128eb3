import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteFailure, noteSuccess } from '../../src/compress/providers/breaker.ts';
import { appendUsage } from '../../src/compress/claims/usage.ts';
import { adoptRecords } from '../../src/curate/adopt.ts';
import { diagnose } from '../../src/setup/doctor.ts';
import { chooseProvider } from '../../src/learn/compress.ts';
import { memoryStats } from '../../src/setup/status.ts';
import { remember } from '../../src/curate/write.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, envAt, memoryAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';
import { pickProvider, setupOf } from '../../src/learn/pick-provider.ts';

let repo: TempRepo;
beforeEach(() => void (repo = memoryRepo()));
afterEach(() => repo.remove());

const key = { ANTHROPIC_API_KEY: 'a-key' };
const endpoint = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', REPOMEM_MODEL_OPENAI: 'qwen' };

async function spend(at: string, tokensIn: number, claim = at): Promise<void> {
  const { paths } = await memoryAt(repo.dir);
  mkdirSync(paths.privateDir, { recursive: true });
  appendUsage(paths, [{ at, provider: 'anthropic/m', session: 's', claim, requests: 2, tokensIn, tokensOut: 50 }]);
}

describe('memoryStats', () => {
  it('counts requests and tokens by provider and day, records by maker, and tokens that a session reads', async () => {
    await spend('2026-11-21T09:00:00Z', 1_000);
    await spend('2026-11-21T10:00:00Z', 500);
    await spend('2026-11-19T10:00:00Z', 200);
    repo.write(
      recordPath('bbbb1111'),
      recordFile({ id: 'bbbb1111', generated: { by: 'anthropic/m', tokens: 400 }, body: 'b'.repeat(800) }),
    );
    repo.write(recordPath('bbbb2222'), recordFile({ id: 'bbbb2222' }));
    commitAll(repo, 'records');
    const stats = await memoryStats(await memoryAt(repo.dir));
    expect(stats.days).toEqual([
      { day: '2026-11-21', provider: 'anthropic/m', requests: 4, tokensIn: 1_500, tokensOut: 100 },
      { day: '2026-11-19', provider: 'anthropic/m', requests: 2, tokensIn: 200, tokensOut: 50 },
    ]);
    expect(stats.total).toEqual({ requests: 6, tokensIn: 1_700, tokensOut: 150 });
    expect(stats.today).toEqual({ tokens: 1_600, cap: 200_000 });
    expect(stats.made).toEqual([
      { by: 'anthropic/m', records: 1, tokens: 400 },
      { by: 'by hand', records: 1, tokens: 0 },
    ]);
    expect(stats.session).toMatchObject({ shown: 2, total: 2, mcpBytes: expect.any(Number) as number });
    expect(stats.session.everything).toBeGreaterThan(200);
    expect(stats.session.block).toBeGreaterThan(0);
    expect((await memoryStats(await memoryAt(repo.dir), { days: 1 })).days).toHaveLength(1);
  });

  it('says nothing of models where there are none', async () => {
    expect(await memoryStats(await memoryAt(repo.dir))).toMatchObject({
      provider: { name: 'extractive' },
      days: [],
      total: { requests: 0 },
      made: [],
    });
  });
});

async function pick(vars: Record<string, string>): Promise<ReturnType<typeof pickProvider>> {
  return pickProvider(await memoryAt(repo.dir, vars));
}

describe('pickProvider', () => {
  it('uses no model unless the user chooses one, even if keys exist', async () => {
    expect(await pick({ ...key, ...endpoint })).toMatchObject({ name: 'extractive' });
  });

  it('picks with auto the first model with a key given to repomem, never one whose key only exists in the environment', async () => {
    const auto = { REPOMEM_PROVIDER: 'auto' };
    expect(await pick({ ...auto, ...key, ...endpoint, GEMINI_API_KEY: 'a-key' })).toMatchObject({
      name: 'extractive',
      why: 'auto found no key and no endpoint in your own settings',
    });
    expect(await pick({ ...auto, ...key, REPOMEM_KEY_ANTHROPIC: 'own' })).toMatchObject({
      name: 'anthropic',
      why: expect.stringContaining('first that is set up'),
    });
    const own = { REPOMEM_ENDPOINT_OPENAI: 'http://127.0.0.1:11434/v1', REPOMEM_MODEL_OPENAI: 'qwen' };
    expect(await pick({ ...auto, ...own })).toMatchObject({
      name: 'openai-compatible',
      why: 'auto; the first that is set up: qwen at 127.0.0.1:11434',
    });
  });

  it.each([
    ['gemini', { GEMINI_API_KEY: 'k' }, 'gemini-2.5-flash at generativelanguage.googleapis.com'],
    ['openrouter', { OPENROUTER_API_KEY: 'k' }, 'anthropic/claude-haiku-4.5 at openrouter.ai'],
    ['ollama', { REPOMEM_MODEL_OLLAMA: 'qwen3' }, 'qwen3 at 127.0.0.1:11434'],
  ])('knows %s by its name', async (provider, vars, why) => {
    expect(await pick({ REPOMEM_PROVIDER: provider, ...vars })).toMatchObject({ name: provider, why });
    const others = { OPENAI_API_KEY: 'of-another', OPENAI_BASE_URL: 'https://elsewhere.example/v1' };
    expect(await pick({ REPOMEM_PROVIDER: provider, ...others })).toMatchObject({ name: 'extractive' });
  });

  it.each([
    ['anthropic', 'there is no key'],
    ['openai-compatible', 'there is no endpoint'],
    ['claude', 'no claude stands on the PATH'],
  ])('says what %s lacks', async (provider, lack) => {
    expect(await pick({ REPOMEM_PROVIDER: provider, PATH: '/nowhere' })).toMatchObject({
      name: 'extractive',
      why: expect.stringContaining(`${provider} is chosen, but ${lack}`),
    });
  });

  it('obeys no project that chooses a model or an endpoint', async () => {
    repo.write(
      '.claude-mem/settings.yaml',
      'version: 1\nprovider: anthropic\nendpoint:\n  anthropic: https://elsewhere.example\n',
    );
    commitAll(repo, 'settings');
    expect(await pick(key)).toMatchObject({ name: 'extractive' });
    expect((await memoryAt(repo.dir, { ...key, REPOMEM_PROVIDER: 'anthropic' })).settings.endpoint.anthropic).toBe('');
  });

  it('tells when the cap of the day is reached, and so does doctor', async () => {
    await spend('2026-11-21T09:00:00Z', 1_000);
    const vars = { ...key, REPOMEM_PROVIDER: 'anthropic', REPOMEM_TOKENS_MAX_PER_DAY: '1000' };
    expect(await pick(vars)).toMatchObject({
      name: 'anthropic',
      pause: '1050 of 1000 tokens are spent today (tokens.maxPerDay)',
    });
    expect(await diagnose(envAt(repo.dir, vars))).toContainEqual(
      expect.objectContaining({ level: 'problem', what: expect.stringContaining('1050 of 1000 tokens') }),
    );
    expect((await memoryStats(await memoryAt(repo.dir, vars))).provider.why).toContain('the rules for now');
  });

  it('tells of a mode that is wrong in doctor', async () => {
    repo.write('.claude-mem/modes/own.yaml', 'types: [rumour]\n');
    commitAll(repo, 'a mode');
    expect(await diagnose(envAt(repo.dir, { REPOMEM_MODE: 'own' }))).toContainEqual(
      expect.objectContaining({
        what: expect.stringMatching(/^\.claude-mem\/modes\/own\.yaml:1: types: expected a list of decision/),
      }),
    );
  });

  it('tells in doctor of records that wait on another branch', async () => {
    repo.git('checkout', '-qb', 'work');
    const { id } = await remember(await memoryAt(repo.dir), { title: 'Of the work at hand', type: 'gotcha' });
    const waiting = expect.objectContaining({
      level: 'note',
      what: expect.stringContaining('1 records wait on other branches'),
    });
    expect(await diagnose(envAt(repo.dir))).not.toContainEqual(waiting);
    repo.git('checkout', '-q', 'main');
    expect(await diagnose(envAt(repo.dir))).toContainEqual(waiting);
    await adoptRecords(await memoryAt(repo.dir), [id]);
    expect(await diagnose(envAt(repo.dir))).not.toContainEqual(waiting);
  });

  it('reports a refused key in doctor until it is accepted, also after the pause ends', async () => {
    const vars = { ...key, REPOMEM_PROVIDER: 'anthropic' };
    const memory = await memoryAt(repo.dir, vars);
    const { model } = await chooseProvider(memory);
    expect(model?.host).toBe('api.anthropic.com');
    mkdirSync(memory.paths.privateDir, { recursive: true });
    const failure = { reason: 'anthropic: HTTP 401', isLasting: true };
    noteFailure(memory.paths, setupOf(memory, 'anthropic'), new Date('2026-11-21T08:00:00Z'), failure);
    expect(await diagnose(envAt(repo.dir, vars))).toContainEqual(
      expect.objectContaining({
        what: expect.stringContaining('failed at 2026-11-21T08:00:00.000Z: anthropic: HTTP 401'),
      }),
    );
    noteSuccess(memory.paths);
    expect(pickProvider(memory).trouble).toBeUndefined();
  });

  it('forgets a refused key as soon as another one is set', async () => {
    const vars = { ...key, REPOMEM_PROVIDER: 'anthropic' };
    const { paths } = await memoryAt(repo.dir);
    mkdirSync(paths.privateDir, { recursive: true });
    noteFailure(paths, 'other', new Date('2026-11-21T11:59:00Z'), { reason: 'HTTP 401', isLasting: true });
    expect((await pick(vars)).pause).toBeUndefined();
  });
});
