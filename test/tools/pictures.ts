// node --import ./test/tools/ts.mjs test/tools/pictures.ts DIR HOME [FOLDER]: the page's main views as PNG, of the memory in DIR, such as the one
// that `npm run demo -- --keep` leaves; default: the README's four, in test/pictures. `--all` takes every page, light and dark.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser } from '../helpers/browser.ts';
import { viewServer } from '../helpers/view-server.ts';

const args = process.argv.slice(2).filter((one) => one !== '--all');
const isAll = process.argv.includes('--all');
const [cwd = '', home = '', folder = join(import.meta.dirname, '../pictures')] = args;
mkdirSync(folder, { recursive: true });
const server = await viewServer({ cwd, home, program: join(import.meta.dirname, '../../bin/repomem.js') });
const browser = await openBrowser();
try {
  const { lines } = await server.get<{ lines: { id: string; paths: string[]; freshness?: string }[] }>('/api/records');
  const { sessions } = await server.get<{ sessions: { id: string; records: number }[] }>('/api/sessions');
  const chosen =
    lines.find(({ freshness }) => freshness === 'changed') ?? lines.find(({ paths }) => paths.length > 0) ?? lines[0];
  const main: Record<string, string> = {
    stream: '/',
    record: `/o/${chosen?.id}`,
    'next-session': '/context',
    review: '/review',
  };
  const more: Record<string, string> = {
    search: '/search?q=why+fib',
    settings: '/settings',
    fresh: '/fresh',
    trust: '/trust',
    sessions: '/s',
    session: `/s/${sessions.find(({ records }) => records > 0)?.id}`,
    files: '/f',
    why: `/f/${chosen?.paths[0] ?? ''}?line=2`,
    log: '/log',
    diff: '/diff',
    at: '/at/HEAD',
    stats: '/stats',
    problems: '/problems',
    branches: '/branches',
    api: '/api',
  };
  for (const colorScheme of isAll ? (['light', 'dark'] as const) : (['light'] as const)) {
    const context = await browser.newContext({ viewport: { width: 1060, height: 640 }, colorScheme });
    const page = await context.newPage();
    await page.goto(server.url);
    for (const [name, path] of Object.entries(isAll ? { ...main, ...more } : main)) {
      await page.goto(`http://127.0.0.1:${server.port}${path}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      await page.waitForFunction(() => document.querySelector('[aria-busy=true], .waiting') === null);
      await page.waitForTimeout(1200);
      const path_ = join(folder, `${name}${colorScheme === 'dark' ? '-dark' : ''}.png`);
      await page.screenshot({ path: path_ });
      process.stdout.write(`${path_} ${Math.ceil(statSync(path_).size / 1024)} KB\n`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
