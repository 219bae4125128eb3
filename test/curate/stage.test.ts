import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adoptRecords } from '../../src/curate/adopt.ts';
import { moveRecord } from '../../src/curate/share.ts';
import { stageMemory, type StageReport } from '../../src/curate/stage.ts';
import { readRecordSet } from '../../src/memory/records.ts';
import { forget, remember, type NewRecord } from '../../src/curate/write.ts';
import { seededRandom, shapedTypes } from '../helpers/fake-secrets.ts';
import { removeFolder, tempDir, type TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, forgetMaking, memoryAt, memoryRepo, recordFile, recordPath } from '../memory/memory-at.ts';

let repo: TempRepo;
const folders: string[] = [];
beforeEach(() => {
  repo = memoryRepo({ 'a.txt': 'one\ntwo\n' });
});
afterEach(() => {
  repo.remove();
  for (const folder of folders.splice(0)) removeFolder(folder);
});

async function add(title: string, more: Partial<NewRecord> = {}): Promise<{ id: string; path: string }> {
  return remember(await memoryAt(repo.dir), { title, type: 'gotcha', ...more }, { allowDuplicate: true });
}

const stage = async (): Promise<StageReport> => stageMemory(await memoryAt(repo.dir));
const stagedIds = ({ staged }: StageReport): string[] => staged.flatMap(({ id }) => id ?? []).sort();
const staged = (): string[] => repo.git('diff', '--cached', '--name-only').split('\n').filter(Boolean);
const trustOf = async (id: string) => (await readRecordSet(await memoryAt(repo.dir))).byId.get(id)?.trust;
const isHere = async (id: string) => (await readRecordSet(await memoryAt(repo.dir))).byId.get(id)?.isHere;

