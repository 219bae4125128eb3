// Worktrees and branches in the real client: what one session learns is there where it belongs, and nowhere else.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtPackage, runCli, type Run } from '../helpers/built-cli.ts';
import type { ModelScript } from '../helpers/fake-model.ts';
import { hostSession } from '../helpers/host-session.ts';
import { describeClients, driveClient, type RealClient } from '../helpers/real-client.ts';
import { filesBelow, waitFor } from '../helpers/scan.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';

let home: string;
let repo: TempRepo;
beforeEach(async () => {
  home = tempDir();
  const files = Object.fromEntries(['queue', 'socket'].flatMap((word) => Object.entries(filesOf(word))));
  repo = repoWithMemory(home, files);
});
afterEach(() => removeFolder(home));

const filesOf = (word: string): Record<string, string> => ({
  [`${word}.json`]: '{ "retries": "three" }\n',
  [`${word}.sh`]: `grep -q '"retries": [0-9]' ${word}.json || { echo '${word}.json: retries must be a number' >&2; exit 1; }\n`,
});

/** Finds out why a check fails and repairs it; the last words come with `lastTools`, if any. */
function repair(word: string, lastTools: NonNullable<ModelScript['turns'][number]['tools']> = []): ModelScript {
  const bash = (command: string) => ({ name: 'Bash', input: { command, description: `Run ${command}` } });
  return {
    turns: [
      { text: 'Run the check.', tools: [bash(`sh ${word}.sh`)] },
      { text: 'Look at the file.', tools: [{ name: 'Read', input: { file_path: `{{REPO}}/${word}.json` } }] },
      {
        text: `The ${word} loader compares retries as a number; the word "three" never equals one, so the ${word} check stops.`,
        tools: [
          {
            name: 'Edit',
            input: { file_path: `{{REPO}}/${word}.json`, old_string: '"three"', new_string: '3' },
          },
        ],
      },
      { text: 'Run the check again.', tools: [bash(`sh ${word}.sh`)] },
      {
        text: `The ${word} check failed because retries was the word "three"; it must be a number. It is 3 now and the ${word} check passes.`,
        ...(lastTools.length > 0 && { tools: lastTools }),
      },
      ...(lastTools.length > 0 ? [{ text: 'Done.' }] : []),
    ],
  };
}

const cli = (cwd: string, ...args: string[]): Promise<Run> => runCli(args, { cwd, home });

const drive = (client: RealClient, dir: string, prompt: string, script: ModelScript) =>
  driveClient(client, { repo: dir, home, plugin: builtPackage(), prompt, script });

/** The memory that a session which starts in `dir` is given. */
async function blockIn(dir: string): Promise<string> {
  const { code, stdout, stderr } = await hostSession({ repo: dir, home }).start();
  expect([code, stderr]).toEqual([0, '']);
  const { hookSpecificOutput } = JSON.parse(stdout) as { hookSpecificOutput: { additionalContext: string } };
  return hookSpecificOutput.additionalContext;
}

/** The same as the client shows it its model. */
async function blockSeen(client: RealClient, dir: string): Promise<string> {
  const run = await drive(client, dir, 'Say hello.', { turns: [{ text: 'Hello.' }] });
  expect(run.code, run.stderr).toBe(0);
  const [found = ''] = /<repomem-memory>.*?<\/repomem-memory>/s.exec(run.requests[0] ?? '') ?? [];
  return found.replaceAll('\\"', '"');
}

const recordsIn = (dir: string): string[] => {
  const folder = join(dir, '.claude-mem/observations');
  return existsSync(folder) ? filesBelow(folder).filter((file) => file.endsWith('.md')) : [];
};

const titlesIn = (dir: string): string[] =>
  recordsIn(dir).map((file) => /^title: "?(.+?)"?$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? file);

const waiting = (key: string): number =>
  ['tmp', 'new', 'claims'].reduce((sum, name) => {
    const folder = join(repo.dir, '.git/repomem/spool', key, name);
    return sum + (existsSync(folder) ? readdirSync(folder).length : 0);
  }, 0);

async function settle(dir: string, key: string): Promise<void> {
  expect((await cli(dir, 'compress')).code).toBe(0);
  await waitFor(() => (waiting(key) === 0 ? true : undefined), 60_000);
}

