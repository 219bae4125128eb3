// What people and programs read of the commands that ask git.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runCliBatch, type Run } from '../helpers/built-cli.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  repo = repoWithMemory(home, { 'src/a.txt': 'one\ntwo\nthree\n' });
});
afterEach(() => removeFolder(home));

const cliIn = (cwd: string, ...args: string[]): Promise<Run> => runCli(args, { cwd, home });
const cli = (...args: string[]): Promise<Run> => cliIn(repo.dir, ...args);

async function json(...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await cli(...args, '--json')).stdout) as Record<string, unknown>;
}

async function add(title: string, ...more: string[]): Promise<string> {
  const run = await cli('add', title, '--type', 'gotcha', '--force', ...more);
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return run.stdout.slice(0, 8);
}

function commit(message: string): string {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
  return repo.git('rev-parse', 'HEAD').trim();
}

/** Everything of git that a command could have moved: refs, HEAD, config, stashes; the index only where it is asked to. */
function gitState(withIndex: boolean): string {
  const index = withIndex ? repo.git('ls-files', '-s') : '';
  const config = readFileSync(join(repo.dir, '.git/config'), 'utf8');
  return [repo.git('for-each-ref'), readFileSync(join(repo.dir, '.git/HEAD'), 'utf8'), config, index].join('\n');
}