describe('stage', () => {
  it('leaves out settings that came with a reset of a foreign branch', async () => {
    repo.git('rm', '-qr', '.claude-mem');
    commitAll(repo, 'no memory');
    repo.git('checkout', '-qb', 'pull');
    repo.write('.claude-mem/settings.yaml', 'version: 1\n# planted\n');
    commitAll(repo, 'pull');
    forgetMaking(repo);
    repo.git('reset', '-q', 'main');
    const own = await add('Queues retry twice before they give up');
    const { staged: files, left } = await stage();
    expect(files.map(({ path }) => path)).toEqual([own.path]);
    expect(left).toMatchObject([{ path: '.claude-mem/settings.yaml', why: expect.stringContaining('not reviewed') }]);
    expect(staged()).toEqual([own.path]);
  });
  it('stages shared records and nothing else, and commits nothing', async () => {
    const one = await add('Queues retry twice before they give up');
    await add('A local finding about queues', { type: 'discovery' });
    repo.write('a.txt', 'changed\n');
    const head = repo.git('rev-parse', 'HEAD');
    expect(stagedIds(await stage())).toEqual([one.id]);
    expect(staged()).toEqual([one.path]);
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
    expect(await stage()).toEqual({ staged: [], left: [] });
  });

  it('only reports its plan in a dry run', async () => {
    const one = await add('Queues retry twice before they give up');
    const report = await stageMemory(await memoryAt(repo.dir), { dryRun: true });
    expect(stagedIds(report)).toEqual([one.id]);
    expect(staged()).toEqual([]);
  });

  it('stages records made on the default branch before the checkout, and leaves out those of another branch', async () => {
    const before = await add('Made on main before the branch');
    repo.git('checkout', '-qb', 'first');
    const onFirst = await add('Made on the first branch');
    repo.git('checkout', '-q', 'main');
    repo.git('checkout', '-qb', 'second');
    const onSecond = await add('Made on the second branch');
    const report = await stage();
    expect(stagedIds(report)).toEqual([before.id, onSecond.id].sort());
    expect(report.left).toMatchObject([{ id: onFirst.id, why: expect.stringContaining('made on first') }]);
  });

  it('leaves out, on an older commit, records made on a newer commit of the default branch', async () => {
    const old = repo.git('rev-parse', 'HEAD').trim();
    repo.write('a.txt', 'newer\n');
    commitAll(repo, 'newer');
    const made = await add('Made on the newer commit of main');
    repo.git('checkout', '-qb', 'from-old', old);
    expect(stagedIds(await stage())).toEqual([]);
    repo.git('checkout', '-qb', 'from-new', 'main');
    expect(stagedIds(await stage())).toEqual([made.id]);
  });

  it('stages a tombstone with the removal, on its own branch alone', async () => {
    repo.git('checkout', '-qb', 'work');
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    repo.git('branch', 'other');
    expect(await forget(await memoryAt(repo.dir), one.id, 'wrong')).toMatchObject({ isKept: false });
    repo.git('checkout', '-q', 'other');
    expect(await stage()).toMatchObject({ staged: [], left: [{}, { id: one.id }] });
    repo.git('checkout', '-q', 'work');
    await stage();
    expect(repo.git('diff', '--cached', '--name-status')).toMatch(/^A\t.*forgotten.*\nD\t.*queues-retry/m);
  });

  it('keeps the file of a forgotten record that other branches have, but hides it from sessions', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'work');
    const tombstone = await forget(await memoryAt(repo.dir), one.id, 'wrong');
    expect(tombstone.isKept).toBe(true);
    const isActive = async () => (await readRecordSet(await memoryAt(repo.dir))).byId.get(one.id)?.isActive;
    expect(await isActive()).toBe(false);
    expect((await stage()).staged).toMatchObject([{ path: tombstone.tombstone, what: 'added' }]);
    await expect(forget(await memoryAt(repo.dir), one.id, 'again')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining(tombstone.tombstone),
    });
    repo.git('reset', '-q');
    repo.git('checkout', '-q', 'main');
    expect(await isActive()).toBe(true);
  });

  it('leaves a file that was deleted by hand to the hand', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    rmSync(join(repo.dir, one.path));
    expect(await stage()).toMatchObject({
      staged: [],
      left: [{ id: one.id, why: expect.stringContaining('by hand') }],
    });
  });

  it('stages a renamed record as a rename', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    const next = recordPath(one.id, 'a-better-name');
    repo.write(next, repo.read(one.path));
    rmSync(join(repo.dir, one.path));
    await stage();
    expect(repo.git('diff', '--cached', '-M', '--name-status').trim()).toBe(`R100\t${one.path}\t${next}`);
  });

  it('keeps the removal of a record back that other branches have, lest git take it for a rename', async () => {
    const body = Array.from({ length: 12 }, (_, n) => `Line ${n} of a long explanation of queues.`).join('\n');
    const one = await add('Queues retry twice before they give up', { body });
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'work');
    await forget(await memoryAt(repo.dir), one.id, 'inexact');
    rmSync(join(repo.dir, one.path));
    const two = await add('Queues retry three times before they give up', { body });
    const report = await stage();
    expect(report.left).toMatchObject([{ id: one.id, why: expect.stringContaining('its tombstone hides it') }]);
    expect(stagedIds(report)).toHaveLength(2);
    commitAll(repo, 'all the same');
    expect((await readRecordSet(await memoryAt(repo.dir))).byId.get(two.id)?.isActive).toBe(true);
  });

  it('stages hand-written and hand-edited records, which stay the user’s own after the commit', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'work');
    repo.write(recordPath('2b4c6d8f'), recordFile({ id: '2b4c6d8f', title: 'Written by hand' }));
    repo.write(one.path, repo.read(one.path).replace('twice', '2 times'));
    const report = await stage();
    expect(report.staged.map(({ id, what }) => `${id} ${what}`).sort()).toEqual(
      ['2b4c6d8f added', `${one.id} edited`].sort(),
    );
    repo.git('commit', '-qm', 'by hand');
    expect(await trustOf('2b4c6d8f')).toBe('own');
    expect(await trustOf(one.id)).toBe('own');
  });

  it('stages the memory’s own files while git does not know them, and leaves edited settings to the user', async () => {
    repo.write('.claude-mem/README.md', '# memory\n');
    repo.write('.claude-mem/settings.yaml', 'version: 1\n# edited\n');
    expect((await stage()).staged).toEqual([{ path: '.claude-mem/README.md', what: 'file' }]);
  });

  it('leaves out an uncommitted foreign record brought by git', async () => {
    repo.git('checkout', '-qb', 'theirs');
    repo.write(recordPath('3c5d7f9g'), recordFile({ id: '3c5d7f9g' }));
    commitAll(repo, 'theirs');
    forgetMaking(repo);
    repo.git('checkout', '-q', 'main');
    repo.git('checkout', 'theirs', '--', recordPath('3c5d7f9g'));
    repo.git('reset', '-q');
    expect(await stage()).toMatchObject({
      staged: [],
      left: [{ id: '3c5d7f9g', why: expect.stringContaining('elsewhere') }],
    });
  });

  it('says so where there is no git', async () => {
    const dir = tempDir();
    folders.push(dir);
    repo.git('--work-tree', dir, 'checkout', 'HEAD', '--', '.claude-mem');
    const memory = await memoryAt(dir);
    await expect(stageMemory(memory)).rejects.toMatchObject({ code: 'no-repository' });
    await expect(adoptRecords(memory, 'all')).rejects.toMatchObject({ code: 'no-repository' });
  });
});

