// A session as the page tells it: what was typed word for word but for what must not be kept, what each turn changed, and what commits changed.
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../helpers/browser.ts';
import { runCli } from '../helpers/built-cli.ts';
import { hostSession, shown } from '../helpers/host-session.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

let memory: ViewMemory;
let server: ViewServer;
let id: string;
const key = ['ghp', '_'].join('') + 'Zb3dEf6hIj9kLm2nOp5qRs8tUv1wXy4zAbCd';
beforeAll(async () => {
  memory = await viewMemory();
  const { repo, home } = memory;
  const session = hostSession({ repo: repo.dir, home });
  ({ id } = session);
  const edit = async (from: string, to: string): Promise<void> => {
    const filePath = join(repo.dir, 'src/parser.ts');
    repo.write('src/parser.ts', repo.read('src/parser.ts').replace(from, to));
    const structuredPatch = [{ oldStart: 10, oldLines: 1, newStart: 10, newLines: 1, lines: [`-${from}`, `+${to}`] }];
    await session.tool(
      'Edit',
      { file_path: filePath, old_string: from, new_string: to },
      { filePath, structuredPatch },
    );
  };
  await session.start();
  await session.prompt(
    `Name the window.\n  Mind  the spaces; the key is ${key}.\n<private>for the customer Ada</private>`,
  );
  await edit('export const parser9 = 9;', 'export const parserName = 9;');
  await session.stop('The window has a name.');
  await session.prompt('how many attempts do retries make before they stop');
  await edit('export const parserName = 9;', 'export const parserTitle = 9;');
  await session.tool(
    'Bash',
    { command: 'git commit -qam "Name the window"', description: 'Commit' },
    shown('[main 1234567] Name the window\n 1 file changed\n'),
  );
  await session.stop('Five attempts.');
  await runCli(['compress'], { cwd: repo.dir, home });
  server = await viewServer({ cwd: repo.dir, home });
});
afterAll(async () => {
  await server?.stop();
  if (memory) removeFolder(memory.home);
});

interface Story {
  turns: {
    prompt: string;
    closing: string;
    files: { path: string; rows: { kind: string; text: string }[] }[];
    commits: { subject: string }[];
  }[];
  told: { moment: string; lines: { id: string }[] }[];
}

