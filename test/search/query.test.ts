import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTable, writeTable } from '../../src/index/cache.ts';
import { wordsOfRecord } from '../../src/index/record-words.ts';
import { refreshTable } from '../../src/index/refresh.ts';
import type { RecordTable } from '../../src/index/table.ts';
import { isAbout } from '../../src/search/filter.ts';
import type { Hit, Query } from '../../src/search/hit.ts';
import { runQuery } from '../../src/search/query.ts';
import { activeExcerpts } from '../../src/memory/verdicts.ts';
import { around } from '../../src/memory/timeline.ts';
import { excerpt, tempPlace, type TempPlace } from '../helpers/search-place.ts';

const now = new Date('2026-11-21T12:00:00Z');
let temp: TempPlace;
beforeEach(() => {
  temp = tempPlace();
});
afterEach(() => temp.remove());

async function ask(query: Query): Promise<Hit[]> {
  const { table } = await refreshTable(temp.paths, { wordsOf: wordsOfRecord });
  // Each question of a table is asked of what a file of it gives, too.
  writeTable(temp.paths, table, Date.now());
  const [hits, again] = [await askOf(table, query), await askOf(readTable(temp.paths)!, query)];
  expect(again).toEqual(hits);
  return hits;
}

async function askOf(table: RecordTable, query: Query): Promise<Hit[]> {
  const excerpts = Array.from({ length: table.count }, (_, row) => table.excerptAt(row));
  const active = new Set(activeExcerpts(excerpts, () => true));
  const { hits, total } = await runQuery(query, { now, table, mayFind: (row) => active.has(excerpts[row]!) });
  expect(total).toBeGreaterThanOrEqual(hits.length);
  return hits;
}
const idsOf = (hits: readonly Hit[]): string[] => hits.map(({ excerpt: { id } }) => id);

function putFew(): void {
  temp.put('bbbbbbbb', {
    title: 'fib() recursed forever on negative input',
    body: 'It now raises ValueError.',
    head: 'type: bugfix\nconcepts: [gotcha]\nbranch: main\nsession: s1-abc\nagent: claude-code\ncites:\n  - { path: src/math/fibonacci.py }\naliases: [infinite recursion]',
    created: '2026-11-20T12:00:00Z',
  });
  temp.put('cccccccc', {
    title: 'Pagination by cursor',
    body: 'Offsets were slow.',
    head: 'branch: dev',
    created: '2026-11-10T12:00:00Z',
  });
  temp.put('dddddddd', { title: 'readConfig caches the settings', created: '2026-10-01T12:00:00Z', local: true });
}

