// Worktrees and branches: nothing is lost, nothing leaks.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type Run } from '../helpers/built-cli.ts';
import { hostSession, shown, type HostSession } from '../helpers/host-session.ts';
import { filesBelow, waitFor } from '../helpers/scan.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  repo = repoWithMemory(home, { 'a.txt': 'a\n', 'check.sh': 'exit 1\n' });
});
afterEach(() => removeFolder(home));

const cli = (cwd: string, ...args: string[]): Promise<Run> => runCli(args, { cwd, home });

async function titles(cwd: string): Promise<string[]> {
  const { stdout } = await cli(cwd, 'list', '--json', '--limit', '100');
  const { results } = JSON.parse(stdout) as { results: { title: string; type: string }[] };
  return results.filter(({ type }) => type !== 'session').map(({ title }) => title);
}

async function blockOf(cwd: string): Promise<string> {
  return (await cli(cwd, 'context')).stdout;
}

async function add(cwd: string, title: string, type = 'gotcha'): Promise<string> {
  const run = await cli(cwd, 'add', title, '--type', type, '--force');
  expect(run, run.stderr).toMatchObject({ code: 0 });
  return run.stdout.slice(0, 8);
}

/** A session that finds out why something failed and repairs it; what the user demands for later is shared. */
async function learn(session: HostSession, dir: string, word: string): Promise<void> {
  await session.start();
  await session.prompt(
    `The ${word} check fails. Find out why and repair it. From now on limits in \`${word}.conf\` are numbers.`,
  );
  await session.fail('Bash', { command: 'sh check.sh' }, `${word}.conf: limit must be a number, not a word`);
  session.say(`The ${word} loader compares the limit as a number; the word "ten" never equals one, so it stops.`);
  const file_path = join(dir, 'a.txt');
  writeFileSync(file_path, `${word} 10\n`);
  await session.tool(
    'Edit',
    { file_path, old_string: 'ten', new_string: '10' },
    {
      filePath: file_path,
      oldString: 'ten',
      newString: '10',
      structuredPatch: [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-ten', `+${word} 10`] }],
    },
  );
  await session.tool('Bash', { command: 'sh check.sh' }, shown('ok\n'));
  await session.stop(
    `The ${word} check failed because the limit was the word "ten"; it must be a number. It is 10 now and the ${word} check passes.`,
  );
  await session.end();
}

const gitIn = (cwd: string, ...args: string[]): string => repo.git('-C', cwd, ...args);

const waiting = (key: string): number => {
  const spool = join(repo.dir, '.git/repomem/spool', key);
  return ['tmp', 'new', 'claims'].reduce((sum, name) => {
    const folder = join(spool, name);
    return sum + (existsSync(folder) ? readdirSync(folder).length : 0);
  }, 0);
};

async function settle(dir: string, key: string): Promise<void> {
  await cli(dir, 'compress');
  await waitFor(() => (waiting(key) === 0 ? true : undefined), 60_000);
}

const recordsIn = (dir: string): string[] => {
  const folder = join(dir, '.claude-mem/observations');
  return existsSync(folder) ? filesBelow(folder).filter((file) => file.endsWith('.md')) : [];
};

describe('a worktree’s whole life', () => {
  it('keeps shared records where they were made, local ones in the main worktree, and loses none when it is removed', async () => {
    const tree = join(home, 'work/tree');
    const before = await add(repo.dir, 'Made on main before the worktree');
    repo.git('worktree', 'add', '-q', '-b', 'side', tree);
    // Uncommitted files do not follow into a new worktree.
    expect(await titles(tree)).toEqual([]);

    const session = hostSession({ repo: tree, home });
    await learn(session, tree, 'queue');
    await settle(tree, 'wt-tree');
    const made = recordsIn(tree);
    expect(made.length).toBeGreaterThan(0);
    await add(tree, 'A local finding of the worktree', 'discovery');
    expect(existsSync(join(tree, '.claude-mem/local/observations'))).toBe(false);
    expect(filesBelow(join(repo.dir, '.claude-mem/local')).some((file) => file.includes('a-local-finding'))).toBe(true);
    expect(filesBelow(join(repo.dir, '.claude-mem/local/sessions')).length).toBe(1);
    // What the side branch made locally is not told on main, until it is adopted there.
    expect(await titles(repo.dir)).toEqual(['Made on main before the worktree']);

    expect(await cli(tree, 'stage')).toMatchObject({ code: 0 });
    // With the finding.
    expect((await titles(tree)).length).toBe(made.length + 1);
    gitIn(tree, 'commit', '-qm', 'side');
    repo.git('worktree', 'remove', '--force', tree);
    expect(existsSync(tree)).toBe(false);
    repo.git('merge', '-q', 'side');
    expect((await titles(repo.dir)).length).toBe(made.length + 1);
    await cli(repo.dir, 'adopt', '--all');
    expect(await titles(repo.dir)).toContain('A local finding of the worktree');
    expect(recordsIn(repo.dir).some((file) => file.includes(before))).toBe(true);
    expect(repo.git('status', '--short', '--', '.claude-mem').trim().split('\n')).toHaveLength(1);
  });

  it('compresses what waits of a worktree that is removed before its session was', async () => {
    const tree = join(home, 'work/tree');
    repo.git('worktree', 'add', '-q', '-b', 'side', tree);
    const session = hostSession({ repo: tree, home });
    await session.start();
    await session.prompt('Remember: the queue limit must be a number, because the loader compares numbers.');
    await session.tool('Bash', { command: 'sh check.sh' }, shown('ok\n'));
    rmSync(tree, { recursive: true });
    repo.git('worktree', 'prune');
    expect((await cli(repo.dir, 'compress')).code).toBe(0);
    expect(waiting('wt-tree')).toBe(0);
  });
});

describe('two worktrees at once', () => {
  it('write their own shared records and one local memory, each complete', async () => {
    const trees = ['one', 'two'].map((name) => join(home, 'work', name));
    for (const tree of trees) repo.git('worktree', 'add', '-q', '-b', tree.slice(-3), tree);
    await Promise.all(
      trees.map(async (tree, n) => {
        await learn(hostSession({ repo: tree, home }), tree, n === 0 ? 'queue' : 'socket');
        await add(tree, `A local finding number ${n}`, 'discovery');
        await settle(tree, `wt-${tree.slice(-3)}`);
      }),
    );
    const [first = '', second = ''] = trees;
    expect(recordsIn(first).length).toBeGreaterThan(0);
    expect(recordsIn(second).length).toBeGreaterThan(0);
    expect((await blockOf(first)).includes('socket')).toBe(false);
    expect((await blockOf(second)).includes('queue')).toBe(false);
    const local = filesBelow(join(repo.dir, '.claude-mem/local'));
    expect(local.filter((file) => file.includes('a-local-finding'))).toHaveLength(2);
    expect(local.filter((file) => file.includes('/sessions/'))).toHaveLength(2);
    for (const tree of trees) {
      expect((await cli(tree, 'doctor', '--json')).stdout).not.toContain('cannot be read');
      await cli(tree, 'stage');
      gitIn(tree, 'commit', '-qm', tree.slice(-3));
      repo.git('merge', '-q', '--no-edit', tree.slice(-3));
    }
    expect(recordsIn(repo.dir)).toHaveLength(recordsIn(first).length + recordsIn(second).length);
  });
});

describe('a branch switched with uncommitted memories', () => {
  it('loses nothing and leaks nothing', async () => {
    await add(repo.dir, 'Made on main before the branch');
    repo.git('checkout', '-qb', 'one');
    const shared = await add(repo.dir, 'Shared, made on branch one');
    await add(repo.dir, 'Local, made on branch one', 'discovery');
    repo.git('checkout', '-qb', 'two', 'main');
    await add(repo.dir, 'Shared, made on branch two');
    const [main, two] = ['Made on main before the branch', 'Shared, made on branch two'];
    expect((await titles(repo.dir)).sort()).toEqual([main, two]);
    expect(await blockOf(repo.dir)).not.toContain('branch one');
    expect((await cli(repo.dir, 'search', 'branch one', '--json')).stdout).not.toContain('made on branch one');
    const staged = await cli(repo.dir, 'stage', '--json');
    expect(staged.stdout).toContain('repomem adopt');
    expect(repo.git('diff', '--cached', '--name-only')).not.toContain(shared);
    repo.git('commit', '-qm', 'two');

    repo.git('checkout', '-q', 'one');
    expect((await titles(repo.dir)).sort()).toEqual(['Local, made on branch one', 'Shared, made on branch one']);
    await cli(repo.dir, 'stage');
    repo.git('commit', '-qm', 'one');
    repo.git('checkout', '-q', 'main');
    expect(await titles(repo.dir)).toEqual([]);
    repo.git('merge', '-q', '--no-edit', 'two');
    repo.git('merge', '-q', '--no-edit', 'one');
    expect((await titles(repo.dir)).sort()).toEqual([main, 'Shared, made on branch one', two]);
  });

  it('keeps a record of another branch out of a session that starts here', async () => {
    repo.git('checkout', '-qb', 'one');
    await add(repo.dir, 'Made on branch one alone');
    const here = await hostSession({ repo: repo.dir, home }).start();
    expect(here.stdout).toContain('Made on branch one alone');
    repo.git('checkout', '-q', 'main');
    const there = await hostSession({ repo: repo.dir, home }).start();
    expect(there.stdout).not.toContain('Made on branch one alone');
    await cli(repo.dir, 'adopt', '--all');
    expect((await hostSession({ repo: repo.dir, home }).start()).stdout).toContain('Made on branch one alone');
  });
});
