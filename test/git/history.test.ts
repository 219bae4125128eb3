import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readWorkingSet } from '../../src/git/state/read-working-set.ts';
import { blameLine, findMergeBase, readCommit, resolveCommit } from '../../src/git/history/commits.ts';
import {
  diffMemory,
  findAdders,
  findRecordsWith,
  listChanges,
  readMemoryLog,
} from '../../src/git/history/memory-history.ts';
import { recordsAt } from '../../src/git/history/memory-tree.ts';
import { diffFiles } from '../../src/viewer/server/api/file-diffs.ts';
import { takeSnapshot } from '../../src/git/state/snapshot.ts';
import { stageFiles } from '../../src/git/state/add-to-index.ts';
import { blobId } from '../../src/store/blob.ts';
import { tempRepo, type TempRepo } from '../helpers/temp-repo.ts';
import { placeAt, recordPath } from './places.ts';

const other = '.claude-mem/observations/2026/11/2026-11-21-other-2b4c6d8f.md';
let repo: TempRepo;
beforeEach(() => {
  repo = tempRepo({ 'a.txt': 'one\ntwo\nthree\n', '.claude-mem/settings.yaml': 'version: 1\n' });
});
afterEach(() => repo.remove());

function commit(message: string): string {
  repo.git('add', '-A');
  repo.git('commit', '-qm', message);
  return repo.git('rev-parse', 'HEAD').trim();
}

