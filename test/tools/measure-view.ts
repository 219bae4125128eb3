// node --import ./test/tools/ts.mjs test/tools/measure-view.ts: the promised figures of `repomem view`, each beside its bound, on an idle machine.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openBrowser } from '../helpers/browser.ts';
import { viewServer } from '../helpers/view-server.ts';
import { median, timeProcess } from '../bench/measure.ts';
import { project, removeWorlds, worldOf } from '../bench/worlds.ts';

const program = join(project, 'bin/repomem.js');
const say = (name: string, value: number, unit: string, bound: number): void => {
  const isMet = value <= bound;
  process.stdout.write(`${isMet ? 'met ' : 'MISSED'}  ${name}: ${value.toFixed(1)} ${unit} (at most ${bound})\n`);
  if (!isMet) process.exitCode = 1;
};
const megabytes = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
/** In milliseconds; a tick of the kernel's clock is ten. */
const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

function measureSize(): void {
  const folder = join(project, 'dist/page');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== 'out.js');
  const packed = (name: string): number => gzipSync(readFileSync(join(folder, name)), { level: 9 }).length / 1024;
  say(
    'script of the page, gzipped',
    scripts.reduce((sum, name) => sum + packed(name), 0),
    'KB',
    45,
  );
  const first = /page-[\w-]+\.js/.exec(readFileSync(join(folder, 'index.html'), 'utf8'))?.[0] ?? '';
  const imported = scripts.filter(
    (name) => name === first || readFileSync(join(folder, first), 'utf8').includes(`from"./${name}"`),
  );
  say(
    'of it before the first paint',
    imported.reduce((sum, name) => sum + packed(name), 0),
    'KB',
    25,
  );
}

async function measureStart(): Promise<void> {
  const { dir, env } = worldOf(2000);
  const first = await viewServer({ cwd: dir, home: env['HOME'] ?? '', program });
  await first.get('/api/records');
  await first.stop();
  const times: number[] = [];
  const bases: number[] = [];
  const base = { program: process.execPath, args: ['-e', '0'], cwd: dir, env };
  for (let round = 0; round < 9; round++) {
    bases.push(timeProcess(base));
    const began = performance.now();
    const server = await viewServer({ cwd: dir, home: env['HOME'] ?? '', program });
    times.push(performance.now() - began);
    await server.stop();
  }
  say('address printed at 2,000 records', median(times) / median(bases), '× node -e 0', 6);
}

async function measureLarge(): Promise<void> {
  const { dir, env } = worldOf(10_000);
  const server = await viewServer({ cwd: dir, home: env['HOME'] ?? '', program });
  const browser = await openBrowser();
  const pid = server.process.pid ?? 0;
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(server.url);
    const row = page.locator('.row .title').first();
    await row.waitFor();
    const firsts: number[] = [];
    for (let round = 0; round < 5; round++) {
      await page.goto(`http://127.0.0.1:${server.port}/`);
      firsts.push(
        await page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const look = (): void => {
                if (document.querySelector('.row .title')) resolve(performance.now());
                else requestAnimationFrame(look);
              };
              look();
            }),
        ),
      );
    }
    say('first rows at 10,000 records, after navigation', median(firsts), 'ms', 300);
    const frames = (selector: string): Promise<{ p95: number; nodes: number }> =>
      page.evaluate(async (name) => {
        const box = document.querySelector(name);
        const times: number[] = [];
        let nodes = 0;
        for (let jump = 0; jump < 120; jump++) {
          const began = performance.now();
          box?.scrollTo({ top: jump * 4600 });
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
          times.push(performance.now() - began);
          nodes = Math.max(nodes, box?.querySelectorAll('*').length ?? 0);
        }
        times.sort((a, b) => a - b);
        return { p95: times[Math.floor(times.length * 0.95)] ?? 0, nodes };
      }, selector);
    const scrolled = await frames('.list-box');
    await page.goto('about:blank');
    const empty = await frames('body');
    say('p95 of a frame while scrolling', scrolled.p95 / empty.p95, '× an empty page', 2);
    say('nodes of the list', scrolled.nodes, '', 600);
    await page.goto(`http://127.0.0.1:${server.port}/search`);
    const field = page.getByRole('searchbox', { name: 'A question or words' });
    await field.waitFor();
    const word = (await server.get<{ lines: { title: string }[] }>('/api/records?limit=1')).lines[0]?.title ?? '';
    const keys: number[] = [];
    for (const key of word.slice(0, 24)) {
      const answered = page.waitForResponse((response) => response.url().includes('/api/search'));
      const began = performance.now();
      await field.press(key === ' ' ? 'Space' : key);
      await answered;
      keys.push(performance.now() - began);
    }
    keys.sort((a, b) => a - b);
    say('search as typed, p95 of a key to its answer', keys[Math.floor(keys.length * 0.95)] ?? 0, 'ms', 100);
    for (const path of ['/context', '/s', '/f', '/stats', '/']) {
      await page.goto(`http://127.0.0.1:${server.port}${path}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      await page.waitForTimeout(700);
    }
    const highest = megabytes(pid, 'VmRSS');
    let asked = 0;
    page.on('request', () => asked++);
    // What the last pages left is collected.
    await page.waitForTimeout(12_000);
    say(
      `memory of the server at rest, after every page was looked at (then ${highest.toFixed(0)} MB)`,
      megabytes(pid, 'VmRSS'),
      'MB',
      120,
    );
    asked = 0;
    const before = cpuMs(pid);
    const seconds = 20;
    await page.waitForTimeout(seconds * 1000);
    say('requests of an idle page', asked, '', 0);
    say('processor of an idle server', (cpuMs(pid) - before) / seconds / 10, '%', 0.1);
  } finally {
    await browser.close();
    await server.stop();
  }
}

try {
  measureSize();
  await measureStart();
  await measureLarge();
  say(
    'the page’s files in the package',
    readdirSync(join(project, 'dist/page')).reduce(
      (sum, name) => sum + statSync(join(project, 'dist/page', name)).size,
      0,
    ) / 1024,
    'KB, unpacked',
    400,
  );
} finally {
  removeWorlds();
}
