// What the page shows is what the commands say: the same values, from the same functions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPackage, runCli } from '../helpers/built-cli.ts';
import { hostSession } from '../helpers/host-session.ts';
import { removeFolder } from '../helpers/temp-repo.ts';
import { addForeign, viewMemory, type ViewMemory } from '../helpers/view-memory.ts';
import { viewServer, type ViewServer } from '../helpers/view-server.ts';

let memory: ViewMemory;
let server: ViewServer;
beforeAll(async () => {
  memory = await viewMemory();
  server = await viewServer({ cwd: memory.repo.dir, home: memory.home });
});
afterAll(async () => {
  await server?.stop();
  if (memory) removeFolder(memory.home);
});

const contextOf = (stdout: string): string =>
  (JSON.parse(stdout) as { hookSpecificOutput: { additionalContext: string } }).hookSpecificOutput.additionalContext;

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

/** Where a value is not as the part of JSON Schema that ours uses says; names that the schema does not have count, too. */
function mismatches(defs: Record<string, Schema>, schema: Schema, value: unknown, at = ''): string[] {
  if (schema.$ref !== undefined)
    return mismatches(defs, defs[schema.$ref.slice('#/$defs/'.length)] ?? { enum: [] }, value, at);
  if (schema.enum) return schema.enum.includes(value) ? [] : [`${at}: ${String(value)}`];
  const is = Array.isArray(value) ? 'array' : typeof value;
  const wanted = schema.type === 'integer' ? 'number' : schema.type;
  if (wanted !== undefined && wanted !== is) return [`${at}: ${is}`];
  if (Array.isArray(value))
    return value.flatMap((one, index) => mismatches(defs, schema.items ?? {}, one, `${at}/${index}`));
  if (is !== 'object' || !schema.properties) return [];
  const given = value as Record<string, unknown>;
  const missing = (schema.required ?? []).filter((name) => !(name in given)).map((name) => `${at}/${name}: missing`);
  return Object.entries(given).reduce((found, [name, one]) => {
    const inner = schema.properties?.[name];
    return found.concat(inner ? mismatches(defs, inner, one, `${at}/${name}`) : [`${at}/${name}: unknown`]);
  }, missing);
}

