// How the program starts: the compile cache lies where only the user can write, and a hook's input arrives however the host hands it over.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { placeFor } from '../../src/store/locate.ts';
import { builtCli, runCli, runProcess } from '../helpers/built-cli.ts';
import { recordFile, recordPath } from '../memory/memory-at.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(home, 'work/repo') });
  giveMemory(repo, home);
  repo.write(recordPath('b0000001'), recordFile({ id: 'b0000001', type: 'gotcha', title: 'The queue retries twice' }));
});
afterEach(() => removeFolder(home));

const compiled = (folder = join(home, '.cache')): string => join(folder, 'repomem/compiled');
const search = (options: { home?: string; env?: Record<string, string>; node?: string } = {}) =>
  runProcess(options.node ?? process.execPath, [builtCli(), 'search', 'queue retries'], {
    cwd: repo.dir,
    home,
    ...options,
  });

/** Programs of Node 22 and later, which have a compile cache; separated by colons. */
const nodes = (process.env['REPOMEM_TEST_NODES'] ?? '').split(':').filter((path) => path !== '');
if (nodes.length === 0)
  console.log('no Node in REPOMEM_TEST_NODES: tests of the compile cache run with this Node alone');

describe.each([process.execPath, ...nodes])('the compile cache of %s', (node) => {
  const hasCache = Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]) >= 22;
  const files = (folder = compiled()): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .map((name) => join(folder, name))
          .filter((path) => statSync(path).isFile())
      : [];

  it('lies in the private cache folder and nowhere else; a damaged file changes no answer', async () => {
    const shared = join(home, 'tmp');
    mkdirSync(shared, { mode: 0o1777 });
    const first = await search({ node, env: { TMPDIR: shared } });
    expect(first).toMatchObject({ code: 0, stderr: '1 of 1 record\n' });
    expect(first.stdout).toContain('The queue retries twice');
    expect(readdirSync(shared)).toEqual([]);
    expect(files().length > 0).toBe(hasCache);
    if (hasCache) expect(statSync(compiled()).mode & 0o777).toBe(0o700);
    for (const file of files()) {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0, bytes.length >> 1));
    }
    expect(await search({ node })).toEqual(first);
    for (const file of files()) writeFileSync(file, 'no code');
    expect(await search({ node })).toEqual(first);
  });

  it('is left alone in a folder that is a link, or where others may write', async () => {
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(home, '.cache'));
    symlinkSync(elsewhere, join(home, '.cache/repomem'));
    expect((await search({ node })).code).toBe(0);
    expect(files(join(elsewhere, 'compiled'))).toEqual([]);
    const open = join(home, 'open');
    mkdirSync(compiled(open), { recursive: true });
    chmodSync(compiled(open), 0o777);
    expect((await search({ node, env: { XDG_CACHE_HOME: open } })).code).toBe(0);
    expect(files(compiled(open))).toEqual([]);
  });

  it('makes no home that is not there, and goes with uninstall', async () => {
    expect((await search({ node, home: join(home, 'nobody') })).code).toBe(0);
    expect(existsSync(join(home, 'nobody'))).toBe(false);
    await search({ node });
    await runCli(['uninstall'], { cwd: home, home });
    expect(existsSync(compiled())).toBe(false);
  });
});

it('reads records that a person laid out in another way than we do', async () => {
  for (let n = 0; n < 200; n++)
    repo.write(
      `.claude-mem/observations/2026/01/2026-01-01-n-${String(n).padStart(3, '0')}bbbbb.md`,
      `---\n# by hand\ntype: "gotcha"\ntitle: >-\n  Kiln ${n} cracks\n  in frost\ncreated: 2026-01-01T00:00:00Z\n---\n`,
    );
  const found = await runCli(['search', 'kiln 123 frost', '--json'], { cwd: repo.dir, home });
  const { results } = JSON.parse(found.stdout) as { results: unknown[] };
  expect(results[0]).toMatchObject({ id: '123bbbbb', title: 'Kiln 123 cracks in frost' });
});

const hook = (event: string): string[] => [builtCli(), 'hook', event];
const env = (more: Record<string, string> = {}) => ({ PATH: process.env['PATH'], HOME: home, ...gitVars, ...more });
const waiting = (): string[] => listSpool(placeFor(repo.dir, home)).map(({ path }) => readFileSync(path, 'utf8'));

describe('a hook', () => {
  it('takes its payload from a file, a pipe and a socket, in parts, and 5 MB', async () => {
    const payload = (text: string): string =>
      JSON.stringify({ session_id: 's', hook_event_name: 'UserPromptSubmit', text });
    const large = payload('x'.repeat(5 * 1024 * 1024));
    const quiet = env();
    writeFileSync(join(home, 'payload'), large);
    const shell = (line: string) =>
      spawnSync('sh', ['-c', line, ...hook('UserPromptSubmit')], { cwd: repo.dir, env: quiet });
    expect(shell(`exec "${process.execPath}" "$0" "$@" <'${home}/payload'`).status).toBe(0);
    expect(shell(`cat '${home}/payload' | "${process.execPath}" "$0" "$@"`).status).toBe(0);
    expect(
      spawnSync(process.execPath, hook('UserPromptSubmit'), { cwd: repo.dir, env: quiet, input: large }).status,
    ).toBe(0);
    const child = spawn(process.execPath, hook('UserPromptSubmit'), {
      cwd: repo.dir,
      env: quiet,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const exited = new Promise((resolve) => child.on('exit', resolve));
    const parts = ['{"session_id":"s","hook_event_name":', '"UserPromptSubmit",', '"text":"in parts"}'];
    for (const part of parts) {
      child.stdin.write(part);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    // Whole, though the pipe stays open.
    expect(await exited).toBe(0);
    child.stdin.destroy();
    expect(waiting().sort()).toEqual([payload('in parts'), large, large, large].sort());
  });

  it('writes all of a long answer to a slow reader', async () => {
    for (let n = 0; n < 40; n++)
      repo.write(
        `.claude-mem/observations/2026/01/2026-01-01-n-${n}aaaaaaa.md`,
        `---\nid: ${String(n).padStart(2, '0')}aaaaaaaa\n---\n# ${'long '.repeat(900)}\n`,
      );
    const run = spawnSync('sh', ['-c', `"${process.execPath}" '${builtCli()}' list --json | { sleep 1; wc -c; }`], {
      cwd: repo.dir,
      env: env(),
      encoding: 'utf8',
    });
    const direct = spawnSync(process.execPath, [builtCli(), 'list', '--json'], { cwd: repo.dir, env: env() });
    expect(Number(run.stdout)).toBe(direct.stdout.length);
  });
});
