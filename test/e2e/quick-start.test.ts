// What somebody waits for starts quickly: compiled code is kept where nobody else can put any, and little of Node is loaded.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { placeFor } from '../../src/store/locate.ts';
import { builtCli, runCli } from '../helpers/built-cli.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(home, 'work/repo') });
  expect((await runCli(['init', '--yes'], { cwd: repo.dir, home })).code).toBe(0);
  await runCli(['add', 'The queue retries twice', '--type', 'gotcha'], { cwd: repo.dir, home });
});
afterEach(() => removeFolder(home));

const kept = (): string => join(home, '.cache/repomem');
const names = (folder = kept()): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const search = (options: { home?: string; env?: Record<string, string> } = {}) =>
  runCli(['search', 'queue retries'], { cwd: repo.dir, home, ...options });

describe('compiled code', () => {
  it('is kept by the first run and taken by the next, with the same answer', async () => {
    const first = await search();
    expect(first.stdout).toContain('The queue retries twice');
    expect(names().length).toBeGreaterThan(0);
    const before = names().map((name) => readFileSync(join(kept(), name)));
    expect(await search()).toEqual(first);
    expect(names()).toHaveLength(before.length);
  });

  it('is made anew when it is broken, or of another build', async () => {
    const first = await search();
    for (const name of names()) writeFileSync(join(kept(), name), 'no code');
    expect(await search()).toEqual(first);
    for (const name of names()) expect(readFileSync(join(kept(), name), 'latin1')).not.toBe('no code');
    const other = names().map((name) => name.replace(/-[0-9a-f]{16}-/, '-0123456789abcdef-'));
    for (const name of other) writeFileSync(join(kept(), name), 'no code');
    expect(await search()).toEqual(first);
    for (const name of other) expect(readFileSync(join(kept(), name), 'latin1')).toBe('no code');
  });

  it('is left alone in a folder that is a link, or where others may write', async () => {
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(join(home, '.cache'));
    symlinkSync(elsewhere, kept());
    expect((await search()).code).toBe(0);
    expect(names(elsewhere)).toEqual([]);
    const open = join(home, 'open/repomem');
    mkdirSync(open, { recursive: true });
    chmodSync(open, 0o777);
    expect((await search({ env: { XDG_CACHE_HOME: join(home, 'open') } })).code).toBe(0);
    expect(names(open)).toEqual([]);
  });

  it('makes no home that is not there, and goes with uninstall', async () => {
    expect((await search({ home: join(home, 'nobody') })).code).toBe(0);
    expect(existsSync(join(home, 'nobody'))).toBe(false);
    await search();
    expect(names()).not.toEqual([]);
    await runCli(['uninstall'], { cwd: home, home });
    expect(existsSync(kept())).toBe(false);
  });
});

const hook = (event: string): string[] => [builtCli(), 'hook', event];
const env = (more: Record<string, string> = {}) => ({ PATH: process.env['PATH'], HOME: home, ...gitVars, ...more });
const waiting = (): string[] => listSpool(placeFor(repo.dir, home)).map(({ path }) => readFileSync(path, 'utf8'));

describe('a hook', () => {
  it('loads no sockets, streams or ciphers to note an event', () => {
    const tell = join(home, 'tell.cjs');
    writeFileSync(tell, `process.on('exit', () => require('fs').writeSync(2, process.moduleLoadList.join(' ')));`);
    const input = '{"session_id":"s","hook_event_name":"PostCompact","source":"manual"}';
    for (let times = 0; times < 2; times++) {
      const run = spawnSync(process.execPath, ['-r', tell, ...hook('PostCompact')], {
        cwd: repo.dir,
        env: env(),
        input,
        encoding: 'utf8',
      });
      expect([run.status, run.stdout]).toEqual([0, '']);
      expect(run.stderr).not.toMatch(/NativeModule (?:net|crypto|child_process|tty|zlib|http)\b/);
    }
  });

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
