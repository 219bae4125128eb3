// A real client works while the page is open: what it leaves slides in, and the reader's place stays.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { builtPackage } from '../helpers/built-cli.ts';
import type { ModelScript } from '../helpers/fake-model.ts';
import { describeClients, driveClient } from '../helpers/real-client.ts';
import { filesBelow, waitFor } from '../helpers/scan.ts';
import { writeSyntheticRecords } from '../helpers/synthetic-records.ts';
import { giveMemory } from '../helpers/given-memory.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { viewServer } from '../helpers/view-server.ts';

const check = (text: string) => ({
  text,
  tools: [{ name: 'Bash', input: { command: 'sh queue.sh', description: 'Run the check' } }],
});
const script: ModelScript = {
  turns: [
    check('Run the check.'),
    { text: 'Look at the file.', tools: [{ name: 'Read', input: { file_path: '{{REPO}}/queue.json' } }] },
    {
      text: 'The loader compares retries as a number; the word "three" never equals one, so the queue check stops.',
      tools: [{ name: 'Edit', input: { file_path: '{{REPO}}/queue.json', old_string: '"three"', new_string: '3' } }],
    },
    check('Run the check again.'),
    {
      text: 'The queue check failed because retries was the word "three"; it must be a number. It is 3 now and the check passes.',
    },
  ],
};

describeClients(
  (client) => {
    it.skipIf(!hasChromium)(
      'shows a record that it leaves soon after the file stands, and what was typed as it was typed',
      async () => {
        const home = tempDir();
        const repo = tempRepo(
          {
            'queue.json': '{ "retries": "three" }\n',
            'queue.sh': `grep -q '"retries": [0-9]' queue.json || { echo 'queue.json: retries must be a number' >&2; exit 1; }\n`,
          },
          { at: join(home, 'work/repo') },
        );
        giveMemory(repo, home);
        writeSyntheticRecords({ root: repo.dir, count: 60, newest: new Date('2026-11-01T12:00:00Z') });
        repo.git('add', '-A');
        repo.git('commit', '-qm', 'memory');
        const server = await viewServer({ cwd: repo.dir, home });
        const browser = await openBrowser();
        try {
          const page = await (await browser.newContext({ viewport: { width: 1100, height: 700 } })).newPage();
          await page.goto(server.url);
          const list = page.getByRole('region', { name: 'Records, newest first' });
          await list.getByRole('link').first().waitFor();
          await list.evaluate((box) => box.scrollTo({ top: 1280 }));
          const top = (): Promise<string> =>
            list.evaluate((box) => {
              const { left, top: at } = box.getBoundingClientRect();
              return (
                document
                  .elementFromPoint(left + 300, at + 40)
                  ?.closest('li')
                  ?.querySelector('.title')?.textContent ?? ''
              );
            });
          await expect.poll(top).toMatch(/\d+$/);
          const read = await top();
          const left = (): string[] =>
            filesBelow(join(repo.dir, '.claude-mem'), (path) => path.endsWith('/.repomem')).filter((file) =>
              file.endsWith('.md'),
            );
          const before = new Set(left());
          const prompt = 'The queue check fails.\nFind out why and repair it.';
          const ran = driveClient(client, { repo: repo.dir, home, plugin: builtPackage(), prompt, script });
          const { found } = await waitFor(() => left().find((file) => !before.has(file)), 60_000);
          const stood = performance.now();
          expect(found).toBeDefined();
          await page.getByRole('button', { name: /new record/ }).waitFor({ timeout: 30_000 });
          console.log(
            `${client.version}: on the page ${Math.round(performance.now() - stood)} ms after the file was seen`,
          );
          expect(await top()).toBe(read);
          const { code, session } = await ran;
          expect(code).toBe(0);
          await expect
            .poll(async () => (await server.raw('GET', `/api/sessions/${session}`, server.headers)).text, {
              timeout: 20_000,
            })
            .toContain('Find out why and repair it.');
          await page.goto(`http://127.0.0.1:${server.port}/s/${session}`);
          await page.getByText('Find out why and repair it.').first().waitFor();
          await page.getByText('What changed in 1 file').click();
          const diff = page.getByRole('group', { name: 'What changed in queue.json' });
          await diff.waitFor();
          expect(await diff.textContent()).toContain('"retries": 3');
        } finally {
          await browser.close();
          await server.stop();
          removeFolder(home);
        }
      },
      180_000,
    );
  },
  { isLastEnough: true },
);
