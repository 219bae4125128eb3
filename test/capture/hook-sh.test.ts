import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { tempDir, tempRepo } from '../helpers/temp-repo.ts';

const shells = [['sh'], ['bash'], ['bash', '--posix'], ['busybox', 'sh'], ['zsh', '--emulate', 'sh']].filter(
  ([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);
const source = join(import.meta.dirname, '../../bin');

// A copy of the guards beside a program that prints its input.
let base: string;
let bin: string;
let home: string;
beforeAll(() => {
  base = tempDir();
  bin = join(base, 'a space/bin');
  home = join(base, 'home');
  mkdirSync(bin, { recursive: true });
  mkdirSync(home);
  for (const name of ['repomem', 'repomem-hook.sh', 'repomem-capture.sh']) {
    copyFileSync(join(source, name), join(bin, name));
    chmodSync(join(bin, name), 0o755);
  }
  const program = "process.stdout.write(process.argv.slice(2).join(' ') + '|'); process.stdin.pipe(process.stdout);";
  writeFileSync(join(bin, 'repomem.js'), program);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function runHook(cwd: string, event: string, options: { input?: string; env?: Record<string, string> } = {}): string {
  const run = spawnSync('sh', [join(bin, 'repomem-hook.sh'), event], {
    cwd,
    encoding: 'utf8',
    input: options.input ?? '{}',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, ...options.env },
  });
  expect([run.status, run.stderr]).toEqual([0, '']);
  return run.stdout;
}

function makeRepo(name: string, hasMemory: boolean): string {
  return tempRepo(hasMemory ? { '.claude-mem/settings.yaml': '' } : { 'a.txt': '' }, { at: join(base, name) }).dir;
}

describe('repomem-hook.sh', () => {
  it('starts Node with the payload in a repository with a memory', () => {
    expect(runHook(makeRepo('memory', true), 'Stop', { input: '{"a":1}' })).toBe('hook Stop|{"a":1}');
  });

  it.each(shells)('does the same as the plugin names it: %s', (...shell) => {
    const { hooks } = JSON.parse(readFileSync(join(source, '../hooks/hooks.json'), 'utf8')) as {
      hooks: Record<string, { hooks: { command: string }[] }[]>;
    };
    const dir = makeRepo(`plugin ${shell.join('')}`, true);
    const [program = '', ...flags] = shell.filter((word) => word !== undefined);
    for (const [event, groups] of Object.entries(hooks)) {
      const run = spawnSync(program, [...flags, '-c', groups[0]?.hooks[0]?.command ?? ''], {
        cwd: dir,
        encoding: 'utf8',
        input: '{"a":1}',
        env: { PATH: process.env['PATH'] ?? '', HOME: home, CLAUDE_PLUGIN_ROOT: join(bin, '..') },
      });
      const isAnswered = !/PreToolUse|PostToolUse|SubagentStop/.test(event);
      expect([run.status, run.stderr, run.stdout], event).toEqual([0, '', isAnswered ? `hook ${event}|{"a":1}` : '']);
    }
    const spool = join(dir, '.git/repomem/spool/main');
    expect(listSpool({ spoolDir: spool }).map((file) => readFileSync(file.path, 'utf8').trimEnd())).toEqual(
      Array(3).fill('{"a":1}'),
    );
  });

  it('says nothing without a memory, without node, and inside a run that repomem started', () => {
    const dir = makeRepo('quiet', true);
    expect(runHook(makeRepo('no-memory', false), 'Stop')).toBe('');
    expect(runHook(dir, 'Stop', { env: { REPOMEM_CHILD: '1' } })).toBe('');
    const tools = join(base, 'tools');
    mkdirSync(tools);
    symlinkSync('/bin/sh', join(tools, 'sh'));
    const run = spawnSync('/bin/sh', [join(bin, 'repomem-hook.sh'), 'Stop'], {
      cwd: dir,
      env: { PATH: tools, HOME: home },
    });
    expect([run.status, run.stdout.toString()]).toEqual([0, '']);
  });

  it('greets once at the start of a session in a repository without a memory', () => {
    const dir = makeRepo('hint', false);
    expect(runHook(dir, 'SessionStart')).toContain('hook SessionStart|');
    expect(runHook(dir, 'UserPromptSubmit')).toBe('');
    mkdirSync(join(dir, '.git/repomem'));
    writeFileSync(join(dir, '.git/repomem/hinted'), '');
    expect(runHook(dir, 'SessionStart')).toBe('');
    expect(runHook(home, 'SessionStart')).toBe('');
  });

  it("obeys the user's flag files", () => {
    const dir = makeRepo('flags', false);
    const config = join(base, 'config');
    mkdirSync(join(config, 'repomem'), { recursive: true });
    const env = { XDG_CONFIG_HOME: config };
    writeFileSync(join(config, 'repomem/no-hint'), '');
    expect(runHook(dir, 'SessionStart', { env })).toBe('');
    writeFileSync(join(config, 'repomem/auto-init'), '');
    expect(runHook(dir, 'SessionStart', { env })).toContain('hook SessionStart|');
  });

  it('asks Node before a tool only when the payload names a cited file', () => {
    const dir = makeRepo('cited', true);
    const input = JSON.stringify({ tool_input: { file_path: join(dir, 'src/a.ts') } });
    expect(runHook(dir, 'PreToolUse', { input })).toBe('');
    mkdirSync(join(dir, '.git/repomem'));
    writeFileSync(join(dir, '.git/repomem/cited'), 'src/b.ts\n');
    expect(runHook(dir, 'PreToolUse', { input })).toBe('');
    writeFileSync(join(dir, '.git/repomem/cited'), 'src/b.ts\nsrc/a.ts\n');
    expect(runHook(dir, 'PreToolUse', { input })).toBe(`hook PreToolUse|${input}\n`);
    for (const [name, escaped] of [
      ['src/b.ts', 'src\\/b.ts'],
      ['src/caf\u00e9.ts', 'src/caf\\u00e9.ts'],
      ['src/\ud83d\ude00.ts', 'src/\\ud83d\\ude00.ts'],
    ] as const) {
      writeFileSync(join(dir, '.git/repomem/cited'), `src/a.ts\n${name}\n`);
      const told = `{"tool_name":"Read","tool_input":{"file_path":"${dir}/${escaped}"}}`;
      expect(runHook(dir, 'PreToolUse', { input: told }), escaped).toBe(`hook PreToolUse|${told}\n`);
    }
    writeFileSync(join(dir, '.git/repomem/cited'), 'src/b.ts\nsrc/a.ts\n');
    const decoy = JSON.stringify({ tool_input: { new_string: '"file_path":"src/a.ts"', file_path: 'src/c.ts' } });
    expect(runHook(dir, 'PreToolUse', { input: decoy })).toBe('');
    const shell = (command: string): string => JSON.stringify({ tool_name: 'Bash', tool_input: { command } });
    for (const command of ['cat src/a.ts | head', 'grep -n "x y" ./src/a.ts', `sed -i s/a/b/ ${dir}/src/b.ts; ls`])
      expect(runHook(dir, 'PreToolUse', { input: shell(command) })).toBe(`hook PreToolUse|${shell(command)}\n`);
    for (const command of ['cat src/c.ts', 'echo hello', 'ls -la ../src/a.tsx'])
      expect(runHook(dir, 'PreToolUse', { input: shell(command) })).toBe('');
  });

  it('is found through a link by the launcher', () => {
    const link = join(base, 'a-link');
    symlinkSync('a space/bin/repomem', link);
    const run = spawnSync(link, ['list', 'a b'], { encoding: 'utf8', input: '', env: { PATH: process.env['PATH'] } });
    expect(run.stdout).toBe('list a b|');
  });
});