describe('the commands that ask git', () => {
  it('say what is stale in check, show and search, and never fail a pipeline for it', async () => {
    const id = await add('Line two is what the parser reads', '--file', 'src/a.txt:2');
    commit('memory');
    writeFileSync(join(repo.dir, 'src/a.txt'), 'one\n2\nthree\n');
    const changer = commit('Write two in digits').slice(0, 8);
    const check = await cli('check');
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toContain(`src/a.txt:2-2 has changed since: ${changer} Write two in digits (dev, `);
    expect(await json('check')).toMatchObject({
      checked: 1,
      counts: { changed: 1 },
      records: [{ id, cites: [{ path: 'src/a.txt', now: { freshness: 'changed' }, commit: { author: 'dev' } }] }],
    });
    const mark = `src/a.txt:2-2 has changed since (${changer})`;
    expect((await cli('show', id)).stdout).toContain(`No longer so: ${mark}`);
    expect((await cli('search', 'parser')).stdout).toContain(`no longer so: ${mark}`);
    expect(await json('search', 'parser')).toMatchObject({ results: [{ id, freshness: 'changed', stale: [mark] }] });
    expect(await json('show', id)).toMatchObject({ records: [{ freshness: 'changed', stale: [mark] }] });
    expect((await cli('context')).stdout).toContain(`[cited lines changed in ${changer}]`);
    expect(await json('confirm', id)).toMatchObject({ confirmed: [{ supersedes: id, dropped: [] }] });
    expect((await cli('check')).stdout).toContain('1 fresh');
  });

  it('explain a line from any folder, for people and as JSON', async () => {
    const id = await add(
      'Line two is what the parser reads',
      '--file',
      'src/a.txt:2',
      '-d',
      'Because it is the second.',
    );
    writeFileSync(join(repo.dir, 'src/a.txt'), 'one\n2\nthree\n');
    const brought = commit('Write two in digits');
    const why = await cliIn(join(repo.dir, 'src'), 'why', 'a.txt:2');
    expect(why).toMatchObject({ code: 0, stderr: '' });
    for (const part of ['src/a.txt:2', id, `added in ${brought.slice(0, 10)} by dev`, 'Because it is the second.'])
      expect(why.stdout).toContain(part);
    expect(await json('why', 'src/a.txt:2')).toMatchObject({
      path: 'src/a.txt',
      line: 2,
      records: [{ id, added: { id: brought } }],
      blame: { text: '2', commit: { id: brought } },
      commits: [{ id: brought, records: [{ id }], gone: [] }],
    });
    expect((await cli('why', 'src/a.txt:1')).code).toBe(1);
  });

  it('tell history, a revision and a difference', async () => {
    const one = await add('Queues retry twice before they give up');
    const first = commit('First');
    const two = await add('Queues retry three times', '--supersedes', one);
    const second = commit('Second');
    expect((await cli('log')).stdout).toMatch(
      new RegExp(`Second\\n  \\+ ${two}.*supersedes ${one}[^]*First\\n  \\+ ${one}`),
    );
    expect((await cli('log', '-n', '1', '--stat')).stdout).toMatch(/1 superseding, \d+ bytes/);
    expect(await json('log')).toMatchObject({
      commits: [{ id: second, records: [{ what: 'superseding', id: two }] }, {}, {}],
    });
    expect((await cli('at', first, 'search', 'queues')).stdout).toContain(one);
    expect((await cli('at', first, 'list')).stdout).not.toContain(two);
    expect((await cli('at', first, 'list')).stderr).toContain('1 of 1 record');
    expect((await cli('show', one)).stdout).toContain(`Told no more: superseded by ${two}`);
    expect((await cli('at', 'HEAD~1', 'show', one)).stdout).toContain('Queues retry twice');
    expect((await cli('at', first, 'show', two)).code).toBe(2);
    expect((await cli('diff', `${first}..${second}`)).stdout).toContain(`+ ${two}`);
    expect(await json('diff', `${first}..${second}`)).toMatchObject({ records: [{ what: 'superseding', id: two }] });
  });

  it('change neither refs nor HEAD nor configuration, and the index only in stage', async () => {
    const id = await add('Line two is what the parser reads', '--file', 'src/a.txt:2');
    await cli('stage');
    repo.git('commit', '-qm', 'memory');
    writeFileSync(join(repo.dir, 'src/a.txt'), 'one\n2\nthree\n');
    await add('Not staged yet');
    const before = gitState(true);
    for (const args of [
      ['check'],
      ['why', 'src/a.txt:2'],
      ['log', '--stat'],
      ['diff'],
      ['at', 'HEAD'],
      ['stage', '-n'],
    ])
      expect((await cli(...args)).code, args.join(' ')).toBe(0);
    for (const args of [
      ['confirm', id],
      ['adopt', '--all'],
      ['unshare', id],
    ])
      await cli(...args);
    expect(gitState(true)).toBe(before);
    const refs = gitState(false);
    await cli('stage');
    await cli('install-git-hooks', '--trailer');
    await cli('install-git-hooks', '--undo');
    expect(gitState(false)).toBe(refs);
  });

  it('say so where there is no git, and where git refuses', async () => {
    const env = { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
    const doubted = await runCli(['status'], { cwd: repo.dir, home, env });
    expect(doubted.stdout).toMatch(/^branch +git refuses this repository/m);
    const folder = join(home, 'work/plain');
    repo.git('worktree', 'add', '-q', folder, 'HEAD', '--detach');
    rmSync(join(folder, '.git'));
    expect(existsSync(join(folder, '.claude-mem/settings.yaml'))).toBe(true);
    const asked = [
      ['stage'],
      ['why', 'src/a.txt'],
      ['log'],
      ['diff'],
      ['at', 'HEAD'],
      ['install-git-hooks'],
      ['adopt', '--all'],
    ];
    for (const [at, run] of (await runCliBatch(asked, { cwd: folder, home })).entries())
      expect(run, asked[at]?.join(' ')).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('expected a git repository'),
      });
    expect((await cliIn(folder, 'check')).code).toBe(0);
  });

  it('name what is wrong with what they were given', async () => {
    const mistakes = [['share'], ['confirm'], ['why'], ['at'], ['stage', 'x'], ['log', 'a', 'b']];
    const unknown = [
      ['at', 'nowhere'],
      ['diff', 'nowhere..HEAD'],
      ['log', 'nowhere'],
      ['why', 'src/none.txt'],
      ['check', 'zzzz'],
    ];
    const runs = await runCliBatch([...mistakes, ...unknown], { cwd: repo.dir, home });
    for (const [at, args] of mistakes.entries())
      expect(runs[at], args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    for (const [at, args] of unknown.entries())
      expect(runs[mistakes.length + at]?.stderr, args.join(' ')).toMatch(/nowhere|none\.txt|zzzz/);
  });
});
