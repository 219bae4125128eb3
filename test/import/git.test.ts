import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCli } from '../helpers/built-cli.ts';
import { removeFolder, tempDir } from '../helpers/temp-repo.ts';
import { readCommit } from '../../src/import/commit-reasons.ts';
import { allTexts, fixtures, type Report } from './place.ts';

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
    ['feat: add a button', 'It is blue. It is round and stands on the left of the page.'],
  ] as const)
    expect([subject, read(subject, body, author)]).toEqual([subject, undefined]);
});

it('names a nameless merge by what it says, and the part of the code before a colon', () => {
  const why = 'The old loop lost events because two timers raced. Now one timer drives both of them.';
  const read = (subject: string, body = why): unknown =>
    readCommit({ id: 'a', subject, body, author: 'A <a@example.com>' });
  expect(read('Merge commit from fork')).toMatchObject({ title: 'The old loop lost events because two timers raced' });
  const quoted = `> The cache of the older release was never emptied when the worker\nended, as somebody wrote in the thread.\n\n${why}`;
  expect(read('Empty the cache', quoted)).toMatchObject({ body: why });
  expect(read('queue(unstable): add a timer')).toMatchObject({
    type: 'feature',
    title: 'queue(unstable): Add a timer',
  });
  expect(read('Drain the queue (#3)', `* Drain it\n\n${why}\n\n* Fix a name`)).toMatchObject({ body: why });
});
