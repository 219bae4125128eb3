// What belongs where: local records stay out of git on every branch, and the home folder is nobody's repository.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { listSpool } from '../../src/capture/spool.ts';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { filesBelow } from '../helpers/scan.ts';
import { repoWithMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function open(): Promise<{ home: string; repo: TempRepo; run(...args: string[]): Promise<string> }> {
  const home = tempDir();
  folders.push(home);
  const repo = repoWithMemory(home, { 'src/app.ts': 'export {};\n' });
  const run = async (...args: string[]): Promise<string> => {
    const done = await runCli(args, { cwd: repo.dir, home });
    expect(done.code, `${args.join(' ')}: ${done.stderr}`).toBe(0);
    return done.stdout;
  };
  return { home, repo, run };
}

const recordFiles = (dir: string): string[] =>
  existsSync(dir) ? filesBelow(dir).filter((file) => /-[0-9a-z]{8}\.md$/.test(file)) : [];

it('keeps local records out of `git add -A`, on every branch', async () => {
  const { home, repo, run } = await open();
  repo.git('branch', 'without');
  repo.git('checkout', '-q', 'without');
  repo.git('rm', '-rqf', '.claude-mem');
  repo.git('commit', '-qm', 'no memory here');
  repo.git('checkout', '-q', 'main');
  await run('add', 'A local thing', '--body', 'Kept here alone.', '--local');
  const s = hostSession({ repo: repo.dir, home });
  await s.prompt('Look around.');
  await s.fail('Bash', { command: 'npm run check' }, 'Exit code 1\nError: limit');
  await s.stop('The limit is 3 because the queue holds no more; nothing was changed.');
  await s.end();
  await run('compress');
  expect(recordFiles(join(repo.dir, '.claude-mem/local')).length).toBeGreaterThan(0);
  repo.git('add', '-A');
  expect(repo.git('diff', '--cached', '--name-only')).not.toContain('local/');
  repo.git('stash', '-q', '--include-untracked');
  repo.git('checkout', '-q', 'without');
  repo.git('add', '-A');
  expect(repo.git('status', '--porcelain')).not.toContain('.claude-mem');
  // Nothing is captured where the branch has no memory.
  await hostSession({ repo: repo.dir, home }).tool('Bash', { command: 'ls' }, shown('x'));
  expect(listSpool({ spoolDir: join(repo.dir, '.git/repomem/spool/main') })).toEqual([]);
  repo.git('checkout', '-q', 'main');
  expect((await run('list', '--scope', 'local')).trim()).toContain('A local thing');
});

it('leaves the folder of the original in the home folder alone, also below it', async () => {
  const home = tempDir();
  folders.push(home);
  mkdirSync(join(home, '.claude-mem'));
  writeFileSync(join(home, '.claude-mem/settings.yaml'), 'version: 1\n');
  writeFileSync(join(home, '.claude-mem/claude-mem.db'), 'not ours');
  const plain = join(home, 'notes/deep');
  mkdirSync(plain, { recursive: true });
  for (const dir of [home, plain]) {
    const s = hostSession({ repo: dir, home });
    await s.start();
    await s.tool('Bash', { command: 'ls' }, shown('x'));
    await s.stop('Done.');
  }
  expect(readdirSync(join(home, '.claude-mem')).sort()).toEqual(['claude-mem.db', 'settings.yaml']);
  expect(readdirSync(plain)).toEqual([]);
});
