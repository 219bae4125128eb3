import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendLedger } from '../../src/git/state/ledger.ts';
import { findMemoryHere } from '../../src/memory/open.ts';
import { blobId } from '../../src/store/blob.ts';
import { runCli } from '../helpers/built-cli.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryRepo, recordFile, recordPath } from './memory-at.ts';
import { cacheOf, envNow, failAt, find, findAnew, pathWithGit, pause } from './records-at.ts';

let repo: TempRepo;
/** So long ago that nothing fades any further while a test runs. */
const created = '2026-01-01T12:00:00Z';
const textOf = (id: string, title: string, more: object = {}): string => recordFile({ id, title, created, ...more });
const put = (id: string, title: string, more: object = {}): string =>
  repo.write(recordPath(id), textOf(id, title, more));
const local = '.claude-mem/local/observations/2026/11/2026-11-20-x-b0000009.md';

beforeEach(async () => {
  repo = memoryRepo({ 'src/queue.ts': 'one\ntwo\n' });
  put('b0000001', 'The queue retries three times', { cites: [{ path: 'src/queue.ts' }] });
  put('b0000002', 'The socket is closed by the pool', { session: 's1' });
  put('b0000003', 'The cache is written by rename', { session: 's1', type: 'change' });
  commitAll(repo, 'memory');
  repo.git('checkout', '-qb', 'pull');
  put('b0000002', 'The socket is a stranger of the queue', { session: 's1' });
  commitAll(repo, 'pull');
  repo.git('checkout', '-q', 'main');
  put('b0000004', 'The queue is drained by hand');
  repo.write(local, textOf('b0000009', 'The queue of this machine'));
  await pause();
});
afterEach(() => repo.remove());

const recordsFile = (): string => {
  const name = readdirSync(cacheOf(repo)).find((one) => one.startsWith('records-v'));
  return join(cacheOf(repo), name ?? 'none');
};

/** Between them they find every record, whatever is done to it. */
const questions = ['does the queue retry for a stranger of the socket', 'a fourth thing of the cache by rename'];
const fileOf = (id: string): string => join(repo.dir, id === 'b0000009' ? local : recordPath(id));
const ids = ['b0000001', 'b0000002', 'b0000003', 'b0000004', 'b0000009'];
const append = (id: string): void => appendFileSync(fileOf(id), 'A fourth thing of the queue.\n');
const rewrite = (id: string, title: string, more: object = {}): void =>
  writeFileSync(fileOf(id), textOf(id, title, more));

/** As many editors do it. */
function replace(path: string): void {
  writeFileSync(`${path}~`, `${readFileSync(path, 'utf8')}A fourth thing, renamed in.\n`);
  renameSync(`${path}~`, path);
}

/** In place, but for the last three no folder's time moves; no name does. */
const edits: Record<string, (id: string) => void> = {
  'gets a sentence': append,
  'loses its last letters': (id) => writeFileSync(fileOf(id), readFileSync(fileOf(id), 'utf8').replace(/...\n$/, '\n')),
  'is touched': (id) => utimesSync(fileOf(id), new Date(), new Date()),
  'gets another type': (id) => rewrite(id, 'The queue is a fourth thing', { type: 'progress', session: 's1' }),
  'gets another title': (id) => rewrite(id, 'A fourth thing of the cache'),
  'replaces another': (id) => rewrite(id, 'The queue retries twice', { supersedes: ['b0000001'] }),
  'becomes a tombstone': (id) => rewrite(id, 'Gone', { type: 'tombstone', forgets: ['b0000003'] }),
  'moves to another session': (id) => rewrite(id, 'The socket is a fourth thing', { session: 's2' }),
  'moves in time': (id) => rewrite(id, 'The socket is a fourth thing', { created: '2026-02-01T12:00:00Z' }),
  'belongs to another branch': (id) => rewrite(id, 'The queue of a branch', { branch: 'pull' }),
  'cites another file': (id) => rewrite(id, 'The queue cites nothing', { cites: [{ path: 'src/gone.ts' }] }),
  'is no record any more': (id) => writeFileSync(fileOf(id), 'no record\n'),
  'is what a stranger wrote': (id) =>
    writeFileSync(fileOf(id), repo.git('show', `pull:${recordPath('b0000002')}`).replaceAll('b0000002', id)),
  'is, letter by letter, what stands in another branch': (id) =>
    writeFileSync(fileOf(id), repo.git('show', `pull:${recordPath('b0000002')}`)),
  'is as HEAD has it': (id) => {
    if (id !== 'b0000004' && id !== 'b0000009') writeFileSync(fileOf(id), repo.git('show', `HEAD:${recordPath(id)}`));
  },
  'gets Windows line ends': (id) =>
    writeFileSync(fileOf(id), readFileSync(fileOf(id), 'utf8').replace(/\r?\n/g, '\r\n')),
  'is ours by the ledger': (id) => {
    append(id);
    const blob = blobId(readFileSync(fileOf(id)));
    appendLedger(findMemoryHere(envNow(repo)), [{ id, blob, at: '2026-11-20T12:00:00Z', onDefault: true }]);
  },
  'is replaced by rename': (id) => replace(fileOf(id)),
  'is left alone while a file comes and goes beside it': (id) => {
    writeFileSync(`${fileOf(id)}~`, 'x');
    unlinkSync(`${fileOf(id)}~`);
  },
  'changes places with another file': (id) => {
    const other = fileOf(ids[(ids.indexOf(id) + 1) % ids.length]!);
    const [one, two] = [readFileSync(fileOf(id)), readFileSync(other)];
    writeFileSync(`${other}~`, one);
    renameSync(`${other}~`, other);
    writeFileSync(fileOf(id), two);
  },
};

