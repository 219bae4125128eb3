// What a reader of the page meets beside its main use: other repositories' hits, a change taken back, forgotten records, other scripts, paper,
// a folder that cannot be written.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder, tempRepo } from '../helpers/temp-repo.ts';
import { viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

let memory: ViewMemory;
let server: ViewServer;
let browser: Browser;
let page: Page;

describe.skipIf(!hasChromium)('a reader of the page', () => {
  beforeAll(async () => {
    memory = await viewMemory();
    // What cannot be replaced stands where the note of the running server goes.
    mkdirSync(join(memory.repo.dir, '.git/repomem/view.json/held'), { recursive: true });
    server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
    browser = await openBrowser();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 700 } })).newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { name: 'Stream' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (memory) removeFolder(memory.home);
  });

  const open = async (path: string): Promise<void> => void (await page.goto(`http://127.0.0.1:${server.port}${path}`));

  it('is served where the server cannot be noted, and told so', () => {
    expect(server.said()).toMatch(/view\.json|repomem cannot be written .*a second repomem view/);
  });

  it('opens a hit of another repository there, by click and by key', async () => {
    const other = tempRepo({}, { at: join(memory.home, 'other') });
    await runCli(['init', '--yes'], { cwd: other.dir, home: memory.home });
    const run = await runCli(['add', 'Zeppelins are filled at dawn', '--type', 'gotcha'], {
      cwd: other.dir,
      home: memory.home,
    });
    const id = run.stdout.slice(0, 8);
    for (const choose of [
      () => page.getByRole('link', { name: 'Zeppelins are filled at dawn' }).click(),
      () => page.keyboard.press('Enter'),
    ]) {
      await open('/search?q=zeppelins&all=1');
      await page.getByRole('link', { name: 'Zeppelins are filled at dawn' }).waitFor();
      await choose();
      await page.getByRole('heading', { name: 'Zeppelins are filled at dawn', level: 1 }).waitFor();
      expect(page.url()).toMatch(new RegExp(`/o/${id}\\?repo=`));
    }
  });

  it('is led back to the record when its confirmation is taken back', async () => {
    await open(`/o/${memory.ids.stale}`);
    await page.getByRole('button', { name: 'Still true: confirm' }).click();
    await page.getByText('Confirmed: a new record').first().waitFor();
    await expect.poll(() => page.url()).not.toContain(memory.ids.stale);
    await page.keyboard.press('u');
    await expect.poll(() => page.url()).toContain(`/o/${memory.ids.stale}`);
    await page.getByRole('button', { name: 'Still true: confirm' }).waitFor();
    expect(await page.getByText('That did not work').count()).toBe(0);
  });

  it('is told who forgot a record and why, as by show', async () => {
    const { id } = await memory.cli<{ id: string }>('add', 'The moon is a lamp', '--json', '--local');
    await memory.cli('forget', id, '--reason', 'it is a stone', '--json');
    await open(`/o/${id}`);
    await page.getByText(/forgotten \d{4}-\d\d-\d\d here, not committed yet: it is a stone/).waitFor();
  });

  it('reads each script in its own direction, and has the whole record on paper', async () => {
    const facts = Array.from({ length: 12 }, (_, at) => ['--fact', `Fact ${at} of the mem`]).flat();
    const title = 'המטמון נשאר לאחר שינוי.';
    const { id } = await memory.cli<{ id: string }>('add', title, '--json', '--local', ...facts);
    await open(`/o/${id}`);
    const heading = page.getByRole('heading', { level: 1, name: title });
    await heading.waitFor();
    const stop = await heading.evaluate((one) => {
      const range = document.createRange();
      const text = one.firstChild as Text;
      range.setStart(text, text.length - 1);
      range.setEnd(text, text.length);
      const whole = document.createRange();
      whole.selectNodeContents(one);
      return range.getBoundingClientRect().left - whole.getBoundingClientRect().left;
    });
    expect(stop).toBeLessThan(3);
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').count()).toBe(0);
    const [shown, needed] = await page.evaluate(() => {
      const main = document.querySelector('main')!;
      return [main.clientHeight, main.scrollHeight];
    });
    expect(needed).toBeGreaterThan(700);
    expect(shown).toBe(needed);
    await page.emulateMedia({ media: 'screen' });
  });

  it('sees among what a branch adds nothing that its default branch has, and what is new at once', async () => {
    await open('/branches');
    await page.getByText('Nothing.').waitFor();
    await memory.cli('add', 'Kites need a tail', '--type', 'pattern', '--json');
    await page.getByRole('link', { name: 'Kites need a tail' }).waitFor();
    expect(await page.getByText('Events wait in the queue').count()).toBe(0);
  });

  it('is not told that there are more records than there are', async () => {
    await open('/?standing=0');
    await page.getByText(/^\d+ records$/).waitFor();
    expect(await page.getByText(/\d records of \d/).count()).toBe(0);
  });

  it('is told how many hits there are of how many', async () => {
    const adds = Array.from({ length: 21 }, (_, at) => ['add', `Gondola number ${at} leaks`, '--local', '--force']);
    for (const args of adds) await memory.cli(...args, '--json');
    await open('/search?q=gondola');
    await page.getByText('20 of 21 hits').waitFor();
  });
});
