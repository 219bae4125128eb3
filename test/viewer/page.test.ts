// The page in Debian's Chromium: each page's main use, live arrivals, the keyboard, narrow and dark, without a finding of axe or of the policy.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { writeSyntheticRecords } from '../helpers/synthetic-records.ts';
import { addForeign, viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let memory: ViewMemory;
let server: ViewServer;
let browser: Browser;
let page: Page;
/** What the page asked for elsewhere, and what its policy or a script of it complained about. */
const complaints: string[] = [];

async function openPage(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const opened = await context.newPage();
  opened.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[0349]/.test(message.text())) complaints.push(message.text());
  });
  opened.on('pageerror', (error) => complaints.push(error.message));
  opened.on('request', (request) => {
    if (!request.url().startsWith(`http://127.0.0.1:${server.port}/`) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
  await opened.goto(server.url);
  await opened.getByRole('heading', { name: 'Stream' }).waitFor();
  return opened;
}

const open = async (path: string): Promise<void> => void (await page.goto(`http://127.0.0.1:${server.port}${path}`));

describe.skipIf(!hasChromium)('the page in Chromium', () => {
  beforeAll(async () => {
    memory = await viewMemory();
    server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
    browser = await openBrowser();
    page = await openPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    if (memory) removeFolder(memory.home);
  });

  it('takes the token out of the address, and shows the stream newest first', async () => {
    expect(page.url()).toBe(`http://127.0.0.1:${server.port}/`);
    const titles = page.getByRole('region', { name: 'Records, newest first' }).getByRole('link');
    await expect.poll(() => titles.allTextContents().then((all) => all.length)).toBe(4);
    expect((await titles.allTextContents())[0]).toContain('The spool was looked at');
    expect(await page.getByText('cited lines changed').count()).toBe(1);
  });

  it('shows what arrives without a reload, at its place, within a second of the file', async () => {
    await runCli(['add', 'A record arrives while the page is open', '--local'], {
      cwd: memory.repo.dir,
      home: memory.home,
    });
    await page.getByRole('link', { name: /arrives while the page is open/ }).waitFor();
    await expect.poll(() => page.locator('[aria-live=polite]').allTextContents()).toContain('1 new record');
  });

  it('filters in the address, and never strands: what empties the list can be taken away', async () => {
    await open('/?type=gotcha');
    await expect.poll(() => page.getByText('1 record of 5').count()).toBe(1);
    await page.getByText('Filter', { exact: true }).click();
    await page.getByLabel(/^Branch/).selectOption('main');
    await expect.poll(() => page.url()).toContain('branch=main');
    await open('/?type=security&since=yesterday');
    await page.getByRole('heading', { name: 'No record passes these filters' }).waitFor();
    await page.getByRole('button', { name: 'Remove the filter type security' }).click();
    await expect.poll(() => page.getByText(/5 records/).count()).toBeGreaterThan(0);
    await open('/?colour=red&type=nonsense');
    await page
      .getByRole('alert')
      .getByText(/expected one of/)
      .waitFor();
  });

  it('is used by the keyboard alone: choose, open, look at the lines then and now, go back, search, palette, help', async () => {
    await open('/');
    await page.getByRole('link', { name: /Retries stop after five/ }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.getByRole('complementary', { name: 'The chosen record' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('parser');
    await page.keyboard.press('Enter');
    await page.locator('a:focus', { hasText: 'The parser reads eight lines ahead' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The parser reads eight lines ahead', level: 1 }).waitFor();
    const diff = page.getByRole('group', { name: 'src/parser.ts:5-8, then and now' });
    await diff.waitFor();
    expect(await diff.textContent()).toContain('parserWindow');
    await page.keyboard.press('v');
    await expect.poll(() => diff.getByText('removed').count()).toBeGreaterThan(0);
    await page.keyboard.press('v');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('queue');
    expect(await page.getByRole('combobox', { name: 'A page, a record, an action' }).inputValue()).toBe('queue');
    await page.getByRole('option', { name: /Events wait in the queue/ }).click();
    await page.getByRole('heading', { name: /Events wait in the queue/, level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.getByRole('heading', { name: 'Stats' }).waitFor();
  });

  it('edits, forgets and takes back by buttons, and shows what somebody else wrote meanwhile', async () => {
    const { ids, cli, repo } = memory;
    await open(`/o/${ids.local}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Title').fill('The spool was looked at from the page');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'The spool was looked at from the page', level: 1 }).waitFor();
    expect(await cli('show', '--json', ids.local)).toMatchObject({
      records: [{ title: 'The spool was looked at from the page' }],
    });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name: 'The spool was looked at', exact: true, level: 1 }).waitFor();
    await page.keyboard.press('d');
    await page.getByLabel(/Why/).fill('Looked at');
    await page.getByRole('button', { name: 'Forget', exact: true }).last().click();
    await page.getByRole('heading', { name: 'Stream' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').first().waitFor();
    await open(`/o/${ids.fresh}`);
    await page.getByRole('button', { name: 'Edit' }).click();
    const { record } = await server.get<{ record: { path: string } }>(`/api/record/${ids.fresh}`);
    const before = repo.read(record.path);
    repo.write(record.path, before.replace('Events wait', 'All events wait'));
    // The page is live, what is being edited is not.
    await page.locator('h1', { hasText: 'All events wait' }).waitFor();
    await page.getByLabel('Title').fill('Mine');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .getByText(/All events wait/)
      .waitFor();
    expect(repo.read(record.path)).toContain('All events wait');
    expect(await page.getByLabel('Title').inputValue()).toBe('Mine');
    // Who has seen both may save.
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Mine', exact: true, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back.').first().waitFor();
    repo.write(record.path, before);
  });

  it('shows the next session as the form is typed, before anything is saved', async () => {
    await open('/context');
    const block = page.getByLabel('The text that the session gets');
    await block.waitFor();
    expect(await block.textContent()).toBe((await server.get<{ text: string }>('/api/context')).text);
    await page.getByLabel(/context.maxRecords/).fill('1');
    await expect.poll(() => block.textContent()).toMatch(/^1 of \d shown$/m);
    await page.getByLabel('What would this prompt bring?').fill('how many attempts do retries make before they stop');
    await expect.poll(() => page.getByLabel('What the prompt brings').textContent()).toContain('five attempts');
    expect(memory.repo.git('status', '--short')).not.toContain('settings');
  });

  it('reviews a range, and looks at history, files, freshness, sessions', async () => {
    await open('/review?range=HEAD~2..HEAD');
    await page.getByRole('heading', { name: /Made stale by this range/ }).waitFor();
    await page.getByRole('checkbox', { name: 'Read' }).first().check();
    await page.reload();
    await expect.poll(() => page.getByRole('checkbox', { name: 'Read' }).first().isChecked()).toBe(true);
    await open('/review?range=nosuchbranch');
    await page
      .getByRole('alert')
      .getByText(/found none/)
      .waitFor();
    await open('/f/src/parser.ts?line=6');
    await page.getByText(/Line 6 came with/).waitFor();
    await open('/fresh');
    await page.getByRole('button', { name: 'Look' }).click();
    await page.getByRole('button', { name: 'Still true: confirm' }).waitFor();
    await open('/at/HEAD~1');
    await page.getByText('Retry more often').first().waitFor();
    await open('/log');
    await page.getByText('Give the repository a memory').waitFor();
    expect(await page.getByText('Widen the window of the parser').count()).toBe(0);
    await open('/nowhere');
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
    await open('/o/nosuchid');
    await page
      .getByRole('alert')
      .getByText(/no record has this id/)
      .waitFor();
  });

  it('has no finding of axe on any page, light and dark, and fits into 320 pixels', async () => {
    const paths = [
      '/',
      `/o/${memory.ids.stale}`,
      '/search?q=retries',
      '/context',
      '/settings',
      '/review?range=HEAD~2..HEAD',
      '/fresh',
      '/trust',
      '/s',
      '/f',
      '/f/src/parser.ts',
      '/log',
      '/diff',
      '/at/HEAD',
      '/stats',
      '/problems',
      '/branches',
      '/api',
    ];
    const shown = await openPage();
    const findings: string[] = [];
    type Found = { violations: { id: string; nodes: { html: string }[] }[] };
    interface Axe {
      run(options: { resultTypes: string[] }): Promise<Found>;
    }
    for (const path of paths) {
      await shown.goto(`http://127.0.0.1:${server.port}${path}`);
      await shown.getByRole('main').getByRole('heading').first().waitFor();
      // Into the page's own world, past the policy that keeps scripts out.
      await shown.evaluate(axe);
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['dark', 320],
      ] as const) {
        await shown.emulateMedia({ colorScheme });
        await shown.setViewportSize({ width, height: 640 });
        await expect.poll(() => shown.locator('[aria-busy=true]').count()).toBe(0);
        // Colours fade over into those of the other scheme; one that is taken away meanwhile is aborted.
        await shown.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
        const { violations } = await shown.evaluate(() =>
          (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }),
        );
        findings.push(...violations.map(({ id, nodes }) => `${path} ${width} ${id}: ${nodes[0]?.html.slice(0, 200)}`));
        const wide = await shown.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) findings.push(`${path}: ${wide} pixels too wide`);
      }
    }
    expect(findings).toEqual([]);
    await shown.context().close();
  }, 240_000);

  it('does with many at once what it does with one, asks first, and takes all of it back', async () => {
    const { cli, ids } = memory;
    const standing = async (): Promise<string[]> => {
      const { results } = await cli<{ results: { id: string }[] }>('list', '--json', '--limit', '50');
      return results.map(({ id }) => id).sort();
    };
    const before = await standing();
    await open('/');
    await page.getByRole('link', { name: /Retries stop after five/ }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('complementary', { name: 'The chosen record' }).waitFor();
    await page.keyboard.press('x');
    await page.getByText('1 record chosen').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText('3 records chosen').waitFor();
    await page.getByRole('button', { name: 'Forget', exact: true }).first().click();
    await page.getByRole('dialog', { name: 'Forget 3 records?' }).waitFor();
    expect(await standing()).toEqual(before);
    await page.getByLabel(/Why/).fill('Looked at together');
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await page.getByText('Forgotten: 3 records').first().waitFor();
    // What one of them superseded stands again.
    const after = new Set(await standing());
    expect(before.filter((id) => after.has(id))).toHaveLength(before.length - 3);
    await page.keyboard.press('u');
    await page.getByText('Taken back.').first().waitFor();
    await expect.poll(standing).toEqual(before);
    await open(`/o/${ids.fresh}`);
    await page.getByRole('heading', { name: /Events wait/, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Forget', exact: true }).waitFor();
    await page.keyboard.press('.');
    await page.getByRole('dialog', { name: 'What can be done here' }).waitFor();
    await page.getByRole('combobox', { name: 'An action' }).fill('forg');
    await page.getByRole('option', { name: /forget/i, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Forget this record?' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows what a range and a commit changed where a finding says so, and nothing of the memory’s files but their names', async () => {
    await open('/review?range=HEAD~2..HEAD');
    await page.getByText('What the range changed in src/parser.ts').first().click();
    const diff = page.getByRole('group', { name: 'What changed in src/parser.ts' }).first();
    await diff.waitFor();
    expect(await diff.textContent()).toContain('parserWindow');
    await open('/log');
    await page.getByText('What else it changed').first().click();
    await page
      .getByText(/observations\/2026/)
      .first()
      .waitFor();
    expect(await page.getByRole('group', { name: /What changed in \.claude-mem/ }).count()).toBe(0);
  });

  it('keeps what may still change apart: beta shows it, stable takes it out of the user’s settings', async () => {
    await open('/settings');
    await page.getByRole('heading', { name: 'The five that matter' }).waitFor();
    expect(await page.getByLabel('search.meaning', { exact: true }).count()).toBe(0);
    await page.getByRole('button', { name: 'beta' }).click();
    await page.getByLabel('search.meaning', { exact: true }).fill('local');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('search.meaning is saved').first().waitFor();
    await page.getByRole('button', { name: 'Back to the default' }).waitFor();
    await page.getByRole('button', { name: 'stable' }).click();
    await page.getByText('Back on stable.').first().waitFor();
    await expect.poll(() => page.getByLabel('search.meaning', { exact: true }).count()).toBe(0);
    expect(await memory.cli<{ key: string; value: unknown }[]>('settings', '--json')).toContainEqual(
      expect.objectContaining({ key: 'search.meaning', value: 'off', source: 'default' }),
    );
  });

  it('shows of strangers’ records no word but on the page of trust, behind a click', async () => {
    addForeign(memory, 'STRANGERTITLE', 'STRANGERBODY <b>bold</b>');
    await open('/trust');
    await page.getByRole('button', { name: 'Show its text' }).click();
    await expect.poll(() => page.getByLabel('Text from elsewhere').textContent()).toContain('STRANGERBODY <b>bold</b>');
    await open('/?trust=foreign');
    await page.getByText('Unreviewed, from elsewhere').waitFor();
    expect(await page.getByText('STRANGER').count()).toBe(0);
    await open('/trust');
    await page.getByRole('button', { name: 'Trust', exact: true }).click();
    await page.getByRole('heading', { name: 'Nothing here is untrusted' }).waitFor();
    memory.repo.git('checkout', '-q', 'main');
  });

  it('scrolls through thousands with a few hundred nodes, and keeps the reader’s place when one arrives', async () => {
    writeSyntheticRecords({ root: memory.repo.dir, count: 1200, newest: new Date('2026-11-01T12:00:00Z') });
    await open('/');
    await expect.poll(() => page.getByText(/1,20\d records/).count(), { timeout: 60_000 }).toBeGreaterThan(0);
    const list = page.getByRole('region', { name: 'Records, newest first' });
    await list.evaluate((box) => box.scrollTo({ top: 40_000 }));
    const top = (): Promise<string> =>
      list.evaluate((box) => {
        const { left, top: at } = box.getBoundingClientRect();
        return document.elementFromPoint(left + 300, at + 40)?.closest('li')?.textContent ?? '';
      });
    await expect.poll(top).toMatch(/~\d+$/);
    expect(await list.evaluate((box) => box.querySelectorAll('*').length)).toBeLessThan(600);
    const read = await top();
    await runCli(['add', 'One more arrives far above', '--local'], { cwd: memory.repo.dir, home: memory.home });
    await page.getByRole('button', { name: '1 new record' }).waitFor();
    expect(await top()).toBe(read);
    await page.getByRole('button', { name: '1 new record' }).click();
    await page.getByRole('link', { name: /One more arrives far above/ }).waitFor();
  }, 120_000);

  it('offers to cancel what takes long, and ends it then', async () => {
    memory.repo.git('add', '-A', '.claude-mem/observations');
    memory.repo.git('commit', '-qm', 'Many records at once');
    const children = (): string => {
      const { pid } = server.process;
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    };
    await expect.poll(children).toBe('');
    await open('/review?range=HEAD~1..HEAD');
    const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    let job = 0;
    await expect
      .poll(
        () =>
          (job = Number(
            children()
              .split(' ')
              .find((pid) => pid && commandOf(pid).includes('review')) ?? 0,
          )),
        {
          interval: 10,
        },
      )
      .toBeGreaterThan(0);
    // As slow as can be.
    process.kill(job, 'SIGSTOP');
    await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('Cancelled.').waitFor();
    process.kill(job, 'SIGCONT');
    await expect.poll(children).toBe('');
  }, 60_000);

  it('hands on one file that needs no server: shared, standing, trusted records, under a policy of its own', async () => {
    const file = join(memory.home, 'memory.html');
    const cli = (...args: string[]) =>
      runCli(['view', '--out', file, ...args], { cwd: memory.repo.dir, home: memory.home });
    memory.repo.git('reset', '-q', '--hard', 'HEAD~1');
    expect(await cli()).toMatchObject({ code: 0 });
    const again = await cli();
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
    expect((await cli('--force')).code).toBe(0);
    expect((await runCli(['view', '--out', memory.home], { cwd: memory.repo.dir, home: memory.home })).code).toBe(2);
    const context = await browser.newContext();
    const alone = await context.newPage();
    const asked: string[] = [];
    alone.on('console', (message) => asked.push(message.text()));
    alone.on('request', (request) => {
      if (!request.url().startsWith('file:')) asked.push(request.url());
    });
    await alone.goto(pathToFileURL(file).href);
    await alone.getByRole('link', { name: /Retries stop after five/ }).waitFor();
    expect(await alone.getByRole('listitem').count()).toBe(3);
    await alone.getByRole('searchbox').fill('eight lines');
    await expect.poll(() => alone.getByRole('listitem').count()).toBe(1);
    await alone.getByRole('link', { name: 'The parser reads eight lines ahead' }).click();
    await alone.getByRole('heading', { name: 'The parser reads eight lines ahead' }).waitFor();
    await alone.reload();
    await alone.getByText('src/parser.ts:5-8').waitFor();
    expect(asked).toEqual([]);
    await context.close();
  });

  it('says in a band that the server is gone, and stays readable', async () => {
    await open(`/o/${memory.ids.new}`);
    await page.getByRole('heading', { name: 'Retries stop after five attempts', level: 1 }).waitFor();
    await server.stop();
    await page.getByText('The server does not answer').waitFor();
    expect(await page.getByRole('heading', { name: 'Retries stop after five attempts', level: 1 }).count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Edit' }).isDisabled()).toBe(true);
    expect(
      complaints.filter(
        (text) => !/ERR_CONNECTION_(?:REFUSED|RESET)|ERR_INCOMPLETE|ERR_EMPTY|network error/i.test(text),
      ),
    ).toEqual([]);
  });
});