describe('adopt', () => {
  it('moves a record of another branch to this one, and all of them', async () => {
    repo.git('checkout', '-qb', 'first');
    const one = await add('First of two on the first branch');
    const two = await add('Second of two on the first branch', { type: 'discovery' });
    repo.git('checkout', '-q', 'main');
    expect(await isHere(one.id)).toBe(false);
    await adoptRecords(await memoryAt(repo.dir), [one.id]);
    expect([await isHere(one.id), await isHere(two.id)]).toEqual([true, false]);
    expect((await adoptRecords(await memoryAt(repo.dir), 'all')).records).toMatchObject([{ id: two.id }]);
    expect(stagedIds(await stage())).toEqual([one.id]);
  });

  it('moves a hand-written record that names its branch', async () => {
    repo.write(recordPath('2b4c6d8f'), recordFile({ id: '2b4c6d8f', branch: 'elsewhere' }));
    expect(await isHere('2b4c6d8f')).toBe(false);
    await adoptRecords(await memoryAt(repo.dir), ['2b4c6d8f']);
    expect(await isHere('2b4c6d8f')).toBe(true);
  });

  it('refuses without a branch, and for a stranger’s record', async () => {
    repo.git('checkout', '-qb', 'theirs');
    repo.write(recordPath('3c5d7f9g'), recordFile({ id: '3c5d7f9g' }));
    commitAll(repo, 'theirs');
    forgetMaking(repo);
    await expect(adoptRecords(await memoryAt(repo.dir), ['3c5d7f9g'])).rejects.toMatchObject({ code: 'untrusted' });
    repo.git('checkout', '-q', '--detach');
    await expect(adoptRecords(await memoryAt(repo.dir), 'all')).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('share and unshare', () => {
  it('carries the same bytes to and fro', async () => {
    const one = await add('A local finding about queues', { type: 'discovery' });
    const bytes = repo.read(one.path);
    const shared = await moveRecord(await memoryAt(repo.dir), one.id, 'shared');
    expect(repo.read(shared.to)).toBe(bytes);
    expect(existsSync(join(repo.dir, one.path))).toBe(false);
    expect(await trustOf(one.id)).toBe('own');
    const back = await moveRecord(await memoryAt(repo.dir), one.id, 'local');
    expect(back).toMatchObject({ to: one.path, isTracked: false });
    expect(repo.git('status', '--short')).toBe('');
  });

  it('takes a tracked record out of the working tree alone, and says that git has it', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    expect(await moveRecord(await memoryAt(repo.dir), one.id, 'local')).toMatchObject({ isTracked: true });
    expect(repo.git('status', '--short').trim()).toBe(`D ${one.path}`);
    expect((await stage()).left).toMatchObject([{ id: one.id, why: expect.stringContaining('this machine alone') }]);
  });

  it('forgets a record that other branches have instead of deleting its file, and keeps a copy here', async () => {
    const one = await add('Queues retry twice before they give up');
    commitAll(repo, 'memory');
    repo.git('checkout', '-qb', 'work');
    const moved = await moveRecord(await memoryAt(repo.dir), one.id, 'local');
    expect(moved).toMatchObject({ title: 'Queues retry twice before they give up', keptAs: { id: one.id } });
    expect(moved.id).not.toBe(one.id);
    expect(repo.git('status', '--short', '-uall').trim()).toBe(`?? ${moved.keptAs?.tombstone ?? ''}`);
    const { byId, problems } = await readRecordSet(await memoryAt(repo.dir));
    expect(byId.get(one.id)?.isActive).toBe(false);
    expect(byId.get(moved.id)).toMatchObject({ isActive: true, isHere: true, trust: 'local' });
    expect(problems).toEqual([]);
    commitAll(repo, 'unshare');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', 'work');
    expect((await readRecordSet(await memoryAt(repo.dir))).byId.get(moved.id)).toMatchObject({
      isActive: true,
      isHere: true,
    });
  });

  it('shares no secret that was written into a local file', async () => {
    const one = await add('A local finding about queues', { type: 'discovery' });
    const secret = shapedTypes['githubPat']?.make(seededRandom(1)) ?? '';
    repo.write(one.path, `${repo.read(one.path)}\nThe token is ${secret}.\n`);
    await expect(moveRecord(await memoryAt(repo.dir), one.id, 'shared')).rejects.toMatchObject({ code: 'private' });
    expect(repo.git('status', '--short')).toBe('');
  });

  it('refuses a record that is already in the tier', async () => {
    const one = await add('Queues retry twice before they give up');
    await expect(moveRecord(await memoryAt(repo.dir), one.id, 'shared')).rejects.toMatchObject({ code: 'usage' });
  });
});
