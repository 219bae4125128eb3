// Sessions whose story is told elsewhere as well: a fork's transcript begins with its parent's, a submodule's file is the outer session's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

/** A check that fails, an edit of `path`, the check passing. */
async function tell(repo: TempRepo, home: string, path: string): Promise<ReturnType<typeof hostSession>> {
  const session = hostSession({ repo: repo.dir, home });
  await session.start();
  await session.prompt('The retry check fails, repair it.');
  await session.fail('Bash', { command: 'npm run check' }, 'Exit code 1\nError: the retry limit of 3 was reached');
  const filePath = join(repo.dir, path);
  const structuredPatch = [
    {
      oldStart: 1,
      oldLines: 1,
      newStart: 1,
      newLines: 1,
      lines: ['-export const limit = 3;', '+export const limit = 5;'],
    },
  ];
  const input = { file_path: filePath, old_string: 'export const limit = 3;', new_string: 'export const limit = 5;' };
  writeFileSync(filePath, 'export const limit = 5;\n');
  await session.tool('Edit', input, { filePath, structuredPatch });
  await session.tool('Bash', { command: 'npm run check' }, shown('ok'));
  await session.stop(
    'The check failed because the limit was 3; I decided to raise it to 5 rather than remove it, because the gateway throttles bursts.',
  );
  await session.end();
  return session;
}

async function open(): Promise<{ home: string; repo: TempRepo; count(): Promise<number> }> {
  const home = tempDir();
  folders.push(home);
  const repo = repoWithMemory(home, { 'src/a.ts': 'export const limit = 3;\n' });
  const count = async (): Promise<number> => {
    await runCli(['compress'], { cwd: repo.dir, home });
    const { stdout } = await runCli(['list', '--json', '--type', 'decision'], { cwd: repo.dir, home });
    return (JSON.parse(stdout) as { results: unknown[] }).results.length;
  };
  return { home, repo, count };
}

it('a fork learns nothing of its parent again, with its ids or with its own', async () => {
  const { home, repo, count } = await open();
  const parent = await tell(repo, home, 'src/a.ts');
  expect(await count()).toBe(1);
  const story = readFileSync(parent.transcript, 'utf8');
  for (const isRenamed of [false, true]) {
    const fork = hostSession({ repo: repo.dir, home });
    writeFileSync(fork.transcript, isRenamed ? story.replaceAll(parent.id, fork.id) : story);
    await fork.start('resume');
    await fork.prompt('Now rename the constant in the readme.');
    await fork.stop('There is no readme that names it, so nothing to do.');
    await fork.end();
    expect(await count()).toBe(1);
  }
});

it.each(['libs/lib', 'a b/lib'])('a file of the submodule %s is cited', async (at) => {
  const { home, repo, count } = await open();
  const lib = tempRepo({ 'src/a.ts': 'export const limit = 3;\n' }, { at: join(home, 'lib') });
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', lib.dir, at);
  repo.git('commit', '-qm', 'sub');
  await tell(repo, home, `${at}/src/a.ts`);
  expect(await count()).toBe(1);
  const why = await runCli(['why', `${at}/src/a.ts:1`], { cwd: repo.dir, home });
  expect(why.stdout).toContain('decision');
});
