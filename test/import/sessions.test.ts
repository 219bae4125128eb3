import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runHook } from '../helpers/built-cli.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { allTexts, importPlace, putTranscripts, type ImportPlace } from './place.ts';

let place: ImportPlace;
const projects = (): string => join(place.home, '.claude/projects');

beforeEach(async () => {
  place = await importPlace({ 'src/queue.ts': 'flush();\n', 'src/token.ts': '15\n' });
  putTranscripts(place);
});
afterEach(() => removeFolder(place.home));

it('imports the sessions of this repository with their own time and branch, and no word of another', async () => {
  const found = await place.cli('import');
  expect(found.stdout).toMatch(/sessions +6 sessions, .*the oldest goes in 30 days.*--also \/home\/dev\/old-name/);
  const { records, run } = await place.imported('sessions');
  const texts = [...place.records().values()];
  expect(texts).toHaveLength(records.length);
  const one = (pattern: RegExp): string =>
    texts.find((text) => pattern.test(text) && !text.includes('type: session')) ?? '';
  const summary = texts.find((text) => text.includes('session: aaaaaaaa'));
  expect(summary).toMatch(/created: 2026-09-01T10:07:00Z\n[\s\S]*branch: main\n[\s\S]*\nfrom: sessions:aaaaaaaa-/);
  expect(one(/12 ms/)).toContain('session: bbbbbbbb');
  expect(one(/200 ms/)).toMatch(/branch: feature-search\nsession: cccccccc/);
  expect(one(/15 minutes/)).toContain('session: ffffffff');
  expect(texts.filter((text) => text.includes('session: bbbbbbbb') && text.includes('type: session'))).toHaveLength(1);
  expect(records.every(({ tier }) => tier === 'local')).toBe(true);
  const all = allTexts(place.repo.dir);
  expect(all).not.toMatch(/Zanzibar|swordfish|AKIAIOSFODNN7EXAMPLE|There are none|\/home\/dev\/other|may run twice/);
  expect(await place.imported('sessions')).toMatchObject({ records: [] });
  expect((await place.cli('import', 'undo', run)).code).toBe(0);
  expect(place.records().size).toBe(0);
  const again = await place.imported('sessions', '--also', '/home/dev/old-name');
  expect(again.records.map(({ title }) => title).join('\n')).toContain('a flush may run twice');
  // With the one of the former folder.
  const overview = (await place.cli('import')).stdout;
  expect(overview).toMatch(/sessions +6 sessions, .*, 7 imported/);
  expect(overview).not.toContain('--also');
});

it('leaves out a session that was captured live, and what is older than --since', async () => {
  const session = 'ffffffff-0000-4000-8000-00000000000f';
  const transcript_path = join(projects(), '-home-dev', `${session}.jsonl`);
  mkdirSync(place.home, { recursive: true });
  const payload = { session_id: session, transcript_path, reason: 'exit' };
  await runHook('SessionEnd', payload, { cwd: place.repo.dir, home: place.home });
  await place.cli('compress');
  const before = place.records();
  expect(before.size).toBeGreaterThan(0);
  const { records, skipped } = await place.imported('sessions', '--since', '2026-09-03');
  expect(skipped).toMatchObject({ 'captured live': 1, 'older than --since': 2 });
  expect(records.every(({ from }) => from.startsWith('sessions:cccccccc'))).toBe(true);
});
