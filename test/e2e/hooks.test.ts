// The plugin's hooks as processes, without a client: the recorded session, the first minute, and payloads that nobody expects.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { builtPackage, runCli, runHook } from '../helpers/built-cli.ts';
import { replaySession } from '../helpers/replay.ts';
import { filesBelow, filesWith } from '../helpers/scan.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { gitVars, removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const read = (name: string): string => readFileSync(join(fixtures, name), 'utf8');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder);
});

async function open(options: {
  memory: boolean;
  files?: Record<string, string>;
}): Promise<{ home: string; repo: TempRepo }> {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo(options.files ?? { 'a.txt': 'a\n' }, { at: join(home, 'work/repo') });
  if (options.memory) giveMemory(repo, home);
  return { home, repo };
}

const waiting = (repo: TempRepo): string[] => {
  const parts = ['tmp', 'new'].map((name) => join(repo.dir, '.git/repomem/spool/main', name));
  return parts.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder));
};

describe('the recorded session', () => {
  it('passes every hook, and becomes records without the private text', async () => {
    const { home, repo } = await open({ memory: true, files: { 'fibonacci.py': read('fibonacci.py') } });
    const runs = await replaySession({
      plugin: builtPackage(),
      repo: repo.dir,
      home: join(home, 'host'),
      hooks: read('fib-session.hooks.jsonl'),
      transcript: read('fib-session.transcript.jsonl'),
      env: gitVars,
    });
    expect(runs.length).toBeGreaterThan(20);
    for (const run of runs) {
      expect(run, run.event).toMatchObject({ code: 0, stderr: '' });
      if (run.stdout !== '') expect(() => JSON.parse(run.stdout) as unknown, run.stdout).not.toThrow();
    }
    expect((await runCli(['compress'], { cwd: repo.dir, home: join(home, 'host') })).code).toBe(0);
    expect(waiting(repo)).toEqual([]);
    const records = filesBelow(join(repo.dir, '.claude-mem')).filter((file) => file.includes('/observations/'));
    expect(records.map((file) => readFileSync(file, 'utf8')).join('\n')).toContain('fib() recursed forever');
    expect(filesWith(repo.dir, 'hunter2-staging')).toEqual([]);
  });
});

describe('a session that is compacted right after its start', () => {
  it('is told again', async () => {
    const { home, repo } = await open({ memory: true });
    expect((await runCli(['add', 'Retries end after three', '-t', 'gotcha'], { cwd: repo.dir, home })).code).toBe(0);
    const start = async (source: string): Promise<string> =>
      (await runHook('SessionStart', { source, session_id: 's', prompt_id: 'p' }, { cwd: repo.dir, home })).stdout;
    expect(await start('startup')).toContain('Retries end');
    expect(await start('compact')).toContain('Retries end');
  });
});

describe('a repository without a memory', () => {
  it('tells the user once how to start, and the model never', async () => {
    const { home, repo } = await open({ memory: false });
    const start = () => runHook('SessionStart', { source: 'startup', session_id: 's' }, { cwd: repo.dir, home });
    const first = await start();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const answer = JSON.parse(first.stdout) as Record<string, unknown>;
    expect(answer['systemMessage']).toContain('/repomem:init');
    expect(answer['hookSpecificOutput']).toBeUndefined();
    expect(await start()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(repo.git('status', '--short')).toBe('');
  });

  it('gets one when the user wants one everywhere', async () => {
    const { home, repo } = await open({ memory: false });
    expect((await runCli(['settings', 'autoInit', 'true'], { cwd: home, home })).code).toBe(0);
    const start = await runHook('SessionStart', { source: 'startup', session_id: 's' }, { cwd: repo.dir, home });
    expect(start).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(repo.dir, '.claude-mem/settings.yaml'))).toBe(true);
    expect((await runCli(['settings', 'autoInit', 'false'], { cwd: home, home })).code).toBe(0);
    expect(existsSync(join(home, '.config/repomem/auto-init'))).toBe(false);
  });

  it('is left alone by every hook, beside a memory of the original in the home folder', async () => {
    const { home, repo } = await open({ memory: false });
    mkdirSync(join(home, '.claude-mem'));
    writeFileSync(join(home, '.claude-mem/settings.yaml'), 'version: 1\n');
    for (const event of [
      'UserPromptSubmit',
      'PostToolUse',
      'PostToolUseFailure',
      'SubagentStop',
      'Stop',
      'PreCompact',
      'SessionEnd',
    ])
      expect(await runHook(event, { session_id: 's' }, { cwd: repo.dir, home }), event).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    expect(existsSync(join(repo.dir, '.git/repomem'))).toBe(false);
    expect(readdirSync(join(home, '.claude-mem'))).toEqual(['settings.yaml']);
  });
});

describe('payloads that nobody expects', () => {
  const odd: Record<string, string | Uint8Array> = {
    'nothing at all': '',
    'no JSON': 'not json {',
    'a list': '[1, 2]',
    'a NUL byte': '{"session_id":"s\u0000"}',
    'bytes that are no UTF-8': Uint8Array.from([0xff, 0xfe, 0x7b, 0x80]),
    'five megabytes': JSON.stringify({ session_id: 's', prompt: 'x'.repeat(5_000_000) }),
    'an unknown event': '{"hook_event_name":"Tomorrow","session_id":"s","new":{"a":[1]}}',
    'wrong types': '{"session_id":5,"cwd":{},"prompt":[],"tool_input":"x","tool_name":null}',
    'a folder that is gone': '{"session_id":"s","cwd":"/nonexistent/folder","prompt":"x"}',
    'a key named __proto__': '{"__proto__":{"session_id":"s"},"prompt":"x"}',
  };
  it('end well in every hook, which prints nothing but JSON, and leave nothing waiting', async () => {
    const { home, repo } = await open({ memory: true });
    for (const [name, payload] of Object.entries(odd))
      for (const event of ['SessionStart', 'UserPromptSubmit', 'PostToolUse', 'Stop', 'SessionEnd']) {
        const run = await runHook(event, payload, { cwd: repo.dir, home });
        expect(run, `${name}: ${event}`).toMatchObject({ code: 0, stderr: '' });
        if (run.stdout !== '') expect(() => JSON.parse(run.stdout) as unknown, name).not.toThrow();
      }
    const compressed = await runCli(['compress'], { cwd: repo.dir, home });
    // 1: it was this process, not the hook's own, that met the payload and says that it cannot be read.
    expect(compressed.code, compressed.stdout + compressed.stderr).toBeLessThanOrEqual(1);
    expect(waiting(repo)).toEqual([]);
    expect((await runCli(['list', '--json'], { cwd: repo.dir, home })).code).toBeLessThanOrEqual(1);
  });
});