describe('commits', () => {
  it('blames a line on the commit that introduced it, and on none while it is uncommitted', async () => {
    repo.write('a.txt', 'one\n2\nthree\n');
    const id = commit('Say two in digits');
    repo.write('a.txt', 'zero\none\n2\nthree\n');
    const paths = placeAt(repo.dir);
    const blamed = await blameLine(paths, 'a.txt', 3);
    expect(blamed).toMatchObject({ path: 'a.txt', line: 2, text: '2', commit: { id, summary: 'Say two in digits' } });
    expect(blamed.commit).toEqual(readCommit(paths, id));
    expect((await blameLine(paths, 'a.txt', 1)).commit).toBeUndefined();
    await expect(blameLine(paths, 'a.txt', 99)).rejects.toMatchObject({ code: 'git' });
  });

  it.each([
    ['is missing', 'gone'],
    ['is no list of commits', 'a.txt'],
    ['lists a commit of another repository', 'ignored'],
  ])('blames a line where the repository’s own blame.ignoreRevsFile %s', async (_, file) => {
    repo.write('ignored', `${'ab'.repeat(20)}\n`);
    repo.write('a.txt', 'one\n2\nthree\n');
    const id = commit('Say two in digits');
    repo.write('a.txt', 'zero\none\n2\nthree\n');
    repo.git('config', 'blame.ignoreRevsFile', file);
    const paths = placeAt(repo.dir);
    expect(await blameLine(paths, 'a.txt', 3)).toMatchObject({ line: 2, text: '2', commit: { id } });
    expect((await blameLine(paths, 'a.txt', 1)).commit).toBeUndefined();
    await expect(blameLine(paths, 'a.txt', 99)).rejects.toMatchObject({ code: 'git' });
    expect(repo.git('status', '--short')).toBe(' M a.txt\n');
  });

  it('takes no option for a revision', () => {
    const paths = placeAt(repo.dir);
    expect(resolveCommit(paths, 'main')).toMatch(/^[0-9a-f]{40}$/);
    for (const revision of ['--output=x', '', 'nowhere', 'main\0'])
      expect(() => resolveCommit(paths, revision)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('lists changed files with their blobs, renames and odd names included', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    repo.write('b "quoted" ü.txt', `${lines.join('\n')}\n`);
    repo.write('gone.txt', 'x\n');
    const base = commit('base');
    repo.git('mv', 'b "quoted" ü.txt', 'c.txt');
    repo.write('c.txt', `${lines.with(20, 'changed').join('\n')}\n`);
    repo.git('rm', '-q', 'gone.txt');
    repo.write('\nnew :x', 'new\n');
    const head = commit('head');
    const blob = (name: string): string => repo.git('rev-parse', name).trim();
    const changes = await listChanges(placeAt(repo.dir), base, head);
    expect(changes.map(({ commit: _commit, ...change }) => change)).toEqual([
      { status: 'A', from: '\nnew :x', path: '\nnew :x', after: blob('HEAD:\nnew :x') },
      {
        status: 'R',
        from: 'b "quoted" ü.txt',
        path: 'c.txt',
        before: blob(`${base}:b "quoted" ü.txt`),
        after: blob('HEAD:c.txt'),
      },
      { status: 'D', from: 'gone.txt', path: 'gone.txt', before: blob(`${base}:gone.txt`) },
    ]);
    const { files } = await diffFiles(placeAt(repo.dir), { base, head });
    expect(files.map(({ path, rows }) => [path, rows.filter(({ kind }) => kind !== 'same').length])).toEqual([
      ['\nnew :x', 1],
      ['c.txt', 2],
      ['gone.txt', 1],
    ]);
    expect(findMergeBase(placeAt(repo.dir), base, head)).toBe(base);
  });
});

describe('the memory’s history', () => {
  it('names the commit that added a record, also after a squash and a rename', async () => {
    repo.git('checkout', '-qb', 'work');
    repo.write(recordPath, 'first\n');
    commit('on the branch');
    repo.write(recordPath, 'second\n');
    commit('again');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--squash', 'work');
    repo.git('commit', '-qm', 'Squashed');
    const renamed = recordPath.replace('note', 'better-name');
    repo.git('mv', recordPath, renamed);
    commit('rename');
    const adders = await findAdders(placeAt(repo.dir));
    expect(adders.get(renamed)?.summary).toBe('Squashed');
  });

  it('does not take a new record beside a pruned one for a rename', async () => {
    repo.write(recordPath, 'the same words in both\n'.repeat(20));
    const base = commit('one');
    repo.git('rm', '-q', recordPath);
    repo.write(other, `${'the same words in both\n'.repeat(20)}more\n`);
    const head = commit('two');
    const paths = placeAt(repo.dir);
    const changes = await diffMemory(paths, base, head);
    expect(changes.map(({ status, path }) => [status, path])).toEqual([
      ['D', recordPath],
      ['A', other],
    ]);
    expect((await findAdders(paths)).get(other)?.id).toBe(head);
    expect((await readMemoryLog(paths, { since: base })).map((one) => one.commit.summary)).toEqual(['two']);
  });

  it('reads the records of any revision from git’s objects', () => {
    repo.write(recordPath, 'first\n');
    commit('one');
    repo.write(recordPath, 'second\n');
    repo.write(other, 'other\n');
    repo.write('.claude-mem/observations/note.txt', 'no record\n');
    commit('two');
    const at = (revision: string): unknown =>
      recordsAt(placeAt(repo.dir), revision).map(({ path, text }) => [path, text]);
    expect(at('HEAD~1')).toEqual([[recordPath, 'first\n']]);
    expect(at('HEAD')).toEqual([
      [recordPath, 'second\n'],
      [other, 'other\n'],
    ]);
    expect(at('HEAD~2')).toEqual([]);
  });

  it('finds the records added with a commit, or with the merge of its branch', async () => {
    repo.git('checkout', '-qb', 'work');
    repo.write('a.txt', 'changed\n');
    const code = commit('code');
    repo.write(recordPath, 'why\n');
    const memory = commit('memory');
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '--no-edit', 'work');
    const merge = resolveCommit(placeAt(repo.dir), 'HEAD');
    const find = (id: string): Promise<unknown> => findRecordsWith(placeAt(repo.dir), id, 'refs/heads/main');
    expect(await find(memory)).toEqual({ filePaths: [recordPath] });
    expect(await find(code)).toEqual({ filePaths: [recordPath], merge });
    expect(await find(resolveCommit(placeAt(repo.dir), 'HEAD~1'))).toEqual({ filePaths: [] });
  });

  it('compares with the working tree', async () => {
    repo.write(recordPath, 'first\n');
    commit('one');
    repo.write(recordPath, 'second\n');
    repo.write(other, 'other\n');
    const paths = placeAt(repo.dir);
    await stageFiles(paths, [other]);
    expect(await diffMemory(paths, 'HEAD')).toMatchObject([
      { status: 'M', path: recordPath, before: blobId(Buffer.from('first\n')) },
      { status: 'A', path: other, after: blobId(Buffer.from('other\n')) },
    ]);
  });
});

describe('stageFiles', () => {
  it('adds memory files and removed ones, and nothing else', async () => {
    const paths = placeAt(repo.dir);
    repo.write(recordPath, 'x\n');
    repo.write(other, 'x\n');
    commit('two records');
    repo.git('rm', '-q', '--cached', other);
    repo.git('reset', '-q');
    repo.write(recordPath, 'y\n');
    repo.write('a.txt', 'not ours\n');
    const gone = recordPath.replace('note', 'never-there');
    expect(await stageFiles(paths, [recordPath, gone])).toEqual([recordPath]);
    expect(repo.git('diff', '--cached', '--name-only').trim()).toBe(recordPath);
    for (const path of ['a.txt', '.claude-mem/local/x.md', '.claude-mem/../a.txt'])
      await expect(stageFiles(paths, [path])).rejects.toMatchObject({ code: 'private' });
  });

  it('says busy when another git holds the index', async () => {
    repo.write(recordPath, 'x\n');
    writeFileSync(join(repo.dir, '.git/index.lock'), '');
    await expect(stageFiles(placeAt(repo.dir), [recordPath])).rejects.toMatchObject({ code: 'busy' });
  });

  it.each([
    ['commit -a', ['commit', '-qam', 'x']],
    ['commit PATH', ['commit', '-qm', 'x', '--', 'a.txt']],
    ['a plain commit', ['commit', '-qm', 'x']],
  ])('joins the commit under way from a pre-commit hook of %s', async (_, command) => {
    repo.write('a.txt', 'changed\n');
    if (command.length === 3 && command[1] === '-qm') repo.git('add', 'a.txt');
    repo.write(recordPath, 'x\n');
    const script = new URL('stage-in-hook.ts', import.meta.url).pathname;
    const runner = join(repo.dir, '.git/run.mjs');
    const { build } = await import('esbuild');
    await build({
      entryPoints: [script],
      outfile: runner,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
    const hook = join(repo.dir, '.git/hooks/pre-commit');
    writeFileSync(hook, `#!/bin/sh\nexec '${process.execPath}' '${runner}' '${repo.dir}' '${recordPath}'\n`);
    chmodSync(hook, 0o755);
    repo.git(...command);
    expect(repo.git('show', '--format=', '--name-only', 'HEAD').trim().split('\n').sort()).toEqual([
      recordPath,
      'a.txt',
    ]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});

describe('readAtHand', () => {
  it('knows the files of this branch, of the working tree and of the last commits', () => {
    repo.write('old.txt', 'x\n');
    commit('old');
    repo.git('checkout', '-qb', 'work');
    repo.write('b.txt', 'x\n');
    repo.write(recordPath, 'x\n');
    commit('work');
    repo.write('c.txt', 'x\n');
    const snapshot = takeSnapshot(placeAt(repo.dir));
    const { changedFiles, recentFiles, branch } = readWorkingSet(placeAt(repo.dir), snapshot);
    expect([...changedFiles].sort()).toEqual(['b.txt', 'c.txt']);
    expect([...recentFiles]).toEqual(expect.arrayContaining(['b.txt', 'old.txt']));
    expect(branch).toBe('work');
  });
});