describe('a session', () => {
  it('is told turn by turn: typed, told, changed, committed, answered; without keys and private passages', async () => {
    const { turns, told } = await server.get<Story>(`/api/sessions/${id}`);
    expect(turns.map(({ closing }) => closing)).toEqual(['The window has a name.', 'Five attempts.']);
    expect(turns[0]?.prompt).toContain('Name the window.\n  Mind  the spaces; the key is ');
    expect(turns[1]?.prompt).toBe('how many attempts do retries make before they stop');
    expect(
      turns.map(({ files }) => files.map(({ path, rows }) => [path, ...rows.map((row) => `${row.kind} ${row.text}`)])),
    ).toEqual([
      [['src/parser.ts', 'removed export const parser9 = 9;', 'added export const parserName = 9;']],
      [['src/parser.ts', 'removed export const parserName = 9;', 'added export const parserTitle = 9;']],
    ]);
    expect(turns[1]?.commits).toEqual([expect.objectContaining({ subject: 'Name the window' })]);
    expect(told.map(({ moment }) => moment)).toEqual(['start', 'prompt']);
    const { text } = await server.raw('GET', `/api/sessions/${id}`, server.headers);
    expect(text).not.toMatch(/Ada/);
    expect(text).not.toContain(key);
  });

  it('counts in what was told most', async () => {
    const { records, never } = await server.get<{ records: { line: { id: string }; times: number }[]; never: number }>(
      '/api/told',
    );
    expect(records[0]).toMatchObject({ line: { id: memory.ids.new }, times: 2 });
    await runCli(['add', 'Told to nobody yet', '--local'], { cwd: memory.repo.dir, home: memory.home });
    await expect.poll(async () => (await server.get<{ never: number }>('/api/told')).never).toBe(never + 1);
  });

  it.skipIf(!hasChromium)('stands on its page, without a finding of axe, light and dark', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const browser = await openBrowser();
    try {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await (await browser.newContext({ viewport: { width: 900, height: 700 }, colorScheme })).newPage();
        await page.goto(server.url);
        await page.goto(`http://127.0.0.1:${server.port}/s/${id}`);
        await page.getByText('Name the window.').first().waitFor();
        for (const summary of await page.getByText('What changed in 1 file').all()) await summary.click();
        await page.getByText('What the agent said last').first().click();
        await page.getByRole('group', { name: 'What changed in src/parser.ts' }).first().waitFor();
        await page.evaluate(axe);
        const findings = await page.evaluate(async () => {
          type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
          return violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html.slice(0, 160)}`);
        });
        expect(findings).toEqual([]);
      }
    } finally {
      await browser.close();
    }
  });
});

describe('changes', () => {
  it('of a commit and of a range are git’s, and leave the memory’s files without their text', async () => {
    const { repo } = memory;
    const head = repo.git('rev-parse', 'HEAD').trim();
    type Changes = {
      files: {
        path: string;
        status: string;
        rows: { kind: string; text: string; before?: number; after?: number }[];
      }[];
    };
    const commit = await server.get<Changes & { commit: { summary: string } }>(`/api/commit/${head}`);
    expect(commit.commit.summary).toBe('Widen the window of the parser');
    expect(commit.files.map(({ path, status }) => [path, status])).toEqual([['src/parser.ts', 'M']]);
    expect(commit.files[0]?.rows.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'export const parser5 = 5;', before: 6 },
      { kind: 'added', text: 'export const parserWindow = 9;', after: 6 },
    ]);
    const range = await server.get<Changes>('/api/hunks?range=HEAD~2..HEAD');
    expect(range.files.map(({ path, rows }) => [path.startsWith('.claude-mem/'), rows.length > 0])).toEqual([
      [true, false],
      [false, true],
    ]);
    const one = await server.get<Changes>('/api/hunks?range=HEAD~2..HEAD&path=src/queue.ts');
    expect(one.files).toEqual([]);
    const first = repo.git('rev-list', '--max-parents=0', 'HEAD').trim();
    expect((await server.get<Changes>(`/api/commit/${first}`)).files.map(({ path }) => path)).toContain(
      'src/parser.ts',
    );
  });

  it('are named by commits alone, and by paths below the top', async () => {
    for (const path of [
      '/api/commit/--output=x',
      '/api/commit/nosuchbranch',
      `/api/commit/${'0'.repeat(40)}`,
      '/api/commit/HEAD?path=../outside.txt',
      '/api/commit/HEAD?path=/etc/passwd',
      '/api/hunks?range=HEAD',
      '/api/hunks?range=--output%3Dx..HEAD',
      '/api/hunks?range=HEAD..--output%3Dx',
    ]) {
      const { status } = await server.raw('GET', path, server.headers);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });

  it('of a long range are told as they are found: how far the command is stands on the event stream', async () => {
    const stop = new AbortController();
    const events = await fetch(`http://127.0.0.1:${server.port}/api/events`, {
      headers: server.headers,
      signal: stop.signal,
    });
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    const reviewed = server.get('/api/review?range=HEAD~2..HEAD');
    let said = '';
    while (!said.includes('"type":"job"')) said += (await reader.read()).value ?? '';
    expect(said).toMatch(/"type":"job","command":"review","text":"(?:reading|looking|comparing)/);
    await reviewed;
    stop.abort();
  });

  it('are not sent again to those who have them', async () => {
    const { headers, text } = await server.raw('GET', '/api/facets', server.headers);
    const again = await server.raw('GET', '/api/facets', {
      ...server.headers,
      'If-None-Match': String(headers['etag']),
    });
    expect([again.status, again.text]).toEqual([304, '']);
    await runCli(['add', 'Another record changes the answer', '--local'], { cwd: memory.repo.dir, home: memory.home });
    const other = await server.raw('GET', '/api/facets', {
      ...server.headers,
      'If-None-Match': String(headers['etag']),
    });
    expect(other.status).toBe(200);
    expect(other.text).not.toBe(text);
  });
});