describe('the API and the commands', () => {
  it('tell the next session the bytes that the hook prints', async () => {
    const { text } = await server.get<{ text: string }>('/api/context');
    const session = hostSession({ repo: memory.repo.dir, home: memory.home });
    expect(text).toBe(contextOf((await session.start()).stdout));
    expect(text).toContain('Retries stop after five attempts');
  });

  it('tell with unsaved settings what the hook prints with saved ones, and write nothing', async () => {
    const settings = { 'context.budgetTokens': 160, 'context.types': 'gotcha' };
    const { text, records } = await server.post<{ text: string; records: { isShown: boolean; reasons: string[] }[] }>(
      '/api/context',
      { settings },
    );
    const env = { REPOMEM_CONTEXT_BUDGET_TOKENS: '160', REPOMEM_CONTEXT_TYPES: 'gotcha' };
    const session = hostSession({ repo: memory.repo.dir, home: memory.home, env });
    expect(text).toBe(contextOf((await session.start()).stdout));
    expect(records.every(({ reasons }) => reasons.length > 0)).toBe(true);
    expect((await server.get<{ text: string }>('/api/context')).text).not.toBe(text);
  });

  it('tell what a prompt brings as the hook does', async () => {
    const prompt = 'how many attempts do retries make before they stop';
    const { text, candidates } = await server.post<{ text: string; candidates: { isTold: boolean }[] }>(
      '/api/context/prompt',
      { prompt },
    );
    const session = hostSession({ repo: memory.repo.dir, home: memory.home });
    await session.start();
    expect(text).toBe(contextOf((await session.prompt(prompt)).stdout));
    expect(candidates.filter(({ isTold }) => isTold)).toHaveLength(1);
  });

  it('answer each page with the value of --json', async () => {
    const { cli, ids } = memory;
    const found = await server.get<{ results: object[] }>('/api/search?q=retries&limit=5');
    expect(found).toEqual(await cli('search', '--json', '--limit', '5', 'retries'));
    expect(found.results.length).toBeGreaterThan(0);
    for (const id of [ids.fresh, ids.stale, ids.local, ids.old]) {
      const { record } = await server.get<{ record: object }>(`/api/record/${id}`);
      expect(await cli('show', '--json', id)).toEqual({ records: [record] });
    }
    expect(await server.get('/api/check')).toEqual(await cli('check', '--json'));
    expect(await server.get('/api/log')).toEqual(await cli('log', '--json'));
    expect(await server.get('/api/diff?range=HEAD~2..HEAD')).toEqual(await cli('diff', '--json', 'HEAD~2..HEAD'));
    expect(await server.get('/api/review?range=HEAD~2..HEAD')).toEqual(await cli('review', '--json', 'HEAD~2..HEAD'));
    expect(await server.get('/api/at/HEAD~1')).toEqual(await cli('at', '--json', '--limit', '200', 'HEAD~1', 'list'));
    expect(await server.get('/api/branches')).toEqual(await cli('adopt', '--json'));
    expect(await server.get(`/api/timeline?anchor=${ids.stale}`)).toEqual(await cli('timeline', '--json', ids.stale));
    const { settings } = await server.get<{ settings: object }>('/api/settings');
    expect(settings).toEqual(await cli('settings', '--json'));
    const { lines, ...why } = await server.get<{ lines: string[] }>('/api/why?path=src/parser.ts&line=6');
    expect(why).toEqual(await cli('why', '--json', 'src/parser.ts:6'));
    expect(lines[5]).toBe('export const parserWindow = 9;');
  });

  it('keep no answer beyond what it rests on: a ref that moves, a cited file that is edited', async () => {
    const { cli, repo } = memory;
    const at = (): Promise<unknown> => server.get('/api/at/mark');
    const expected = (): Promise<unknown> => cli('at', '--json', '--limit', '200', 'mark', 'list');
    repo.git('tag', 'mark', 'HEAD');
    const before = await at();
    expect(before).toEqual(await expected());
    repo.git('tag', '-f', 'mark', 'HEAD~2');
    expect(await at()).not.toEqual(before);
    expect(await at()).toEqual(await expected());
    repo.git('tag', '-d', 'mark');
    const stale = async (): Promise<number> => {
      const { counts } = await server.get<{ counts: { changed: number } }>('/api/check');
      return counts.changed;
    };
    const { changed } = (await cli<{ counts: { changed: number } }>('check', '--json')).counts;
    expect(await stale()).toBe(changed);
    const code = repo.read('src/queue.ts');
    repo.write('src/queue.ts', code.replaceAll('export', 'exports'));
    await expect.poll(stale).toBe(changed + 1);
    repo.write('src/queue.ts', code);
  });

  it('show cited lines then beside now, with the commit that changed them', async () => {
    type Cites = { cites: { freshness: string; by: { summary: string }; rows: { kind: string; text: string }[] }[] };
    const { cites } = await server.get<Cites>(`/api/record/${memory.ids.stale}`);
    expect(cites[0]?.by.summary).toBe('Widen the window of the parser');
    const rows = cites[0]?.rows ?? [];
    expect(rows.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: 'export const parser5 = 5;', before: 6 },
      { kind: 'added', text: 'export const parserWindow = 9;', after: 6 },
    ]);
    const { commits } = await server.get<{ commits: { status: string }[] }>(`/api/record/${memory.ids.stale}/history`);
    expect(commits.map(({ status }) => status)).toEqual(['A']);
  });

  it('keep to the published schema', async () => {
    const { $defs } = JSON.parse(readFileSync(join(builtPackage(), 'schema/view-api.schema.json'), 'utf8')) as {
      $defs: Record<string, Schema>;
    };
    const answers: [string, string][] = [
      ['records', '/api/records?standing=0'],
      ['record', `/api/record/${memory.ids.stale}`],
      ['record', `/api/record/${memory.ids.local}`],
      ['context', '/api/context'],
    ];
    for (const [name, path] of answers)
      expect([path, ...mismatches($defs, { $ref: `#/$defs/${name}` }, await server.get(path))]).toEqual([path]);
    const { text } = await server.raw('GET', '/api/nothing', server.headers);
    expect(mismatches($defs, { $ref: '#/$defs/error' }, JSON.parse(text))).toEqual([]);
    expect(mismatches($defs, { $ref: '#/$defs/line' }, { id: 1 })).not.toEqual([]);
    const { endpoints } = await server.get<{ endpoints: { path: string }[] }>('/api/help');
    expect(endpoints.length).toBeGreaterThan(30);
  });

  it('page by place: what arrives between two pages shifts nothing', async () => {
    type Page = { lines: { id: string }[]; next?: string; total: number };
    const first = await server.get<Page>('/api/records?limit=2&standing=0');
    await runCli(['add', 'A newcomer between two pages', '--local'], { cwd: memory.repo.dir, home: memory.home });
    const rest = await server.get<Page>(`/api/records?standing=0&cursor=${encodeURIComponent(first.next ?? '')}`);
    const all = await server.get<Page>('/api/records?standing=0');
    const seen = [...first.lines, ...rest.lines].map(({ id }) => id);
    expect(new Set(seen).size).toBe(seen.length);
    expect(all.lines.map(({ id }) => id).slice(-seen.length)).toEqual(seen);
    expect(all.total).toBe(seen.length + 1);
  });

  it('filter by what records are, and say in words what is no filter', async () => {
    const count = async (query: string): Promise<number> =>
      (await server.get<{ total: number }>(`/api/records?${query}`)).total;
    expect(await count('type=gotcha')).toBe(1);
    expect(await count('fresh=stale')).toBe(1);
    expect(await count('file=src/queue.ts')).toBe(1);
    expect(await count('tier=local&type=discovery')).toBe(2);
    for (const wrong of ['type=nonsense', 'limit=-1', 'since=whenever', 'colour=red', 'cursor=x']) {
      const { status, text } = await server.raw('GET', `/api/records?${wrong}`, server.headers);
      expect([wrong, status]).toEqual([wrong, 400]);
      expect((JSON.parse(text) as { error: { message: string } }).error.message).toMatch(
        /expected|does not take|not a date/,
      );
    }
  });

  it('tell in sessions what the hooks told, and what it cost', async () => {
    const session = hostSession({ repo: memory.repo.dir, home: memory.home });
    const context = contextOf((await session.start()).stdout);
    await session.prompt('how many attempts do retries make before they stop');
    type Story = { told: { moment: string; tokens: number; of?: number; lines: { id: string }[] }[] };
    const { told } = await server.get<Story>(`/api/sessions/${session.id}`);
    expect(told.map(({ moment }) => moment)).toEqual(['start', 'prompt']);
    expect(told[0]?.tokens).toBe(Math.ceil(context.length / 4));
    expect(told[0]?.lines.length).toBe(told[0]?.of);
    expect(told[0]?.lines.every(({ id }) => context.includes(id))).toBe(true);
    expect(told[1]?.lines.map(({ id }) => id)).toEqual([memory.ids.new]);
  });

  it('name of a foreign record its id and date alone, everywhere but on the page of trust', async () => {
    const path = addForeign(memory, 'STRANGERTITLE', 'STRANGERBODY');
    const pages = [
      'records?standing=0',
      'records?trust=foreign',
      'search?q=gotcha&limit=50',
      'facets',
      'context',
      'sessions',
      'trust',
    ];
    for (const page of pages) {
      const { text } = await server.raw('GET', `/api/${page}`, server.headers);
      expect(text).not.toMatch(/STRANGER/i);
    }
    const { lines } = await server.get<{ lines: object[] }>('/api/records?trust=foreign');
    expect(lines).toEqual([expect.objectContaining({ id: 'f0r31gnx', title: '', gist: '', type: '', paths: [] })]);
    expect((await server.raw('GET', '/api/record/f0r31gnx', server.headers)).status).toBe(403);
    const shown = await server.get<{ text: string }>(`/api/trust/text?path=${encodeURIComponent(path)}`);
    expect(shown.text).toContain('STRANGERBODY');
  });
});
