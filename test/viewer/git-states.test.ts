// In each state that git can be in, every endpoint says something true: an answer or a word, never a fault of ours, and nothing in git moves.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { filesBelow } from '../helpers/scan.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { gitVars, removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { viewMemory } from '../helpers/view-memory.ts';
import { viewServer } from '../helpers/view-server.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function conflicted(): Promise<{ dir: string; home: string }> {
  const { repo, home } = await viewMemory();
  repo.git('checkout', '-qb', 'other');
  repo.write('src/queue.ts', 'other\n');
  repo.git('commit', '-qam', 'other');
  repo.git('checkout', '-q', 'main');
  repo.write('src/queue.ts', 'mine\n');
  repo.git('commit', '-qam', 'mine');
  expect(() => repo.git('merge', 'other')).toThrow();
  return { dir: repo.dir, home };
}

const states: Record<string, () => Promise<{ dir: string; home: string }>> = {
  'no commit yet': async () => {
    const home = tempDir();
    const repo = tempRepo({}, { at: join(home, 'repo') });
    giveMemory(repo, home);
    return { dir: repo.dir, home };
  },
  'no git': async () => {
    const home = tempDir();
    const dir = join(home, 'plain');
    mkdirSync(join(dir, '.claude-mem'), { recursive: true });
    writeFileSync(join(dir, '.claude-mem/settings.yaml'), 'version: 1\n');
    return { dir, home };
  },
  'a detached head': async () => {
    const { repo, home } = await viewMemory();
    repo.git('checkout', '-q', '--detach', 'HEAD~1');
    return { dir: repo.dir, home };
  },
  'a merge under way': conflicted,
  'a rebase under way': async () => {
    const { repo, home } = await viewMemory();
    repo.git('checkout', '-qb', 'other', 'HEAD~1');
    repo.write('src/parser.ts', 'other\n');
    repo.git('commit', '-qam', 'other');
    expect(() => repo.git('rebase', 'main')).toThrow();
    return { dir: repo.dir, home };
  },
  'a sparse checkout': async () => {
    const { repo, home } = await viewMemory();
    repo.git('sparse-checkout', 'set', '.claude-mem');
    return { dir: repo.dir, home };
  },
  'a worktree of a bare repository': async () => {
    const { repo, home } = await viewMemory();
    repo.git('clone', '-q', '--bare', repo.dir, join(home, 'bare.git'));
    repo.git('-C', join(home, 'bare.git'), 'worktree', 'add', '-q', join(home, 'tree'), 'main');
    return { dir: join(home, 'tree'), home };
  },
  'a linked worktree': async () => {
    const { repo, home } = await viewMemory();
    repo.git('worktree', 'add', '-q', join(home, 'linked'), '-b', 'linked');
    return { dir: join(home, 'linked'), home };
  },
  'a shallow clone': async () => {
    const { repo, home } = await viewMemory();
    repo.git('clone', '-q', '--depth', '1', `file://${repo.dir}`, join(home, 'shallow'));
    return { dir: join(home, 'shallow'), home };
  },
  'a broken record': async () => {
    const { repo, home } = await viewMemory();
    repo.write('.claude-mem/observations/2026/11/2026-11-20-broken-br0k3n00.md', '---\ntitle: [\n---\n<<<<<<< HEAD\n');
    return { dir: repo.dir, home };
  },
};

const endpoints = [
  'memory',
  'records',
  'facets',
  'search?q=queue',
  'context',
  'settings',
  'sessions',
  'check',
  'review',
  'at/HEAD',
  'trust',
  'why?path=src/queue.ts',
];

describe('the server', () => {
  it.each(Object.keys(states))(
    'says something true with %s, changes what the commands say it changed, takes it back, and moves nothing of git',
    async (name) => {
      const { dir, home } = await states[name]!();
      folders.push(home);
      const hasGit = name !== 'no git';
      const git = (...args: string[]): string =>
        hasGit
          ? execFileSync('git', args, { cwd: dir, env: { ...process.env, ...gitVars, HOME: home }, encoding: 'utf8' })
          : '';
      const gitState = (): string[] => [
        git('ls-files', '-s'),
        hasGit ? readFileSync(join(git('rev-parse', '--absolute-git-dir').trim(), 'HEAD'), 'utf8') : '',
      ];
      const files = (): Record<string, string> =>
        Object.fromEntries(
          filesBelow(join(dir, '.claude-mem'))
            .filter((file) => file.endsWith('.md'))
            .map((file) => [file, readFileSync(file, 'utf8')]),
        );
      const cli = async <T>(...args: string[]): Promise<T> =>
        JSON.parse((await runCli(args, { cwd: dir, home })).stdout) as T;
      const { id } = await cli<{ id: string }>('add', '--json', `The matrix was tried with ${name}`, '--local');
      const server = await viewServer({ cwd: dir, home });
      const before = { files: files(), git: gitState() };
      const told: unknown[] = [];
      await Promise.all(
        endpoints.map(async (endpoint) => {
          const { status, text } = await server.raw('GET', `/api/${endpoint}`, server.headers);
          const { error } = JSON.parse(text) as { error?: { message: string } };
          if (status >= 500 || (status !== 200 && !error?.message)) told.push([endpoint, status, text.slice(0, 300)]);
        }),
      );
      expect(told).toEqual([]);
      const { counts } = await server.get<{ counts: { problems: number } }>('/api/memory');
      expect(counts.problems).toBe(name === 'a broken record' ? 1 : 0);
      const added = await server.post<{ undo: string }>('/api/record', {
        title: `Written with ${name}`,
        tier: 'local',
      });
      const titles = async (): Promise<string[]> =>
        (await server.get<{ lines: { title: string }[] }>('/api/records')).lines.map(({ title }) => title);
      expect(await titles()).toContain(`Written with ${name}`);
      await server.post('/api/undo', { token: added.undo });
      expect(await titles()).not.toContain(`Written with ${name}`);
      const undo: string[] = [];
      const act = async (what: string, body: object = {}): Promise<void> => {
        const { blob } = await server.get<{ blob: string }>(`/api/record/${id}`);
        undo.push((await server.post<{ undo: string }>(`/api/record/${id}/${what}`, { ...body, expect: blob })).undo);
      };
      const shown = async (): Promise<unknown> => (await cli<{ records: object[] }>('show', '--json', id)).records[0];
      await act('edit', { title: 'It was tried twice' });
      await act('share');
      expect(await shown()).toMatchObject({ title: 'It was tried twice', tier: 'shared' });
      // Changed by somebody else, between the look and the click.
      const { blob, record } = await server.get<{ blob: string; record: { path: string } }>(`/api/record/${id}`);
      const file = join(dir, record.path);
      const ours = readFileSync(file, 'utf8');
      writeFileSync(file, ours.replace('twice', 'thrice'));
      await expect(server.post(`/api/record/${id}/forget`, { expect: blob })).rejects.toThrow(/^409/);
      expect(readFileSync(file, 'utf8')).toContain('thrice');
      writeFileSync(file, ours);
      await act('forget', { reason: 'Tried' });
      const { results } = await cli<{ results: { id: string }[] }>('list', '--json', '--limit', '100');
      expect(results.map((one) => one.id)).not.toContain(id);
      for (const token of undo.toReversed()) await server.post('/api/undo', { token });
      expect(files()).toEqual(before.files);
      expect(gitState()).toEqual(before.git);
      expect(await server.stop()).toBe(0);
    },
  );
});
