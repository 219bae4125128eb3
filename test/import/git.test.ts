import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder, tempDir, tempRepo } from '../helpers/temp-repo.ts';
import { readCommit } from '../../src/import/commit-reasons.ts';
import { allTexts, fixtures, importPlace, type Report } from './place.ts';

let home: string;
beforeEach(() => (home = tempDir()));
afterEach(() => removeFolder(home));

it('makes records of commits that say why, cited as of the commit, and shares what still holds when asked', async () => {
  const dir = join(home, 'orders-api');
  execFileSync(process.execPath, [join(fixtures, 'git-history/build.mjs'), dir]);
  const json = async (...args: string[]): Promise<Report> => {
    const { stdout } = await runCli(args, { cwd: dir, home });
    return (JSON.parse(stdout) as { sources: Report[] }).sources[0]!;
  };
  await runCli(['init', '--yes'], { cwd: dir, home });
  const { records } = await json('import', 'git', '--share', '--json');
  expect(records.map(({ type, title }) => `${type}: ${title}`)).toEqual([
    'bugfix: Flush pending jobs on SIGTERM',
    'dead-end: Tried and taken back: Cache the order list in Redis',
    'decision: Index orders(customer_id, created_at)',
    'feature: Rotate refresh tokens on every use',
    'decision: Move the worker into its own package',
  ]);
  expect(records.every(({ tier }) => tier === 'shared')).toBe(true);
  const texts = allTexts(join(dir, '.claude-mem'));
  expect(texts).toMatch(/path: migrations\/0009_index.sql, lines: 1-2, blob: 60366f05b7, text: /);
  expect(texts).not.toMatch(/not-a-real-password|anna@|noreply@|Co-Authored-By/);
  expect((await json('import', 'git', '--json')).records).toEqual([]);
});

it('leaves bots, bumps, formats, trailers and bare facts alone', () => {
  const read = (subject: string, body = '', author = 'A <a@example.com>'): unknown =>
    readCommit({ id: 'a', subject, body, author });
  const why = 'The old loop lost events because two timers raced. Now one timer drives both of them.';
  expect(read('fix: drain the queue', why)).toMatchObject({ type: 'bugfix', title: 'Drain the queue', body: why });
  const trailers = 'Fixes example/queue#3\n\nAuto-Submit: Ann A <a@example.com>\nTrust: Ann A\nRun-Bot: Ann A';
  expect(read('fix: drain the queue', `${why}\n\n${trailers}`)).toMatchObject({ body: why });
  for (const [subject, body, author] of [
    ['fix: drain the queue', 'Fixes: #12\nSigned-off-by: A <a@example.com>'],
    ['Bump x from 1 to 2', why],
    ['wip', why],
    ['chore(release): 1.2.0', why],
    ['Merge branch main into x', why],
    ['fix: drain the queue', why, 'dependabot[bot] <x@example.com>'],
    ['test: keep the queue from racing', why],
    ['Fix flaky tests of the queue', why],
    ['Remove unused parameter of the queue', why],
    ['Fix lint errors', why],
    ['Revert "Drain the queue"', 'This was merged by accident because the branch had the wrong name.'],
    ['Drain the queue (#3)', '* drain it\n\n* say why, since a reviewer asked\n\n* fix name'],
    [
      'Drain the queue (#3)',
      `* Drain it\n\n${why}\n\n* Move the drain to the timer per review\n\nIt is called there instead.`,
    ],
    ['Drain the queue (#3)', `* Drain it\n\n* Give it a timer\n\n${why}`],
    ['Drain the queue (#3)', `* Drain it\n\n${why}\n\n* Drain it on the other thread`],
    ['Drain the queue (#3)', `* Drain it\n\n${why}\n\n* Give it a lock\n\nIt lost events before this.`],
    [
      'revert: make the queue required',
      'It says that there is no queue to revert, because none was named on the line.',
    ],
    ['Drain the queue', 'I tried two timers because one lost events. I think that one is better. My guess is a race.'],
    ['Drain the queue', `Hello! ${why}`],
    ['queue/internal/test/fake: drain the queue', why],
    ['Merge commit from fork', `${why.split('. ')[0]}.`],
    ['feat: add a button', 'It is blue. It is round and stands on the left of the page.'],
    ['Minor fixes and improvements', why],
    ['Update the queue library to 2.4.1', why],
    ['Document the queue', why],
    ["Squashed 'deps/queue/' changes from f8de9a4bd..b6a052fe0", why],
    ['Add initial support for queues', why],
    ['Fix typing of the queue', why],
    ['Drain the queue', `This is needed by a later step. In a subsequent commit the old queue goes.\n\n${why}`],
    ['Drain the queue', 'The queue is now drained when the worker stops, so that the queue is drained.'],
    ['Drain the queue', `${why} This is just a cleanup.`],
    ['Avoid cloning the names of queues', why],
    ['Revert "Drain the queue"', 'For some reason this breaks the build of one of us; we will look at it again soon.'],
    ['Revert "Merge pull request #7 from a/queue"', 'Customers saw the jobs of others: the queue is one for all.'],
    [
      'Revert "Drain"',
      'This reverts commit 1234567, reversing\nchanges made to 89abcde89abcde89abcde89abcde89abcde89abc.',
    ],
  ] as const)
    expect([subject, read(subject, body, author)]).toEqual([subject, undefined]);
});

