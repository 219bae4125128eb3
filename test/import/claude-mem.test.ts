import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWithCommand, openWithNode, withDatabase } from '../../src/import/sources/sqlite.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { allTexts, fixtures, importPlace, type ImportPlace } from './place.ts';

let place: ImportPlace;
beforeEach(async () => {
  place = await importPlace({ 'src/queue.ts': 'export const flush = () => {};\n', 'src/auth/token.ts': 'sign();\n' });
});
afterEach(() => removeFolder(place.home));

function copyOf(kind: string): string {
  const folder = join(place.home, 'data', kind);
  cpSync(join(fixtures, 'claude-mem', kind), folder, { recursive: true });
  return join(folder, 'claude-mem.db');
}

const rowsOf = async (file: string, sql: string): Promise<unknown[]> =>
  withDatabase(file, (database) => database.all(sql));

describe('import claude-mem', () => {
  it('takes what belongs to this repository, without noise, secrets or another project', async () => {
    const { records, skipped } = await place.imported('claude-mem', '--from', copyOf('wal'));
    const titles = records.map(({ type, title }) => `${type}: ${title}`);
    expect(titles).toEqual(
      expect.arrayContaining([
        'bugfix: Retry queue flushes on SIGTERM and SIGINT',
        'decision: Orders live in Postgres, not MongoDB',
        'dead-end: Redis cache for the order list tried and taken out',
        'security: Database URL with a password stood in .env.example',
        'session: Speed up the order list',
      ]),
    );
    expect(titles.filter((title) => title.includes('Access tokens expire'))).toHaveLength(1);
    expect(titles.join('\n')).not.toMatch(/Installed|Staging|fib|Cart|Search/);
    expect(skipped).toMatchObject({ 'marked as sensitive': 1, noise: 1 });
    expect(records.every(({ tier }) => tier === 'local')).toBe(true);
    expect(allTexts(place.repo.dir)).not.toMatch(/not-a-real-password|AKIAIOSFODNN7EXAMPLE|ops@example|marker-/);
    const decision = [...place.records().values()].find((text) => text.includes('not MongoDB'));
    expect(decision).toMatch(/created: 2026-08-25T.*\nsession: ef5392ae\n.*\ngenerated: \{ by: import\/claude-mem/);
  });

  it('gives the same records from every schema and from the export, and writes nothing twice', async () => {
    const wal = copyOf('wal');
    const first = await place.imported('claude-mem', '--from', wal);
    for (const kind of ['schema8', 'schema16'])
      expect((await place.imported('claude-mem', '--from', copyOf(kind), '--dry-run')).records).toEqual([]);
    const table = async (name: string): Promise<unknown[]> => rowsOf(wal, `SELECT * FROM ${name}`);
    const exported = join(place.home, 'export.json');
    const [observations, sessions, summaries] = [
      await table('observations'),
      await table('sdk_sessions'),
      await table('session_summaries'),
    ];
    expect(observations).toHaveLength(24);
    writeFileSync(exported, JSON.stringify({ observations, sessions, summaries, prompts: [] }));
    const again = await place.imported('claude-mem', '--from', exported);
    expect(again).toMatchObject({ records: [], known: first.records.length + 1 });
    expect(place.records().size).toBe(first.records.length);
  });

  it('brings nothing back that was forgotten, and takes a run back but for what was edited', async () => {
    const file = copyOf('schema16');
    const { run, records } = await place.imported('claude-mem', '--from', file);
    const redis = records.find(({ title }) => title.startsWith('Redis'))!;
    expect((await place.cli('forget', redis.id)).code).toBe(0);
    const token = [...place.records()].find(([, text]) => text.includes('Access tokens expire'))!;
    const path = place.repo
      .git('ls-files', '-oi', '--exclude-standard')
      .split('\n')
      .find((one) => one.endsWith(token[0]))!;
    place.repo.write(path, `${token[1]}\nA word of mine.\n`);
    expect((await place.cli('import', 'undo', run)).code).toBe(0);
    expect([...place.records().values()].filter((text) => text.includes('import/claude-mem'))).toHaveLength(1);
    const again = await place.imported('claude-mem', '--from', file);
    expect(again.records.map(({ title }) => title)).not.toContain(redis.title);
    expect(again.skipped['forgotten']).toBe(1);
  });

  it('reads both ways alike, and leaves a database as it was', async () => {
    const file = copyOf('wal');
    const before = readFileSync(file);
    const answers = [];
    for (const open of [openWithCommand, openWithNode]) {
      const database = await open(file);
      if (database === undefined) continue;
      answers.push(database.all('SELECT id, title, facts FROM observations ORDER BY id').map((row) => ({ ...row })));
      database.close();
    }
    expect(answers.length).toBeGreaterThan(0);
    for (const rows of answers) expect(rows).toEqual(answers[0]);
    expect(readFileSync(file).equals(before)).toBe(true);
    removeFolder(join(place.home, 'data'));
    expect(await rowsOf(copyOf('wal'), 'SELECT id FROM observations')).toHaveLength(24);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(`${file}-shm`)).toBe(false);
  });

  it('says what is wrong with a damaged, a foreign and a missing file, and with bad words; exit 2, nothing written', async () => {
    const broken = join(place.home, 'broken.db');
    writeFileSync(broken, Buffer.concat([readFileSync(copyOf('schema16')).subarray(0, 3000), Buffer.alloc(9000, 7)]));
    const foreign = join(place.home, 'foreign.json');
    writeFileSync(foreign, '{"name":"x"}');
    mkdirSync(join(place.home, 'empty'));
    const cases: [string[], RegExp][] = [
      [['claude-mem', '--from', broken], /expected a (?:SQLite database|database of claude-mem)/],
      [['claude-mem', '--from', foreign], /expected claude-mem's export/],
      [['claude-mem', '--from', join(place.home, 'empty')], /found none/],
      [['nonsense'], /expected one of claude-mem/],
      [['claude-mem', '--since', 'yesterdayish'], /expected a date/],
      [['undo', 'no-such-run'], /no such run/],
    ];
    for (const [args, message] of cases) {
      const run = await place.cli('import', ...args);
      expect([args, run.code]).toEqual([args, 2]);
      expect(run.stderr).toMatch(message);
    }
    await expect(withDatabase(copyOf('wal'), () => 0, [async () => undefined])).rejects.toThrow(
      /Node 22.13 or newer, or the sqlite3 command/,
    );
    expect(place.records().size).toBe(0);
  });
});

it('counts what is here and writes nothing', async () => {
  mkdirSync(join(place.home, '.claude-mem'), { recursive: true });
  cpSync(join(fixtures, 'claude-mem/schema16/claude-mem.db'), join(place.home, '.claude-mem/claude-mem.db'));
  const { stdout, code } = await place.cli('import');
  expect(code).toBe(0);
  expect(stdout).toMatch(/claude-mem +18 observations and summaries, oldest 2026-08-01/);
  expect(place.records().size).toBe(0);
});
