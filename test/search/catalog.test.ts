import { chmodSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/search/catalog.ts';
import { keepOpen } from '../../src/search/keep-open.ts';
import { tempPlace, type TempPlace } from '../helpers/search-place.ts';

let temp: TempPlace;
beforeEach(() => {
  temp = tempPlace();
});
afterEach(() => temp.remove());

const cacheFile = (): string => join(temp.paths.privateDir, 'cache', 'catalog-v1.json');
const titles = async (): Promise<string[]> => (await readCatalog(temp.paths)).excerpts.map(({ title }) => title);
/** Written long enough ago for the cache to be believed. */
const age = (file: string, seconds: number): void =>
  utimesSync(file, new Date(), new Date(Date.now() - seconds * 1000));

describe('readCatalog', () => {
  it('gives the same excerpts from the cache as from the files', async () => {
    age(
      temp.put('bcdfghjk', {
        title: 'first',
        head: 'concepts: [gotcha]\ncites:\n  - { path: src/a.ts, lines: 1-6, blob: 1f7a2c9, text: 9b3e41d0 }\n  - { path: b.ts }\naliases: [other words]\nsupersedes: [zzzzzzzz]\nconfidence: 0.9\nsession: s1\nbranch: main\nagent: claude-code\ngenerated: { by: extractive/1, tokens: 0 }',
      }),
      60,
    );
    age(temp.put('cdfghjkl', { head: 'type: tombstone\nforgets: [bcdfghjk]' }), 60);
    age(
      temp.put('dfghjklm', { head: 'type: session\nrequest: do it\nstarted: 2026-11-20T12:00:00Z', local: true }),
      60,
    );
    const cold = await readCatalog(temp.paths);
    const warm = await readCatalog(temp.paths);
    expect(cold.excerpts).toHaveLength(3);
    expect(cold.opened.size).toBe(3);
    expect(warm.opened.size).toBe(0);
    expect(warm.excerpts).toEqual(cold.excerpts);
  });
  it('notices what was edited, added and deleted', async () => {
    const file = temp.put('bcdfghjk', { title: 'first' });
    age(file, 60);
    expect(await titles()).toEqual(['first']);
    writeFileSync(file, readFileSync(file, 'utf8').replace('first', 'fresh'));
    temp.put('cdfghjkl', { title: 'second' });
    expect(await titles()).toEqual(['fresh', 'second']);
    rmSync(file);
    expect(await titles()).toEqual(['second']);
    expect(await titles()).toEqual(['second']);
  });
  it('notices a change that keeps size and time, when it came in the tick in which the cache was written', async () => {
    const file = temp.put('bcdfghjk', { title: 'first' });
    await readCatalog(temp.paths);
    const { mtimeMs } = (await readCatalog(temp.paths)).excerpts[0]!;
    writeFileSync(file, readFileSync(file, 'utf8').replace('first', 'other'));
    utimesSync(file, mtimeMs / 1000, mtimeMs / 1000);
    utimesSync(cacheFile(), mtimeMs / 1000, mtimeMs / 1000);
    expect(await titles()).toEqual(['other']);
  });
  it('repeats the problem of a file that it did not open again', async () => {
    age(temp.put('bcdfghjk', { head: 'cites: [' }), 60);
    const cold = await readCatalog(temp.paths);
    expect(cold.problems).toHaveLength(1);
    expect((await readCatalog(temp.paths)).problems).toEqual(cold.problems);
  });
  it.each(['', '{', '{"version":1}', '{"version":1,"rows":[[]]}', '{"rows":{}}', 'null', '\0'])(
    'reads the files when the cache holds %j',
    async (text) => {
      age(temp.put('bcdfghjk', { title: 'first' }), 60);
      await readCatalog(temp.paths);
      writeFileSync(cacheFile(), text);
      expect(await titles()).toEqual(['first']);
      expect(await titles()).toEqual(['first']);
    },
  );
  it('leaves no temporary file and works on a read-only cache folder', async () => {
    temp.put('bcdfghjk', { title: 'first' });
    await readCatalog(temp.paths);
    const folder = join(temp.paths.privateDir, 'cache');
    expect(readdirSync(folder)).toEqual(['catalog-v1.json']);
    chmodSync(folder, 0o500);
    temp.put('cdfghjkl', { title: 'second' });
    expect(await titles()).toEqual(['first', 'second']);
    chmodSync(folder, 0o700);
  });
});

const titlesAt = async (open: ReturnType<typeof keepOpen>, at: number): Promise<string[]> =>
  (await open(at)).catalog.excerpts.map(({ title }) => title);

describe('keepOpen', () => {
  it('gives the very same catalog and index while nothing moves', async () => {
    age(temp.put('bcdfghjk', { title: 'first' }), 60);
    const open = keepOpen(temp.paths);
    const first = await open(0);
    expect(await open(1)).toBe(first);
    expect((await open(10_000)).index).toBe(first.index);
  });
  it('sees new and deleted files at once, edits in place after two seconds', async () => {
    const file = temp.put('bcdfghjk', { title: 'first' });
    age(file, 60);
    const open = keepOpen(temp.paths);
    expect(await titlesAt(open, 0)).toEqual(['first']);
    temp.put('cdfghjkl', { title: 'second' });
    expect(await titlesAt(open, 1)).toEqual(['first', 'second']);
    temp.put('dfghjklm', { title: 'third', local: true });
    expect(await titlesAt(open, 2)).toEqual(['first', 'second', 'third']);
    rmSync(file);
    expect(await titlesAt(open, 3)).toEqual(['second', 'third']);
    temp.put('cdfghjkl', { title: 'edited' });
    expect(await titlesAt(open, 3000)).toEqual(['edited', 'third']);
  });
});
