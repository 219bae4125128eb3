import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { builtPackage, runCli } from '../helpers/built-cli.ts';
import { startMcp } from '../helpers/mcp-client.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function open(): Promise<{ home: string; repo: string; elsewhere: string }> {
  const home = tempDir();
  const elsewhere = tempDir();
  folders.push(home, elsewhere);
  const repo = tempRepo({ 'a.txt': 'a\n' }, { at: join(home, 'my work/repo') }).dir;
  await runCli(['init', '--yes'], { cwd: repo, home });
  await runCli(['add', 'Retries stay at three', '--type', 'decision'], { cwd: repo, home });
  return { home, repo, elsewhere };
}

it('finds the repository by the roots of its client where it was started in the plugin, or elsewhere', async () => {
  const { home, repo, elsewhere } = await open();
  for (const cwd of [builtPackage(), elsewhere]) {
    const client = await startMcp({ cwd, home, roots: [elsewhere, repo] });
    expect(await client.call('search', { query: 'retries' })).toContain('Retries stay at three');
    await client.close();
  }
});

it('waits for roots that come late, but not for those that come too late: the next call asks again', async () => {
  const { home, repo, elsewhere } = await open();
  const late = await startMcp({ cwd: elsewhere, home, roots: [repo], rootsAfterMs: 300 });
  expect(await late.call('search', { query: 'retries' })).toContain('Retries stay at three');
  await late.close();
  const tooLate = await startMcp({ cwd: elsewhere, home, roots: [repo], rootsAfterMs: 2500 });
  expect(await tooLate.call('search', { query: 'retries' })).toContain('there is no memory here');
  tooLate.answerAtOnce();
  expect(await tooLate.call('search', { query: 'retries' })).toContain('Retries stay at three');
  await tooLate.close();
});

it('asks nobody who tells of no roots, and does not wait long for one that never answers', async () => {
  const { home, repo, elsewhere } = await open();
  const silent = await startMcp({ cwd: elsewhere, home, roots: null });
  expect(await silent.call('search', { query: 'retries' })).toContain('there is no memory here');
  await silent.close();
  const none = await startMcp({ cwd: elsewhere, home });
  expect(await none.call('search', { query: 'retries' })).toContain('there is no memory here');
  await none.close();
  const inside = await startMcp({ cwd: repo, home, roots: null });
  expect(await inside.call('search', { query: 'retries' })).toContain('Retries stay at three');
  await inside.close();
});
