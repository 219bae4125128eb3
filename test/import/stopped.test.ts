// A run that is killed, two clones that import the same, and databases that another program holds.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtCli, runCli, runProcess } from '../helpers/built-cli.ts';
import { gitVars, removeFolder } from '../helpers/temp-repo.ts';
import { fixtures, importPlace, putTranscripts, recordsIn, type ImportPlace } from './place.ts';

const nodes = (process.env['REPOMEM_TEST_NODES'] ?? '').split(':').filter((path) => path !== '');

let place: ImportPlace;
beforeEach(async () => {
  place = await importPlace({ 'src/queue.ts': 'export const flush = () => {};\n' });
});
afterEach(() => removeFolder(place.home));

function exportOf(count: number): string {
  const file = join(place.home, 'export.json');
  const observations = Array.from({ length: count }, (_, at) => ({
    id: at + 1,
    memory_session_id: `m${Math.floor(at / 4)}`,
    project: 'orders-api',
    type: 'decision',
    title: `${word(at)} keeps ${word(at + 7)} apart from ${word(at * 3 + 1)}`,
    narrative: `Because ${word(at * 5)} was slower than ${word(at * 7 + 2)}.`,
    files_modified: '["src/queue.ts"]',
    created_at_epoch: 1_780_000_000_000 + at * 60_000,
  }));
  writeFileSync(file, JSON.stringify({ observations, sessions: [], summaries: [] }));
  return file;
}

function word(number: number): string {
  const parts = ['lo', 'ka', 'ri', 'mu', 'te', 'so', 'na', 'vi'];
  return Array.from({ length: 4 }, (_, at) => parts[(number >> (at * 3)) & 7]).join('');
}

/** Runs `import` until its log has so many lines, and kills it there. */
async function killedAt(lines: number, args: readonly string[]): Promise<void> {
  const log = join(place.repo.dir, `.git/repomem/imports/${args[0]}.jsonl`);
  const child = spawn(process.execPath, [builtCli(), 'import', ...args], {
    cwd: place.repo.dir,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], HOME: place.home, ...gitVars },
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const timer = setInterval(() => {
    if (existsSync(log) && readFileSync(log, 'utf8').split('\n').length > lines) child.kill('SIGKILL');
  }, 1);
  await ended;
  clearInterval(timer);
}

it('goes on where a killed run was: nothing is lost, nothing comes twice, and undo takes all of it back', async () => {
  const args = ['claude-mem', '--from', exportOf(240), '--all', '--json'];
  for (const lines of [1, 40, 160]) await killedAt(lines, args);
  expect((await place.cli('import', ...args)).code).toBe(0);
  const sources = [...place.records().values()].map((text) => /^from: (.*)$/m.exec(text)?.[1]);
  expect(sources).toHaveLength(240);
  expect(new Set(sources).size).toBe(240);
  expect((await place.imported(...args.slice(0, -1))).records).toEqual([]);
  while ((await place.cli('import', 'undo')).code === 0);
  expect(place.records().size).toBe(0);
});

it('goes on with past sessions, too', async () => {
  putTranscripts(place);
  for (const lines of [1, 3, 7]) await killedAt(lines, ['sessions', '--json']);
  expect((await place.cli('import', 'sessions')).code).toBe(0);
  const after = new Map([...place.records()].sort());
  while ((await place.cli('import', 'undo')).code === 0);
  expect(place.records().size).toBe(0);
  await place.imported('sessions');
  expect(after).toEqual(new Map([...place.records()].sort()));
});

it('merges two clones that imported the same source', async () => {
  cpSync(join(fixtures, 'files/docs'), join(place.repo.dir, 'docs'), { recursive: true });
  place.repo.git('add', '-A');
  place.repo.git('commit', '-qm', 'decisions');
  const clones = ['one', 'two'].map((name) => join(place.home, name, 'orders-api'));
  const git = (cwd: string, ...args: string[]): { status: number | null } =>
    spawnSync('git', args, { cwd, env: { ...process.env, ...gitVars } });
  const found: string[][] = [];
  for (const [index, clone] of clones.entries()) {
    place.repo.git('clone', '-q', place.repo.dir, clone);
    const options = { cwd: clone, home: join(place.home, String(index)) };
    expect((await runCli(['import', 'adr', '--share', '--json'], options)).code).toBe(0);
    expect(git(clone, 'add', '-A').status).toBe(0);
    expect(git(clone, 'commit', '-qm', 'memory').status).toBe(0);
    found.push([...recordsIn(join(clone, '.claude-mem')).keys()].sort());
  }
  expect(found[0]).toHaveLength(3);
  expect(found[1]).toEqual(found[0]);
  const [one, two] = clones as [string, string];
  expect(git(one, 'pull', '-q', '--no-rebase', '--no-edit', two, 'main').status).toBe(0);
  expect([...recordsIn(join(one, '.claude-mem')).keys()].sort()).toEqual(found[0]);
});

/** sqlite3 with the statements given to it; it holds the database until its input ends. */
function holder(file: string, sql: string): ChildProcess {
  const child = spawn('sqlite3', [file], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin!.write(`${sql}\nSELECT 'ready';\n`);
  return child;
}

async function isReady(child: ChildProcess): Promise<void> {
  for await (const chunk of child.stdout!) if (String(chunk).includes('ready')) return;
}

const programs = [process.execPath, ...nodes];
const importedBy = async (node: string, file: string): Promise<{ code: number; stdout: string; stderr: string }> =>
  runProcess(node, [builtCli(), 'import', 'claude-mem', '--from', file, '--dry-run', '--json'], {
    cwd: place.repo.dir,
    home: place.home,
  });

it('reads beside a running writer, with the module of Node and with the command, and leaves its files alone', async () => {
  cpSync(join(fixtures, 'claude-mem/wal'), join(place.home, 'data'), { recursive: true });
  const file = join(place.home, 'data/claude-mem.db');
  const writer = holder(file, 'PRAGMA wal_autocheckpoint=0; BEGIN IMMEDIATE; DELETE FROM observations;');
  await isReady(writer);
  const before = [file, `${file}-wal`].map((name) => readFileSync(name));
  const titles = [];
  for (const node of programs) {
    const { code, stdout, stderr } = await importedBy(node, file);
    expect([node, code]).toEqual([node, 0]);
    expect(stderr).not.toContain('Warning');
    titles.push((JSON.parse(stdout) as { sources: { records: { title: string }[] }[] }).sources[0]!.records.length);
  }
  expect(new Set(titles).size).toBe(1);
  expect(titles[0]).toBeGreaterThan(5);
  for (const [index, name] of [file, `${file}-wal`].entries())
    expect(readFileSync(name).equals(before[index]!)).toBe(true);
  expect(existsSync(`${file}-shm`)).toBe(true);
  writer.stdin!.end('ROLLBACK;\n.exit\n');
  await new Promise((resolve) => writer.on('exit', resolve));
});

it('says that a database is locked', async () => {
  cpSync(join(fixtures, 'claude-mem/schema16'), join(place.home, 'data'), { recursive: true });
  const file = join(place.home, 'data/claude-mem.db');
  const writer = holder(file, 'BEGIN EXCLUSIVE;');
  await isReady(writer);
  const runs = await Promise.all(programs.map(async (node) => importedBy(node, file)));
  for (const { code, stdout } of runs) {
    expect(code).toBe(2);
    expect(stdout).toMatch(/another program has it locked/);
  }
  writer.stdin!.end('ROLLBACK;\n.exit\n');
  await new Promise((resolve) => writer.on('exit', resolve));
});