describe('runQuery', () => {
  it('answers a question that shares only some words with the record', async () => {
    putFew();
    const [first] = await ask({ text: 'why does negative input raise in fib?' });
    expect(first?.excerpt.id).toBe('bbbbbbbb');
    expect(first?.why).toContain('negative: title');
    expect(first?.coverage).toBeGreaterThan(0.5);
  });
  it('says why: the rarest word of the question first, what is like one last', async () => {
    temp.put('bbbbbbbb', { title: 'The queue drains', body: 'Its retries are counted; retriable errors only.' });
    temp.put('cccccccc', { title: 'The queue of the pool' });
    temp.put('dddddddd', { title: 'The queue of the socket' });
    const [first] = await ask({ text: 'queue drains retriab' });
    expect(first?.why).toEqual(['drains: title', 'queue: title', expect.stringMatching(/^retriabl?: description$/)]);
  });
  it('says how much of the question a record holds, also where it is the only one', async () => {
    temp.put('bbbbbbbb', { title: 'fib() recursed forever on negative input' });
    const [related] = await ask({ text: 'why does negative input raise in fib?' });
    const [chance] = await ask({ text: 'rename the input field of the login page' });
    expect(related!.coverage).toBeGreaterThan(0.6);
    expect(chance!.coverage).toBeLessThan(0.4);
  });
  it('finds every one of several files with the same bytes, whichever of them come and go', async () => {
    const same = { title: 'The queue retries' };
    for (const id of ['bbbbbbbb', 'cccccccc', 'dddddddd']) temp.put(id, same);
    expect(idsOf(await ask({ text: 'queue retries' })).sort()).toEqual(['bbbbbbbb', 'cccccccc', 'dddddddd']);
    rmSync(temp.put('bbbbbbbb', same));
    temp.put('ffffffff', same);
    temp.put('gggggggg', { title: 'The socket is closed' });
    expect(idsOf(await ask({ text: 'queue retries' })).sort()).toEqual(['cccccccc', 'dddddddd', 'ffffffff']);
    expect(idsOf(await ask({ text: 'socket' }))).toEqual(['gggggggg']);
  });
  it('finds aliases, identifiers by their parts, and cited paths', async () => {
    putFew();
    expect(idsOf(await ask({ text: 'infinite recursion' }))[0]).toBe('bbbbbbbb');
    expect(idsOf(await ask({ text: 'config' }))).toEqual(['dddddddd']);
    expect(idsOf(await ask({ text: 'fibonacci.py' }))[0]).toBe('bbbbbbbb');
  });
  it('lists the newest first when nothing is asked, and pages', async () => {
    putFew();
    expect(idsOf(await ask({}))).toEqual(['bbbbbbbb', 'cccccccc', 'dddddddd']);
    expect(idsOf(await ask({ text: ' ', limit: 1, offset: 1 }))).toEqual(['cccccccc']);
  });
  it.each([
    [{ types: ['bugfix'] }, ['bbbbbbbb']],
    [{ concepts: ['Gotcha'] }, ['bbbbbbbb']],
    [{ file: 'fibonacci.py' }, ['bbbbbbbb']],
    [{ file: './src/math/' }, ['bbbbbbbb']],
    [{ file: 'nacci.py' }, []],
    [{ branch: 'dev' }, ['cccccccc']],
    [{ agent: 'claude-code' }, ['bbbbbbbb']],
    [{ session: 's1' }, ['bbbbbbbb']],
    [{ scope: 'local' }, ['dddddddd']],
    [{ scope: 'shared', until: '2026-11-10' }, ['cccccccc']],
    [{ since: 'yesterday' }, ['bbbbbbbb']],
    [{ since: 'November 2026', until: 'last week' }, ['cccccccc']],
  ] satisfies [Query, string[]][])('filters by %j, with words and without', async (query, expected) => {
    putFew();
    expect(idsOf(await ask(query))).toEqual(expected);
    expect(idsOf(await ask({ ...query, text: 'fib pagination settings' }))).toEqual(expected);
  });
  it('says what a date should look like', async () => {
    await expect(ask({ since: 'soonish' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('soonish'),
    });
  });
  it('leaves superseded and forgotten records out', async () => {
    putFew();
    temp.put('ffffffff', { title: 'Pagination by keyset', head: 'supersedes: [cccccccc]' });
    temp.put('gggggggg', { title: 'no', head: 'type: tombstone\nforgets: [dddddddd]' });
    expect(idsOf(await ask({ text: 'pagination settings' }))).toEqual(['ffffffff']);
  });
  it('weighs down what fades', async () => {
    const old = '2026-06-01T12:00:00Z';
    temp.put('bbbbbbbb', { title: 'parser notes', head: 'type: discovery', created: old });
    temp.put('cccccccc', { title: 'parser notes', head: 'type: decision', created: old });
    const [first, second] = await ask({ text: 'parser' });
    expect(first?.excerpt.id).toBe('cccccccc');
    expect(second!.score).toBeCloseTo(first!.score / 4, 6);
  });
  it('prefers a record that names a time when a time is asked', async () => {
    temp.put('bbbbbbbb', { title: 'The cache was dropped', body: 'It went last Friday.' });
    temp.put('cccccccc', { title: 'The cache was dropped', body: 'It went with a note.' });
    const [first, second] = await ask({ text: 'when was the cache dropped?' });
    expect(first?.excerpt.id).toBe('bbbbbbbb');
    expect(first!.score).toBeGreaterThan(second!.score * 1.1);
    expect(first?.why.join()).not.toContain('#');
  });
  it('prefers a record whose neighbours in the session speak of the rest', async () => {
    temp.put('bbbbbbbb', { title: 'It failed on Windows', head: 'session: s1', created: '2026-11-01T10:00:00Z' });
    temp.put('cccccccc', { title: 'It failed on Windows', head: 'session: s2', created: '2026-11-01T10:00:00Z' });
    temp.put('dddddddd', {
      title: 'The installer unpacks a zip',
      head: 'session: s2',
      created: '2026-11-01T10:00:01Z',
    });
    expect(idsOf(await ask({ text: 'installer windows' })).indexOf('cccccccc')).toBeLessThan(2);
    const hits = await ask({ text: 'installer windows failed' });
    expect(hits.findIndex(({ excerpt: { id } }) => id === 'cccccccc')).toBeLessThan(
      hits.findIndex(({ excerpt: { id } }) => id === 'bbbbbbbb'),
    );
  });
  it.each(['earlier', 'later'])('lends a record some of the score of an %s one in its session', async (when) => {
    const at = (minute: number): string => `2026-11-01T10:0${minute}:00Z`;
    temp.put('bbbbbbbb', { title: 'It failed on Windows', created: at(5) });
    temp.put('cccccccc', { title: 'It failed on Windows', head: 'session: s2', created: at(5) });
    const head = 'session: s2';
    temp.put('dddddddd', { title: 'The installer unpacks a zip', head, created: at(when === 'earlier' ? 4 : 6) });
    const scores = new Map((await ask({ text: 'installer windows' })).map(({ excerpt: { id }, score }) => [id, score]));
    expect(scores.get('cccccccc')!).toBeGreaterThan(scores.get('bbbbbbbb')! * 1.1);
  });
  it('follows edits, new and deleted files', async () => {
    putFew();
    const file = temp.put('ffffffff', { title: 'zebra crossing' });
    expect(idsOf(await ask({ text: 'zebra' }))).toEqual(['ffffffff']);
    temp.put('ffffffff', { title: 'giraffe crossing' });
    temp.put('hhhhhhhh', { title: 'lion crossing' });
    expect(idsOf(await ask({ text: 'zebra' }))).toEqual([]);
    expect(idsOf(await ask({ text: 'giraffe' }))).toEqual(['ffffffff']);
    expect(idsOf(await ask({ text: 'lion' }))).toEqual(['hhhhhhhh']);
    rmSync(file);
    expect(idsOf(await ask({ text: 'giraffe' }))).toEqual([]);
  });
});

describe('isAbout', () => {
  it('takes the whole path, its end or a folder, never part of a name', () => {
    expect(isAbout('src/a/b.ts', 'src/a/b.ts')).toBe(true);
    expect(isAbout('src/a/b.ts', 'b.ts')).toBe(true);
    expect(isAbout('src/a/b.ts', 'src/a')).toBe(true);
    expect(isAbout('src/ab.ts', 'b.ts')).toBe(false);
    expect(isAbout('src/a/b.ts', '.\\src\\a')).toBe(true);
  });
});

const ids = (list: readonly { id: string }[]): string => list.map(({ id }) => id).join('');

describe('around', () => {
  const all = [3, 1, 2, 4].map((day) => excerpt({ id: String(day), created: `2026-11-0${day}T00:00:00Z` }));
  it('gives what came before and after a record', () => {
    expect(ids(around(all, all[0]!, { before: 1, after: 5 }))).toBe('234');
    expect(ids(around(all, all[0]!, { before: 5, after: 0 }))).toBe('123');
  });
  it('gives what came before and after a moment', () => {
    expect(ids(around(all, '2026-11-02T12:00:00Z', { before: 5, after: 1 }))).toBe('123');
    expect(ids(around(all, '2026-12-01T00:00:00Z', { before: 1, after: 1 }))).toBe('4');
  });
});
