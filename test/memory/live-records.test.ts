import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type LiveRecords, liveRecords } from '../../src/memory/live-records.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, forgetMaking, memoryRepo, recordFile, recordPath } from './memory-at.ts';
import { envNow, pause } from './records-at.ts';

let repo: TempRepo;
/** Milliseconds that the process has stayed, beside those that the test takes. */
let later: number;
let records: LiveRecords;

const put = (id: string, title: string): string => repo.write(recordPath(id), recordFile({ id, title }));
const titles = async (): Promise<string[]> =>
  (await records.now()).recordSet.assessed.map(({ excerpt }) => excerpt.title);

beforeEach(async () => {
  repo = memoryRepo();
  put('b0000001', 'first');
  commitAll(repo, 'memory');
  await pause();
  later = 0;
  records = liveRecords({ ...envNow(repo), now: () => new Date(Date.now() + later) });
});
afterEach(() => repo.remove());

it('gives the very same records while nothing moves', async () => {
  const first = await records.now();
  expect(await records.now()).toBe(first);
  later = 10_000;
  expect(await records.now()).toBe(first);
});

it('sees new and deleted files at once, edits in place after two seconds', async () => {
  expect(await titles()).toEqual(['first']);
  const file = put('b0000002', 'second');
  expect(await titles()).toEqual(['first', 'second']);
  await pause();
  expect(await titles()).toEqual(['first', 'second']);
  writeFileSync(file, readFileSync(file, 'utf8').replace('second', 'edited'));
  later = 3000;
  expect(await titles()).toEqual(['first', 'edited']);
  rmSync(file);
  expect(await titles()).toEqual(['first']);
});

it('judges anew when git moved', async () => {
  const trusts = async (): Promise<string[]> => (await records.now()).recordSet.assessed.map(({ trust }) => trust);
  expect(await trusts()).toEqual(['reviewed']);
  repo.git('checkout', '-qb', 'pull');
  put('b0000002', 'second');
  commitAll(repo, 'more');
  forgetMaking(repo);
  expect(await trusts()).toEqual(['reviewed', 'foreign']);
});

it('judges what is about to be written from this very moment', async () => {
  const known = await records.now();
  const fresh = await records.fresh();
  expect(fresh).not.toBe(known);
  put('b0000002', 'second');
  expect([...fresh.memory.snapshot.edited].some((path) => path.includes('b0000002') || path.endsWith('/'))).toBe(true);
  expect(join(repo.dir, '.claude-mem')).toBe(fresh.memory.paths.memoryDir);
});