it('names a nameless merge by what it says, and the part of the code before a colon', () => {
  const why = 'The old loop lost events because two timers raced. Now one timer drives both of them.';
  const read = (subject: string, body = why): unknown =>
    readCommit({ id: 'a', subject, body, author: 'A <a@example.com>' });
  expect(read('Merge commit from fork')).toMatchObject({ title: 'The old loop lost events because two timers raced' });
  const torn = `the worker ends, since\ntwo timers raced. Now the queue stays.\n\n${why}`;
  expect(
    read('Drain the queue before a timer drops all the events that are left in the queue when', torn),
  ).toMatchObject({
    title:
      'Drain the queue before a timer drops all the events that are left in the queue when the worker ends, since two timers raced',
    body: `Now the queue stays.\n\n${why}`,
  });
  const quoted = `> The cache of the older release was never emptied when the worker\nended, as somebody wrote in the thread.\n\n${why}`;
  expect(read('Empty the cache', quoted)).toMatchObject({ body: why });
  expect(read('queue(unstable): add a timer')).toMatchObject({
    type: 'feature',
    title: 'queue(unstable): Add a timer',
  });
  expect(read('Drain the queue (#3)', `* Drain it\n\n${why}\n\n* Fix a name`)).toMatchObject({ body: why });
});

it('keeps of a message what stands by itself: no lead-in to nothing, no section of a template, no aside', () => {
  const why = 'The old loop lost events on every deploy of a worker, because two of its timers raced each other.';
  const bodyOf = (body: string): string | undefined =>
    readCommit({ id: 'a', subject: 'Drain the queue at once', body, author: 'A <a@example.com>' })?.body;
  const more = 'The loop never ended.';
  for (const [body, kept] of [
    [
      `${why}\n\nIt failed on every deploy, as follows:\n\`\`\`\nError: lost\n\`\`\``,
      `${why}\n\nIt failed on every deploy.`,
    ],
    [`${why}\n\nThe following shows it:\n\n    drain()\n\n${more}`, `${why}\n\n${more}`],
    [
      `${why} It never ended, see\nhttps://example.com/issues/4`,
      `${why} It never ended, see https://example.com/issues/4`,
    ],
    [`#### What type of PR is this?\n/kind bug\n#### What it does\n${why}\n#### How to test\nRun it.`, why],
    [`${why} Happy to split this. ${more} Thanks to somebody for the report.`, `${why} ${more}`],
    [
      `${why}\n\nThere were two reasons for it:\n\n1. Both timers start\n    at once.\n2. No lock\n\n${more}`,
      `${why}\n\nThere were two reasons for it:\n\n- Both timers start at once.\n- No lock\n\n${more}`,
    ],
    [`${why}\n\nChanges:\n\n- Rename the timer\n- Update the tests\n\n${more}`, `${why}\n\n${more}`],
    [`${why} I'll make the other loop do the same. We'll want this for the worker as well. ${more}`, `${why} ${more}`],
    [`${why} Git-bisect points to 1234567, which raced. However that was mended since. ${more}`, `${why} ${more}`],
    [`Right now, a worker races its own timer. ${why}`, `Before this, a worker races its own timer. ${why}`],
    [`${why} The call that ends it becomes:\n\n    drain()\n\n${more}`, `${why}\n\n${more}`],
    [`${why}\n\nAlternatively, the worker could hold a lock of its own.`, why],
    [
      `${why} Alternatively, the worker could hold a lock, but it would block.`,
      `${why} Alternatively, the worker could hold a lock, but it would block.`,
    ],
    [`${why}\n\nAlso:\n- pass the timer on, because it was lost on the way to the worker and its queue`, why],
    [`${why}\n\n${'-'.repeat(65)}\nThe timer is one of two.`, `${why}\n\nThe timer is one of two.`],
    [`${why} It picks\nfirst-of-two: the timer that fired.`, `${why} It picks first-of-two: the timer that fired.`],
    [`Assisted by: Tool 4.6\n${why} ${more} Is there a better way?\nFollow-up to 6694a42aa0 #19798`, `${why} ${more}`],
    [
      `${why}\n\n| a | b |\n|---|---|\n\n~~${more}~~ The [timer](https://example.com) is one.`,
      `${why}\n\nThe timer is one.`,
    ],
    ['因为两个定时器同时启动，所以事件会丢失。'.repeat(5), '因为两个定时器同时启动，所以事件会丢失。'.repeat(5)],
  ] as const)
    expect(bodyOf(body)).toBe(kept);
});

