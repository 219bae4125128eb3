// An event belongs to the project of its session, and is stored despite failures of Node or the disk.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const bin = join(import.meta.dirname, '../../bin');
let base: string;
beforeAll(() => {
  base = tempDir();
  mkdirSync(join(base, 'home'));
});
afterAll(() => removeFolder(base));

const repoAt = (name: string, hasMemory = true): string =>
  tempRepo(hasMemory ? { '.claude-mem/settings.yaml': '' } : { a: '' }, { at: join(base, name) }).dir;
const waiting = (dir: string): string[] =>
  listSpool({ spoolDir: join(dir, '.git/repomem/spool/main') }).map(({ path }) => readFileSync(path, 'utf8').trimEnd());

function run(script: string, args: string[], cwd: string, env: Record<string, string>, input: string) {
  const all = { PATH: process.env['PATH'] ?? '', HOME: join(base, 'home'), ...env };
  const done = spawnSync('sh', [join(bin, script), ...args], { cwd, input, encoding: 'utf8', env: all });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

describe('an event', () => {
  it.each([
    ['CLAUDE_PROJECT_DIR', true],
    ['GEMINI_PROJECT_DIR', true],
    ['CURSOR_PROJECT_DIR', false],
  ])('goes to the project that %s names, wherever the shell stands', (variable, hasMemory) => {
    const [project, other] = [repoAt(`project ${variable}`, hasMemory), repoAt(`other ${variable}`)];
    run('repomem-capture.sh', [], other, { [variable]: project }, '{"tool_use_id":"1"}');
    expect(waiting(other)).toEqual([]);
    expect(waiting(project)).toEqual(hasMemory ? ['{"tool_use_id":"1"}'] : []);
  });

  it('is identified by its payload without a variable or a folder of ours', () => {
    const project = repoAt('told');
    const input = JSON.stringify({ a: '"cwd":"/nowhere"', cwd: project, tool_input: { cwd: '/' } });
    run('repomem-capture.sh', [], join(base, 'home'), {}, input);
    run('repomem-capture.sh', [], base, { CLAUDE_PROJECT_DIR: join(base, 'gone') }, input);
    expect(waiting(project)).toEqual([input, input]);
  });
});

describe('a node that does not start', () => {
  const shims: Readonly<Record<string, string>> = {
    'a shim without a version': 'echo "No version is set" >&2; exit 126',
    'a blocking code': 'exit 2',
    'an old version': '[ "$1" != --version ] || { echo v16.20.0; exit 0; }; exit 1',
    'one that is killed': 'kill -9 $$',
  };
  it.each(Object.entries(shims))('costs the host nothing, and the event is kept: %s', (name, body) => {
    const dir = repoAt(`shim ${name}`);
    const folder = join(base, `bin ${name}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'node'), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, 'node'), 0o755);
    const env = { PATH: `${folder}:${process.env['PATH']}` };
    const events = ['SessionStart', 'UserPromptSubmit', 'Stop', 'PreCompact', 'SessionEnd'];
    const answers = events.map((event) => run('repomem-hook.sh', [event], dir, env, `{"hook_event_name":"${event}"}`));
    expect(answers.map(({ code, stderr }) => [code, stderr])).toEqual(events.map(() => [0, '']));
    expect(waiting(dir)).toHaveLength(events.length);
    const said = JSON.parse(answers[0]?.stdout ?? '') as { systemMessage: string };
    expect(said.systemMessage).toMatch(name === 'an old version' ? /20\.19.*v16\.20\.0/ : /Node 20\.19/);
    expect(answers.slice(1).map(({ stdout }) => stdout)).toEqual(['', '', '', '']);
    expect(run('repomem-hook.sh', ['SessionStart'], dir, env, '{}').stdout).toBe('');
  });

  it('does not load the modules of NODE_OPTIONS', () => {
    const dir = repoAt('options');
    const folder = join(base, 'bin options');
    mkdirSync(folder);
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nprintf "%s|%s" "$NODE_OPTIONS" "$REPOMEM_NODE_OPTIONS"\n');
    chmodSync(join(folder, 'node'), 0o755);
    const env = { PATH: `${folder}:${process.env['PATH']}`, NODE_OPTIONS: '--require /none.js' };
    expect(run('repomem-hook.sh', ['Stop'], dir, env, '{}').stdout).toBe('|--require /none.js');
  });
});

it('an event that no folder takes is counted in the user’s cache', () => {
  const dir = repoAt('blocked');
  writeFileSync(join(dir, '.git/repomem'), 'in the way');
  run('repomem-capture.sh', [], dir, {}, '{"a":1}');
  const lost = join(base, 'home/.cache/repomem/lost');
  expect(existsSync(lost) && readFileSync(lost, 'utf8')).toBe(`${join(dir, '.git/repomem')}\n`);
});
