import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { compactMemory } from '../../src/curate/compact.ts';
import { readRecordSet, tellable } from '../../src/memory/records.ts';
import { runCli } from '../helpers/built-cli.ts';
import { filesBelow } from '../helpers/scan.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { memoryAt, memoryRepo, recordFile } from '../memory/memory-at.ts';

let repo: TempRepo;
beforeEach(() => void (repo = memoryRepo()));
afterEach(() => repo.remove());

function put(folder: 'local' | 'shared', record: Partial<MemoryRecord> & { id: string }): void {
  const created = record.created ?? '2026-09-10T08:00:00Z';
  const base = folder === 'local' ? '.claude-mem/local' : '.claude-mem';
  const kind = record.type === 'session' ? 'sessions' : 'observations';
  const [year, month] = created.split('-');
  const file = `${base}/${kind}/${year}/${month}/${created.slice(0, 10)}-note-${record.id}.md`;
  repo.write(file, recordFile({ type: 'change', branch: 'main', ...record, created }));
}

async function idsTold(): Promise<string[]> {
  return tellable(await readRecordSet(await memoryAt(repo.dir))).map(({ excerpt }) => excerpt.id);
}

const records = (): string[] => filesBelow(join(repo.dir, '.claude-mem')).filter((file) => file.endsWith('.md'));

describe('compactMemory', () => {
  it('folds a month of old fading local records into one and removes them', async () => {
    put('local', { id: 'bbbb1111', title: 'Raised the log level of the broker', facts: ['broker.yaml: level 3'] });
    put('local', { id: 'bbbb2222', type: 'progress', title: 'Migration is half done', description: 'Tables a to k.' });
    put('local', { id: 'bbbb3333', title: 'Bumped the image', created: '2026-09-28T08:00:00Z', aliases: ['docker'] });
    const report = await compactMemory(await memoryAt(repo.dir));
    expect(report.digests).toHaveLength(1);
    expect(report.digests[0]).toMatchObject({
      month: '2026-09',
      folded: [{ id: 'bbbb1111' }, { id: 'bbbb2222' }, { id: 'bbbb3333' }],
    });
    expect(records()).toHaveLength(1);
    const text = readFileSync(records()[0] ?? '', 'utf8');
    for (const told of ['broker.yaml: level 3', 'Tables a to k.', '2026-09-28 Bumped the image', 'docker', 'compact/1'])
      expect(text).toContain(told);
    expect(await idsTold()).toEqual([report.digests[0]?.id]);
    expect(await compactMemory(await memoryAt(repo.dir))).toMatchObject({ digests: [], replaced: [] });
  });

  it('only reports its plan with dryRun', async () => {
    put('local', { id: 'bbbb1111' });
    put('local', { id: 'bbbb2222' });
    const before = records();
    expect((await compactMemory(await memoryAt(repo.dir), true)).digests).toHaveLength(1);
    expect(records()).toEqual(before);
  });

  it('keeps shared, durable and recent records, sessions, and single records of a month', async () => {
    put('shared', { id: 'cccc1111' });
    put('shared', { id: 'cccc2222' });
    put('local', { id: 'cccc3333', type: 'decision' });
    put('local', { id: 'cccc4444', type: 'gotcha' });
    put('local', { id: 'cccc5555', created: '2026-11-10T08:00:00Z' });
    put('local', { id: 'cccc6666', created: '2026-11-11T08:00:00Z' });
    put('local', { id: 'cccc7777', type: 'session' });
    put('local', { id: 'cccc8888', created: '2026-08-10T08:00:00Z' });
    const before = records();
    expect(await compactMemory(await memoryAt(repo.dir))).toMatchObject({ digests: [], replaced: [] });
    expect(records()).toEqual(before);
  });

  it('keeps records superseded by a merged record superseded, and removes them', async () => {
    put('shared', { id: 'dddd1111', type: 'decision', title: 'We use port 80' });
    put('local', { id: 'dddd2222', title: 'Port is 8080 now', supersedes: ['dddd1111'] });
    put('local', { id: 'dddd3333', title: 'Another change' });
    put('local', { id: 'dddd4444', title: 'An old word' });
    put('local', { id: 'dddd5555', title: 'A newer word', supersedes: ['dddd4444'] });
    repo.git('add', '.claude-mem/observations');
    repo.git('commit', '-qm', 'records');
    const report = await compactMemory(await memoryAt(repo.dir));
    expect(report.replaced).toEqual([{ id: 'dddd4444', title: 'An old word' }]);
    expect(await idsTold()).toEqual([report.digests[0]?.id]);
  });

  it("keeps months and branches apart, and leaves another branch's records alone", async () => {
    for (const id of ['ffff1111', 'ffff2222']) put('local', { id, created: '2026-08-10T08:00:00Z' });
    for (const id of ['ffff3333', 'ffff4444']) put('local', { id });
    for (const id of ['ffff5555', 'ffff6666']) put('local', { id, branch: 'elsewhere' });
    const report = await compactMemory(await memoryAt(repo.dir));
    expect(report.digests.map(({ month, folded }) => [month, folded.length])).toEqual([
      ['2026-08', 2],
      ['2026-09', 2],
    ]);
    expect(records().filter((file) => /ffff[56]/.test(file))).toHaveLength(2);
  });

  it('makes several of a month with many, each small enough for a file', async () => {
    for (let n = 10; n < 75; n++)
      put('local', { id: `gggg00${n}`, title: `Changed thing ${n}`, facts: ['x'.repeat(390)] });
    const report = await compactMemory(await memoryAt(repo.dir));
    expect(report.digests.map(({ folded }) => folded.length)).toEqual([30, 30, 5]);
    for (const { bytes } of report.digests) expect(bytes).toBeLessThan(16 * 1024);
    expect(await idsTold()).toHaveLength(3);
  });

  it('is a command that prints its plan and its result', async () => {
    put('local', { id: 'hhhh1111', title: 'Raised the log level' });
    put('local', { id: 'hhhh2222', title: 'Lowered it again' });
    const cli = (...args: string[]): ReturnType<typeof runCli> => runCli(['compact', ...args], { cwd: repo.dir });
    expect((await cli('--dry-run')).stdout).toMatch(
      /would fold 2 records of 2026-09 into .*\n {2}hhhh1111 Raised the log/,
    );
    expect(records()).toHaveLength(2);
    expect((await cli()).stdout).toMatch(/^folded 2 records[\s\S]*bytes became \d+/);
    expect(records()).toHaveLength(1);
    expect((await cli()).stdout).toMatch(/^Nothing to fold/);
  });
});
