import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pruneMemory, type PruneReport } from '../../src/curate/prune.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
beforeEach(() => {
  repo = memoryRepo({ 'a.txt': 'one\n' });
});
afterEach(() => repo.remove());

function add(id: string, fields: Omit<Parameters<typeof recordFile>[0], 'id'> = {}): void {
  repo.write(recordPath(id), recordFile({ id, ...fields }));
}

async function prune(isDryRun = false): Promise<PruneReport> {
  return pruneMemory(await memoryAt(repo.dir), isDryRun);
}

const said = ({ records }: PruneReport): string[] =>
  records.map(({ id, reason, by }) => `${id} ${reason}${by ? ` ${by}` : ''}`);
const has = (id: string): boolean => existsSync(join(repo.dir, recordPath(id)));

describe('prune', () => {
  it('deletes superseded records of whole chains, unstaged, and keeps active ones', async () => {
    add('11111111');
    add('22222222', { supersedes: ['11111111'] });
    add('33333333', { supersedes: ['22222222'] });
    add('44444444', { contradicts: ['33333333'] });
    commitAll(repo, 'memory');
    expect(said(await prune(true))).toEqual(['11111111 superseded 22222222', '22222222 superseded 33333333']);
    expect(has('11111111')).toBe(true);
    const report = await prune();
    expect(report).toMatchObject({ isDone: true, bytes: expect.any(Number) as number });
    expect([has('11111111'), has('22222222'), has('33333333'), has('44444444')]).toEqual([false, false, true, true]);
    expect(repo.git('status', '--porcelain')).toBe(` D ${recordPath('11111111')}\n D ${recordPath('22222222')}\n`);
    commitAll(repo, 'prune');
    expect(said(await prune())).toEqual([]);
  });

  it('deletes forgotten records that a merge restored, and fading ones included in a digest', async () => {
    add('11111111');
    add('22222222', { type: 'tombstone', forgets: ['11111111'], extra: { matches: ['0a1b2c3d'] } });
    add('33333333', { type: 'change', partOf: '55555555' });
    add('44444444', { type: 'decision', partOf: '55555555' });
    add('55555555', { type: 'discovery' });
    add('66666666', { type: 'change', partOf: '99999999' });
    commitAll(repo, 'memory');
    expect(said(await prune())).toEqual(['11111111 forgotten 22222222', '33333333 folded 55555555']);
  });

  it('keeps tombstones unless their record never was in git', async () => {
    add('11111111');
    commitAll(repo, 'a record');
    repo.git('rm', '-q', recordPath('11111111'));
    const extra = { matches: ['0a1b2c3d', '1a2b3c4d'] };
    add('22222222', { type: 'tombstone', forgets: ['11111111'], extra, created: '2026-11-01T00:00:00Z' });
    add('44444444', { type: 'tombstone', forgets: ['11111111'] });
    add('55555555', { type: 'tombstone', forgets: ['99999999'] });
    add('66666666', { type: 'tombstone', forgets: ['99999998'], extra });
    commitAll(repo, 'forget');
    expect(said(await prune())).toEqual(['55555555 spent-tombstone']);
  });

  it('keeps unreviewed records, edited ones, and those superseded only by an uncommitted record', async () => {
    add('11111111');
    add('22222222');
    commitAll(repo, 'memory');
    const remote = join(repo.dir, '.git/remote.git');
    repo.git('clone', '-q', '--bare', '.', remote);
    repo.git('remote', 'add', 'origin', remote);
    repo.git('fetch', '-q', 'origin');
    add('33333333', { supersedes: ['11111111'] });
    commitAll(repo, 'not pushed');
    expect(said(await prune())).toEqual([]);
    repo.git('push', '-q', 'origin', 'main');
    add('11111111', { title: 'edited' });
    expect(said(await prune())).toEqual([]);
    repo.git('checkout', '-q', '.');
    expect(said(await prune(true))).toEqual(['11111111 superseded 33333333']);
  });

  it('refuses other branches, merges under way and records that wait to be committed', async () => {
    add('11111111');
    add('22222222', { supersedes: ['11111111'] });
    commitAll(repo, 'memory');
    add('33333333');
    await expect(prune()).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('rename') as string });
    repo.git('add', '-A');
    await expect(prune()).rejects.toMatchObject({ code: 'usage' });
    expect(await prune(true)).toMatchObject({ isDone: false, blocked: expect.stringContaining('33333333') as string });
    repo.git('commit', '-qm', 'more');
    repo.git('checkout', '-qb', 'topic');
    await expect(prune()).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('git switch main') as string,
    });
    repo.git('checkout', '-q', '--detach');
    await expect(prune()).rejects.toMatchObject({ code: 'usage' });
    expect(has('11111111')).toBe(true);
  });

  it('is right to refuse: two branches that prune and add alike conflict, two that do one after the other do not', async () => {
    const body = 'The same long reason stands in all of them, so that git finds them alike.\n'.repeat(6);
    for (const isMixed of [true, false]) {
      repo.remove();
      repo = memoryRepo();
      add('11111111', { body });
      add('22222222', { body: 'short', supersedes: ['11111111'] });
      commitAll(repo, 'memory');
      for (const [branch, id] of [
        ['one', '33333333'],
        ['other', '44444444'],
      ] as const) {
        repo.git('checkout', '-qb', branch, 'main');
        if (isMixed) repo.git('rm', '-q', recordPath('11111111'));
        add(id, { body });
        commitAll(repo, branch);
      }
      if (!isMixed) {
        repo.git('checkout', '-q', 'main');
        await prune();
        commitAll(repo, 'prune');
      }
      repo.git('checkout', '-q', 'main');
      repo.git('merge', '-q', '--no-edit', 'one');
      const merge = (): string => repo.git('merge', '--no-edit', 'other');
      if (isMixed)
        expect(merge).toThrow(
          expect.objectContaining({ stdout: expect.stringContaining('CONFLICT (rename/rename)') as string }),
        );
      else {
        merge();
        expect([has('11111111'), has('33333333'), has('44444444')]).toEqual([false, true, true]);
      }
    }
  });
});
