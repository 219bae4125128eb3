import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeCode } from '../../src/agents/claude-code/host.ts';
import { appendLedger } from '../../src/git/state/ledger.ts';
import { answerCall } from '../../src/recall/hook-answer.ts';
import { findMemoryHere } from '../../src/memory/open.ts';
import { blobId } from '../../src/store/blob.ts';
import { runCli } from '../helpers/built-cli.ts';
import type { TempRepo } from '../helpers/temp-repo.ts';
import { commitAll, memoryRepo, recordFile, recordPath } from './memory-at.ts';
import { cacheOf, envNow, failAt, find, findAnew, pathWithGit, pause } from './records-at.ts';

let repo: TempRepo;
const put = (id: string, title: string, more: object = {}): string =>
  repo.write(recordPath(id), recordFile({ id, title, ...more }));

beforeEach(async () => {
  repo = memoryRepo({ 'src/queue.ts': 'one\ntwo\n' });
  put('b0000001', 'The queue retries three times', { cites: [{ path: 'src/queue.ts' }] });
  put('b0000002', 'The socket is closed by the pool');
  put('b0000003', 'The cache is written by rename');
  commitAll(repo, 'memory');
  await pause();
});
afterEach(() => repo.remove());

/** Names of the cache files of one kind. */
const cached = (kind: 'records' | 'verdicts'): string[] => {
  const folder = cacheOf(repo);
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(`${kind}-v`)) : [];
};
const fileOf = (kind: 'records' | 'verdicts'): string => join(cacheOf(repo), cached(kind)[0] ?? 'none');

const questions = ['why does the queue retry', 'who closes the socket', 'cache rename', 'stranger', 'fourth thing'];

