import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { pathWithGit } from './records-at.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000;
  while (!(await isSo())) {
    expect(Date.now()).toBeLessThan(end);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('has looked at what a session wrote before the next search does, which asks git for changed files alone', async () => {
  const home = tempDir();
  folders.push(home);
  const repo = tempRepo({ 'src/queue.ts': 'export const retries = 3;\n' }, { at: join(home, 'work/repo') });
  const cli = (args: string[], env?: Record<string, string>) =>
    runCli(args, { cwd: repo.dir, home, ...(env && { env }) });
  expect((await cli(['init', '--yes'])).code).toBe(0);
  const session = hostSession({ repo: repo.dir, home });
  await session.start();
  await session.prompt('The queue loses messages when the broker restarts. Find out why and fix it.');
  repo.write('src/queue.ts', 'export const retries = 5;\n');
  const edit = { file_path: join(repo.dir, 'src/queue.ts'), old_string: 'retries = 3', new_string: 'retries = 5' };
  await session.tool('Edit', edit, { filePath: edit.file_path, oldString: 'retries = 3', newString: 'retries = 5' });
  await session.tool('Bash', { command: 'npm test', description: 'Run the tests' }, shown('12 passed'));
  await session.stop(
    'Root cause: the queue gave up after three retries while the broker needs up to four to restart, because its leader election takes two seconds. Fixed by raising the retries to five in src/queue.ts. We decided against an endless retry because a dead broker would then block the shutdown.',
  );
  await session.end();

  const asked = join(repo.dir, '.git/asked');
  const PATH = pathWithGit(repo, `echo "$*" >> ${asked}\nexit 1`);
  // Compressors work in the background, one of the turn and one of the session: at last neither does.
  await until(async () => {
    writeFileSync(asked, '');
    const found = await cli(['search', 'why does the queue give up', '--json'], { PATH });
    const commands = readFileSync(asked, 'utf8').trim().split('\n');
    return (
      found.code === 0 && found.stdout.includes('broker') && commands.every((line) => line.includes('ls-files -m'))
    );
  });
});