it('tells a commit once, and no dead end that came back', async () => {
  const { repo, imported } = await importPlace();
  let count = 0;
  const commit = (message: string): void => {
    repo.write('src/queue.ts', `${++count}\n`);
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', message);
  };
  const why = 'The old loop lost events on every deploy of a worker, because two of its timers raced each other.';
  const undone = 'Customers saw the jobs of others, since the queue is one for all of them and knows no owner.';
  commit(`fix: drain the queue\n\n${why}`);
  commit(`fix: drain the queue (#2)\n\n${why}`);
  commit(`feat: share the queue (#3)\n\n${why.replace('old', 'new')}`);
  commit(`Revert "feat: give all workers one queue"\n\nThis reverts a/queue#3.\n\n${undone}`);
  commit(`feat: cache the jobs of a worker\n\n${why.replace('old', 'slow')}`);
  commit(`Revert "feat: cache the jobs of a worker"\n\n${undone}`);
  commit(`feat: re-cache the jobs of a worker`);
  commit(`fix: give the worker a lock\n\n${why.replace('old', 'open')}`);
  const id = repo.git('rev-parse', '--short=9', 'HEAD').trim();
  commit(`fix: give the queue a lock\n\n${id} gave the worker one.`);
  commit(
    `fix: wake the queue\n\n${why.replace('two of its timers', 'two calls of `wakeUpTheWorkers`')}`.replace(
      'old',
      'last',
    ),
  );
  const { records, skipped } = await imported('git', '--all');
  expect(records.map(({ title }) => title).sort()).toEqual([
    'Drain the queue',
    'Tried and taken back: Give all workers one queue',
  ]);
  expect(skipped).toMatchObject({
    'commits that a merge tells again': 1,
    'commits that were taken back': 2,
    'commits that a later one corrects': 1,
    'commits that name what neither they nor the code has': 1,
    'reverts of what came back': 1,
  });
});

it('cites a commit of a merged branch as that branch had it', async () => {
  const repo = tempRepo({ 'src/queue.ts': 'export const limit = 1;\n' }, { at: join(home, 'repo') });
  const { git, write } = repo;
  git('checkout', '-qb', 'topic');
  write('src/queue.ts', 'export const limit = 1;\nexport const wait = 30;\n');
  git(
    'commit',
    '-qam',
    'Fix lost jobs: wait for the queue\n\nJobs were lost on every deploy, because the worker ended while the queue still held some of them.',
  );
  const own = git('rev-parse', 'HEAD:src/queue.ts').trim();
  git('checkout', '-q', 'main');
  write('src/queue.ts', 'export const size = 9;\nexport const limit = 1;\n');
  git('commit', '-qam', 'size');
  git('merge', '-q', '-X', 'ours', '-m', 'Merge topic', 'topic');
  await runCli(['init', '--yes'], { cwd: repo.dir, home });
  await runCli(['import', 'git', '--json'], { cwd: repo.dir, home });
  expect(allTexts(join(repo.dir, '.claude-mem'))).toContain(
    `path: src/queue.ts, lines: 2-2, blob: ${own.slice(0, 10)}`,
  );
});