/** A function that is true while the records file itself is as it is now. */
function recordsMark(): () => boolean {
  const markOf = (): string => `${statSync(recordsFile()).ino} ${statSync(recordsFile()).mtimeMs}`;
  const mark = markOf();
  return () => markOf() === mark;
}

async function expectTruth(asked = questions): Promise<void> {
  for (const question of asked) expect(await find(repo, question)).toEqual(await findAnew(repo, question));
}

describe('cached records of which some are edited in place', () => {
  for (const [at, [what, edit]] of Object.entries(edits).entries())
    it(`is right when a record ${what}`, async () => {
      await find(repo, questions[0]!);
      // Every second record, in turn; all of them with all of it below.
      for (const id of ids.filter((_, n) => (n + at) % 2 === 0)) {
        edit(id);
        await pause();
        await expectTruth(['a fourth thing of the queue, the socket or the cache, or a stranger']);
      }
      append('b0000003');
      await expectTruth();
    });

  it('is right where git is told not to look at a file, or shows none of them', async () => {
    repo.git('update-index', '--assume-unchanged', recordPath('b0000001'));
    repo.git('update-index', '--skip-worktree', recordPath('b0000002'));
    for (const ignored of ['', '.claude-mem/\n']) {
      repo.write('.gitignore', ignored);
      await find(repo, questions[0]!);
      for (const id of ids) {
        append(id);
        await pause();
        await expectTruth();
      }
    }
  });

  it('is right when a record is again what we wrote on the default branch, which HEAD holds', async () => {
    const ours = textOf('b0000004', 'The queue is a fourth thing of ours');
    const commit = repo.git('rev-parse', 'HEAD').trim();
    repo.git('checkout', '-qb', 'work');
    repo.git('commit', '-q', '--allow-empty', '-m', 'work');
    appendLedger(findMemoryHere(envNow(repo)), [
      {
        id: 'b0000004',
        blob: blobId(Buffer.from(ours)),
        at: '2026-11-20T12:00:00Z',
        branch: 'main',
        onDefault: true,
        commit,
      },
    ]);
    await pause();
    await find(repo, questions[0]!);
    writeFileSync(fileOf('b0000004'), ours);
    await pause();
    await expectTruth();
  });

  it('is right without git', async () => {
    await find(repo, questions[0]!);
    rmSync(join(repo.dir, '.git'), { recursive: true });
    const caches = join(repo.dir, '.claude-mem/local/.repomem/cache');
    await find(repo, questions[0]!);
    for (const id of ids) {
      append(id);
      await pause();
      const found = await find(repo, 'fourth thing');
      rmSync(caches, { recursive: true, force: true });
      expect(found).toEqual(await find(repo, 'fourth thing'));
    }
  });

  it('is right after any of it in any order', async () => {
    await find(repo, questions[0]!);
    // The same walk each time: a generator of linear congruences.
    let state = 7;
    const random = (below: number): number => (state = (state * 1103515245 + 12345) % 2 ** 31) % below;
    const doings = Object.values(edits);
    for (let step = 0; step < 25; step++) {
      for (let count = random(3); count >= 0; count--) doings[random(doings.length)]!(ids[random(ids.length)]!);
      if (random(3) > 0) await pause();
      await expectTruth();
    }
  });

  it('looks at all when git does not answer', async () => {
    await find(repo, questions[0]!);
    append('b0000004');
    await pause();
    const env = { PATH: pathWithGit(repo, failAt('cat-file')) };
    expect((await runCli(['search', 'fourth thing', '--json'], { cwd: repo.dir, env })).code).toBeLessThan(2);
    await expectTruth();
  });

  it('lie beside the cache while they are few, and are written into it when they are many', async () => {
    for (let at = 100; at < 340; at++) put(`b0000${at}`, `The queue of number ${at}`);
    await pause();
    await find(repo, questions[0]!);
    const isKept = recordsMark();
    for (let at = 100; at < 110; at++) append(`b0000${at}`);
    await pause();
    await expectTruth();
    expect(isKept()).toBe(true);
    for (let at = 110; at < 120; at++) append(`b0000${at}`);
    await pause();
    await expectTruth();
    expect(isKept()).toBe(false);
  });
});