describe('records from the cache', () => {
  it('answer as the first look did, and ask no git', async () => {
    const ask = ['search', 'why does the queue retry', '--json'];
    const first = await runCli(ask, { cwd: repo.dir });
    expect(first.code).toBe(0);
    expect(cached('verdicts')).toHaveLength(1);
    const written = statSync(fileOf('verdicts')).mtimeMs;
    // A git that says nothing: whoever asked it would know of no repository, and write what it found.
    // And what the hooks' guard sets is no setting.
    const env = { PATH: pathWithGit(repo, 'exit 1'), REPOMEM_NODE_OPTIONS: '', REPOMEM_AGENT: 'codex' };
    const again = await runCli(ask, { cwd: repo.dir, env });
    expect(again.stdout).toBe(first.stdout);
    expect(statSync(fileOf('verdicts')).mtimeMs).toBe(written);
  });

  const moves: [what: string, move: () => void, before?: () => void][] = [
    ['nothing moves', () => {}],
    ['a record is edited in place', () => appendFileSync(join(repo.dir, recordPath('b0000002')), 'A fourth thing.\n')],
    ['a record is added', () => put('b0000004', 'A fourth thing')],
    ['a record is deleted', () => rmSync(join(repo.dir, recordPath('b0000001')))],
    ['a record is replaced', () => put('b0000004', 'The queue retries twice', { supersedes: ['b0000001'] })],
    [
      'a record is staged, and another committed',
      () => {
        put('b0000004', 'A fourth thing');
        commitAll(repo, 'more');
        put('b0000005', 'Another fourth thing');
        repo.git('add', '-A');
      },
    ],
    [
      'a local record appears',
      () =>
        repo.write(
          '.claude-mem/local/observations/2026/11/2026-11-20-x-b0000005.md',
          recordFile({ id: 'b0000005', title: 'A fourth thing that is local' }),
        ),
    ],
    [
      'a record appears in a folder that was empty',
      () =>
        repo.write(
          '.claude-mem/observations/2026/12/2026-12-01-x-b0000005.md',
          recordFile({ id: 'b0000005', title: 'A fourth thing of another month' }),
        ),
      () => void mkdirSync(join(repo.dir, '.claude-mem/observations/2026/12'), { recursive: true }),
    ],
    ['the cited file changes', () => repo.write('src/queue.ts', 'three\n')],
    ['a branch is checked out', () => void repo.git('checkout', '-qb', 'other')],
    [
      'the branch holds what nobody reviewed',
      () => {
        repo.git('checkout', '-qb', 'pull');
        put('b0000006', 'A stranger of the queue');
        commitAll(repo, 'pull');
      },
    ],
    [
      'a branch is merged that was not reviewed',
      () => {
        repo.git('checkout', '-qb', 'pull');
        put('b0000006', 'A stranger of the queue');
        commitAll(repo, 'pull');
        repo.git('checkout', '-q', 'main');
        repo.git('merge', '-q', 'pull');
      },
    ],
    ['the default branch moves under another', () => void repo.git('update-ref', 'refs/heads/trunk', 'HEAD')],
    [
      'the last commit is taken back, its files left',
      () => {
        put('b0000004', 'A fourth thing');
        commitAll(repo, 'more');
        repo.git('reset', '-q', '--soft', 'HEAD~1');
      },
    ],
    ['all is put aside', () => void (put('b0000004', 'A fourth thing') && repo.git('stash', '-qu'))],
    [
      'HEAD is led to another branch behind the back of all',
      () => void repo.git('symbolic-ref', 'HEAD', 'refs/heads/trunk'),
      () => void (repo.git('branch', 'trunk'), put('b0000004', 'A fourth thing', { branch: 'main' })),
    ],
    [
      'a stranger is trusted',
      () => {
        const memory = readFileSync(join(repo.dir, recordPath('b0000006')));
        appendLedger(findMemoryHere(envNow(repo)), [
          { id: 'b0000006', blob: blobId(memory), at: '2026-11-20T12:00:00Z', onDefault: true },
        ]);
      },
      () => {
        repo.git('checkout', '-qb', 'pull');
        put('b0000006', 'A stranger of the queue');
        commitAll(repo, 'pull');
      },
    ],
    [
      'the settings name another default branch',
      () => void repo.write('.claude-mem/settings.yaml', 'version: 1\ntrust:\n  defaultBranch: pull\n'),
      () => {
        repo.git('checkout', '-qb', 'pull');
        put('b0000006', 'A stranger of the queue');
        commitAll(repo, 'pull');
      },
    ],
    [
      'what replaced a record is forgotten',
      () => {
        put('b0000005', 'Forgotten', { type: 'tombstone', forgets: ['b0000004'] });
        rmSync(join(repo.dir, recordPath('b0000004')));
      },
      () => void put('b0000004', 'The queue retries twice', { supersedes: ['b0000001'] }),
    ],
    [
      'a folder of records is renamed',
      () =>
        renameSync(
          join(repo.dir, '.claude-mem/observations/2026/11'),
          join(repo.dir, '.claude-mem/observations/2026/10'),
        ),
    ],
    ['refs are packed', () => void repo.git('pack-refs', '--all')],
    [
      'a record waits that git does not show, and then does',
      () => repo.write('.gitignore', ''),
      () => {
        repo.write('.gitignore', '.claude-mem/\n');
        put('b0000008', 'A stranger to git');
      },
    ],
    [
      'what stands here uncommitted turns out to be a stranger of elsewhere',
      () => void repo.git('fetch', '-q', join(repo.dir, '.git/elsewhere'), 'pull'),
      () => {
        repo.git('checkout', '-qb', 'pull');
        put('b0000006', 'A stranger of the queue');
        commitAll(repo, 'pull');
        repo.git('clone', '-q', '--bare', '.', '.git/elsewhere');
        repo.git('checkout', '-q', 'main');
        repo.git('branch', '-qD', 'pull');
        put('b0000006', 'A stranger of the queue');
      },
    ],
    ['a broken record is there', () => repo.write(recordPath('b0000007'), 'no record\n')],
  ];
  for (const [what, move, before] of moves)
    it(`is right when ${what}`, async () => {
      before?.();
      await pause();
      await find(repo, questions[0]!);
      expect(cached('verdicts')).toHaveLength(1);
      move();
      await pause();
      const kept = [];
      // Twice: the second look rests on what the first one kept.
      for (const question of [...questions, ...questions]) kept.push(await find(repo, question));
      for (const [at, question] of [...questions, ...questions].entries())
        expect(kept[at]).toEqual(await findAnew(repo, question));
    });

  it('sees a broken record mended in place', async () => {
    repo.write(recordPath('b0000007'), 'no record\n');
    await pause();
    expect(await find(repo, 'mended')).toEqual([]);
    writeFileSync(join(repo.dir, recordPath('b0000007')), recordFile({ id: 'b0000007', title: 'Mended at last' }));
    expect(await find(repo, 'mended')).toHaveLength(1);
  });

  it('is made anew when it is damaged, cut short or of another time', async () => {
    const truth = await find(repo, questions[0]!);
    for (const kind of ['records', 'verdicts'] as const) {
      const whole = readFileSync(fileOf(kind));
      for (const at of [3, 20, 200, Math.floor(whole.length / 2), whole.length - 5]) {
        const bytes = Buffer.from(whole);
        bytes[at] = bytes[at]! ^ 0xff;
        for (const damaged of [bytes, whole.subarray(0, at)]) {
          writeFileSync(fileOf(kind), damaged);
          expect(await find(repo, questions[0]!)).toEqual(truth);
        }
      }
    }
  });

  it('is not kept while something is younger than a tick of the clock', async () => {
    const soon = new Date(Date.now() + 60_000);
    utimesSync(join(repo.dir, recordPath('b0000001')), soon, soon);
    await find(repo, questions[0]!);
    expect(cached('verdicts')).toHaveLength(0);
  });

  it('is not kept within a second that its clock cannot tell from the next', async () => {
    const whole = new Date(Math.floor(Date.now() / 1000) * 1000);
    utimesSync(join(repo.dir, recordPath('b0000001')), whole, whole);
    await pause();
    await find(repo, questions[0]!);
    expect(cached('verdicts')).toHaveLength(0);
  });

  const failures = ['status', 'for-each-ref', 'ls-files', 'ls-tree', 'cat-file'];
  for (const command of failures)
    it(`keeps nothing when git ${command} gave no answer`, async () => {
      repo.git('checkout', '-qb', 'other');
      put('b0000006', 'A stranger of the queue');
      commitAll(repo, 'other');
      put('b0000009', 'The queue is drained by hand');
      await pause();
      const truth = await findAnew(repo, questions[0]!);
      // What that look found out is asked again.
      rmSync(join(repo.dir, '.git/repomem/ledger-seen.jsonl'), { force: true });
      const PATH = pathWithGit(repo, failAt(command));
      const bad = await runCli(['search', questions[0]!, '--json'], { cwd: repo.dir, env: { PATH } });
      expect(bad.code).toBeLessThan(2);
      expect(cached('verdicts')).toHaveLength(0);
      expect(await find(repo, questions[0]!)).toEqual(truth);
    });

  it('tells a prompt what stands now, also where a record was edited in place', async () => {
    const paths = findMemoryHere(envNow(repo));
    let sessions = 0;
    const ask = async (prompt: string): Promise<string> => {
      const call = (more: object) => claudeCode.readCall({ session_id: `s${sessions}`, cwd: repo.dir, ...more });
      sessions += 1;
      await answerCall(envNow(repo), paths, call({ hook_event_name: 'SessionStart', source: 'startup' }));
      return (
        (await answerCall(envNow(repo), paths, call({ hook_event_name: 'UserPromptSubmit', prompt })))?.context ?? ''
      );
    };
    const question = 'Why does the queue retry three times?';
    expect(await ask(question)).toContain('The queue retries three times');
    expect(await ask(question)).toContain('The queue retries three times');
    expect(cached('verdicts')).toHaveLength(1);
    const file = join(repo.dir, recordPath('b0000001'));
    writeFileSync(file, readFileSync(file, 'utf8').replace('retries three times', 'retries thrice, three times'));
    expect(await ask(question)).toContain('The queue retries thrice');
  });
});