describeClients(
  (client) => {
    it('takes what a session in a worktree learned to the main worktree with its commit', async () => {
      const tree = join(home, 'work/tree');
      repo.git('worktree', 'add', '-q', '-b', 'side', tree);
      const run = await drive(client, tree, 'The queue check fails. Find out why and repair it.', repair('queue'));
      expect(run.code, run.stderr).toBe(0);
      await settle(tree, 'wt-tree');
      const titles = titlesIn(tree);
      expect(titles.length).toBeGreaterThan(0);
      expect(recordsIn(repo.dir)).toEqual([]);
      expect(await blockIn(tree)).toContain(titles[0]);
      expect(await blockIn(repo.dir)).not.toContain('queue');

      expect((await cli(tree, 'stage')).code).toBe(0);
      repo.git('-C', tree, 'commit', '-qam', 'side');
      repo.git('worktree', 'remove', tree);
      repo.git('merge', '-q', 'side');
      const block = await blockSeen(client, repo.dir);
      for (const title of titles) expect(block).toContain(title);
    });

    it('loses nothing of a session that removed its own worktree in the middle of its turn', async () => {
      const tree = join(home, 'work/tree');
      repo.git('worktree', 'add', '-q', '-b', 'side', tree);
      const remove = `git -C ${repo.dir} worktree remove --force ${tree}`;
      const tools = [{ name: 'Bash', input: { command: remove, description: 'Remove the worktree' } }];
      await drive(client, tree, 'The queue check fails. Find out why and repair it.', repair('queue', tools));
      expect(existsSync(tree)).toBe(false);
      expect(waiting('wt-tree')).toBeGreaterThan(0);

      // The next session in the main worktree takes up what waits; on another branch it tells nothing of it.
      expect(await blockIn(repo.dir)).not.toContain('queue check');
      await settle(repo.dir, 'wt-tree');
      const titles = titlesIn(repo.dir);
      expect(titles.length).toBeGreaterThan(0);
      expect(await blockIn(repo.dir)).not.toContain('queue check');
      expect((await cli(repo.dir, 'stage')).stdout).toContain('made on side');
      repo.git('checkout', '-q', 'side');
      const there = await blockIn(repo.dir);
      for (const title of titles) expect(there).toContain(title);
      repo.git('checkout', '-q', 'main');
      expect((await cli(repo.dir, 'adopt', '--all')).code).toBe(0);
      const adopted = await blockIn(repo.dir);
      for (const title of titles) expect(adopted).toContain(title);
    });

    it('keeps two worktrees apart that work at once', async () => {
      const trees = ['queue', 'socket'].map((word) => ({ word, dir: join(home, 'work', word) }));
      for (const { word, dir } of trees) repo.git('worktree', 'add', '-q', '-b', `${word}-work`, dir);
      const runs = await Promise.all(
        trees.map(({ word, dir }) => drive(client, dir, `The ${word} check fails. Repair it.`, repair(word))),
      );
      for (const run of runs) expect(run.code, run.stderr).toBe(0);
      await Promise.all(trees.map(({ word, dir }) => settle(dir, `wt-${word}`)));
      const blocks = await Promise.all(trees.map(({ dir }) => blockIn(dir)));
      for (const [n, { word, dir }] of trees.entries()) {
        const titles = titlesIn(dir);
        expect(titles.length).toBeGreaterThan(0);
        for (const title of titles) expect(blocks[n]).toContain(title);
        const other = trees[1 - n]?.word ?? '';
        expect(blocks[n]).not.toContain(`${other} check`);
        expect(titles.join('\n')).not.toContain(other);
        expect((await cli(dir, 'stage')).code).toBe(0);
        repo.git('-C', dir, 'commit', '-qam', word);
        repo.git('merge', '-q', '--no-edit', `${word}-work`);
      }
      expect(recordsIn(repo.dir)).toHaveLength(trees.reduce((sum, { dir }) => sum + recordsIn(dir).length, 0));
      const sessions = filesBelow(join(repo.dir, '.claude-mem/local/sessions')).filter((file) => file.endsWith('.md'));
      expect(sessions.length).toBeGreaterThanOrEqual(2);
    });

    it('neither tells nor stages on another branch what a session left uncommitted on this one', async () => {
      repo.git('checkout', '-qb', 'one');
      const run = await drive(client, repo.dir, 'The queue check fails. Repair it.', repair('queue'));
      expect(run.code, run.stderr).toBe(0);
      await settle(repo.dir, 'main');
      const titles = titlesIn(repo.dir);
      expect(titles.length).toBeGreaterThan(0);
      repo.git('commit', '-qam', 'code alone');

      repo.git('checkout', '-qb', 'two', 'main');
      const there = await blockIn(repo.dir);
      for (const title of titles) expect(there).not.toContain(title);
      expect(there).not.toContain('queue check');
      await settle(repo.dir, 'main');
      await cli(repo.dir, 'stage');
      expect(repo.git('diff', '--cached', '--name-only')).toBe('');

      repo.git('checkout', '-q', 'one');
      const back = await blockIn(repo.dir);
      for (const title of titles) expect(back).toContain(title);
      await cli(repo.dir, 'stage');
      expect(repo.git('diff', '--cached', '--name-only').trim().split('\n')).toHaveLength(titles.length);
    });
  },
  { isLastEnough: true },
);
