// In each state that git can be in, every endpoint says something true: an answer or a word, never a fault of ours, and nothing in git moves.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
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
    await runCli(['init', '--yes'], { cwd: repo.dir, home });
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
  it.each(Object.keys(states))('says something true with %s', async (name) => {
    const { dir, home } = await states[name]!();
    folders.push(home);
    const server = await viewServer({ cwd: dir, home });
    const told: unknown[] = [];
    await Promise.all(
      endpoints.map(async (endpoint) => {
        const { status, text } = await server.raw('GET', `/api/${endpoint}`, server.headers);
        const { error } = JSON.parse(text) as { error?: { message: string } };
        if (status >= 500 || (status !== 200 && !error?.message)) told.push([endpoint, status, text.slice(0, 300)]);
      }),
    );
    const { counts } = await server.get<{ counts: { problems: number } }>('/api/memory');
    expect(counts.problems).toBe(name === 'a broken record' ? 1 : 0);
    const added = await server.post<{ undo: string }>('/api/record', { title: `Written with ${name}`, tier: 'local' });
    expect((await server.get<{ lines: { title: string }[] }>('/api/records')).lines[0]?.title).toBe(
      `Written with ${name}`,
    );
    await server.post('/api/undo', { token: added.undo });
    expect(await server.stop()).toBe(0);
    expect(told).toEqual([]);
  });
});
