// States of then: what a session found, tried or wrote on its way is not told as if it held at its end.
import { expect, test } from 'vitest';
import { commit, edits, failed, ran, says, told, user } from '../session/told.ts';
import { compressEvents, draftsOf, textOf, toldBy } from './session.ts';

const found = 'The gate in `check_plan()` of `src/plan.py` can never fire, because `complete` is a literal.';

test('what a look at the code found goes when code was edited after it', async () => {
  const looked = [user('why does the check pass?'), ran('cat src/plan.py', 'complete = True'), says(found)];
  const kept = await toldBy(told(...looked));
  expect(kept).toContain('can never fire');
  const after = [user('mend it'), edits('src/scan.py', 'a = 1', 'a = scan()'), says('`scan()` sets `a` in `scan.py`.')];
  expect(await toldBy(told(...looked, ...after))).not.toContain('can never fire');
});

test.each([
  ['code in another language', edits('web/form.ts', 'const a = 1;', 'const a = 2;')],
  ['prose', edits('README.md', 'old words', 'new words')],
  ['a scratch file', edits('…/probe.py', '', 'print(1)')],
])('what a look at the code found stays when %s was edited after it', async (_what, edit) => {
  const session = told(
    user('why does the check pass?'),
    ran('cat src/plan.py', 'complete = True'),
    says(found),
    user('go on'),
    edit,
    says('Done.'),
  );
  expect(await toldBy(session)).toContain('can never fire');
});

test('the account of work goes when much of what it wrote was taken out again', async () => {
  const rows = (from: number, count: number): string =>
    Array.from({ length: count }, (_, index) => `insert('product ${from + index}')`).join('\n');
  const wrote = [
    user('seed two products'),
    edits('src/seed.ts', '', rows(0, 10)),
    says('`seed.ts` fills the table of the shop with one row each.'),
  ];
  const other = (count: number) => [
    user('also seed the shop'),
    edits('src/seed.ts', rows(0, count), rows(100, count)),
    says('The shop is open, because its rows stand in one table.'),
  ];
  expect(await toldBy(told(...wrote, ...other(3)))).toContain('one row each');
  expect(await toldBy(told(...wrote, ...other(5)))).not.toContain('one row each');
});

test('what was said of a command that failed goes when it passed in a later turn', async () => {
  const flash = 'pio run -t upload';
  const broken = [
    user('flash it'),
    failed(flash, 'error: no answer'),
    says('`esp32-cam` does not answer on `ttyUSB0`.'),
  ];
  expect(await toldBy(told(...broken))).toContain('does not answer');
  const passed = [user('ready'), ran(flash, 'SUCCESS'), says('`esp32-cam` runs the scanner of `main.c`.')];
  const kept = await toldBy(told(...broken, ...passed));
  expect(kept).not.toContain('does not answer');
  expect(kept).toContain('runs the scanner');
});

test.each([
  ['No source or test file was touched; `git status` shows `ROADMAP.md` alone.', 'git status'],
  ['The edit of `DECISIONS.md` is unstaged, because it is yours to commit.', 'unstaged'],
])('how the work tree stood goes with the next commit: %s', async (said, gone) => {
  const before = [user('write it down'), edits('ROADMAP.md', '', 'a plan'), says(`${said} \`plan()\` comes first.`)];
  expect(await toldBy(told(...before))).toContain(gone);
  const after = [user('commit'), commit('docs: the plan'), says('Committed.')];
  expect(await toldBy(told(...before, ...after))).not.toContain(gone);
});

const work = [user('do it'), edits('src/form.ts', '', 'export const form = 1;')];

test.each([
  'Phase 4 is complete and verified with `form.ts`.',
  '204 is the answer to another question than that of `form.ts`.',
  'Two changes, no test of `form.ts` was touched.',
  'Everything else is in `form.ts` already, with its tests.',
  'Correctly re-populates the fields of `form.ts` after an error.',
  'Bundle install succeeded for `form.ts` and its tests.',
  'The list of all fields has been looked at and sorted well.',
  '- `form.ts` keeps the fields of its form in one list.',
  '我觉得 `form.ts` 的结构很合理,不需要改动。',
])('is no title: %s', async (sentence) => {
  expect(await draftsOf(told(...work, says(sentence)))).toEqual([]);
});

test('a sentence in a paragraph that names something is a title, or one that gives a reason', async () => {
  for (const sentence of [
    '`form.ts` keeps the fields of its form in one list',
    'The queue stays in memory because a restart loses one job',
  ]) {
    const [draft] = await draftsOf(told(...work, says(`${sentence}. Nothing else was needed for that.`)));
    expect(draft?.title).toBe(sentence);
  }
});

test('a title is not cut at a colon: what follows is the point', async () => {
  const sentence = `Galaxy names the frontier of \`form.ts\` precisely: ${'the missing piece is a registry of all pieces '.repeat(3)}and no more.`;
  expect(await draftsOf(told(...work, says(sentence)))).toEqual([]);
});

test('a title is not cut where the reason turns its sense', async () => {
  const sentence = `\`form.ts\` only catches a short list of fields because ${'the tests hand it the whole list '.repeat(3)}as it was`;
  expect(await draftsOf(told(...work, says(`${sentence}.`)))).toEqual([]);
});

test('what was said on the way to one commit is not told of the next', async () => {
  const remark = 'The `limit` of `src/queue.ts` stands at three calls, as the gateway wants it.';
  const drafts = await draftsOf(
    told(
      user('commit both'),
      edits('src/queue.ts', 'limit = 9', 'limit = 3'),
      says(remark),
      commit('docs: the queue', 'aaaaaaa'),
      edits('src/shop.ts', 'open()', 'open(true)'),
      says('The `open` of `src/shop.ts` takes a flag now, in all of its callers.'),
      commit('feat: the shop opens\n\nIt opens with a flag, because two of its callers need one.', 'bbbbbbb'),
    ),
  );
  const shop = drafts.find(({ facts }) => facts.includes('commit bbbbbbb'));
  expect(shop?.facts.join()).toContain('takes a flag');
  expect(shop?.facts.join()).not.toContain('gateway');
});

test('a section under a proposal goes when something was done since, with the sections below it', async () => {
  const plan =
    '## Implementation Plan\n\n### Key features\n\n- `form.ts` detects records.\n\n## State\n\nThe list of `form.ts` is sorted by name.';
  const before = [user('what would you do?'), says(plan)];
  expect(await toldBy(told(...before))).toContain('detects records');
  const kept = await toldBy(told(...before, user('go'), edits('src/a.css', 'a', 'b'), says('`a.css` is blue.')));
  expect(kept).not.toContain('detects records');
});

test("what follows a shell's prompt is none of the user's words", async () => {
  const { summary } = await compressEvents(
    told(
      user(
        'i want to seed 20 products dev@laptop shop % npm run seed\n\n> seed\nUse async/await or an external flow control mechanism instead.',
      ),
      edits('src/seed.ts', '', 'seed()'),
      says('Fixed.'),
    ),
  );
  expect(summary?.title).toContain('I want to seed 20 products');
  expect(`${summary?.title}${summary?.texts?.join('')}`).not.toContain('flow control');
});

test('a greeting is no part of a title', async () => {
  const { summary } = await compressEvents(told(user('hi claude, seed the products of the shop'), says('Done.')));
  expect(summary?.title).not.toMatch(/claude/i);
  expect(summary?.title).toContain('Seed the products of the shop');
});

const asked = { kind: 'answer' as const, others: ['Argument flag'], why: 'Start simple: all gists are secret.' };

test.each([
  ['How should users specify gist visibility?', 'Visibility', 'Gist visibility: Unlisted only'],
  ['Which visibility do you want?', 'Visibility', 'Visibility: Unlisted only'],
  ['Should the visibility be fixed?', 'Visibility', 'Visibility: Unlisted only'],
  ['What Discord notification format do you want?', 'Notification', 'Discord notification: Unlisted only'],
  ['Which Next.js router shall the worker continue with?', 'Router', 'Router: Unlisted only'],
])('a subject of one word has the noun before it: %s', async (question, subject, title) => {
  const [draft] = await draftsOf(
    told(user('a plugin'), { ...asked, others: [], question, subject, answer: 'Unlisted only' }),
  );
  expect(draft?.title).toBe(title);
});

test.each(['How should we proceed?', 'Which topic shall we take first?', 'What is next?'])(
  'an option of how to go on now is no decision; an answer in own words is one: %s',
  async (question) => {
    const how = { ...asked, question, subject: 'Hook' };
    expect(await draftsOf(told(user('commit'), { ...how, answer: 'Only discuss the design' }))).toEqual([]);
    const own = { ...how, why: '', answer: 'mend what `credo` reports, never skip the hook' };
    expect(textOf(await draftsOf(told(user('commit'), own)))).toContain('never skip the hook');
  },
);

test('neither advice nor sources below the options are options, and a long prompt is a task of its own', async () => {
  const offer =
    'Which store?\n\n- **SQLite**: one file.\n- **Redis**: a server.\n\n**My recommendation**: SQLite.\n\n**Sources**: the manual.';
  const before = [user('where do the jobs go?'), says(offer)];
  const after = [edits('src/jobs.ts', '', 'open()'), says('`src/jobs.ts` opens SQLite in one file.')];
  const [draft] = await draftsOf(told(...before, user('SQLite, please'), ...after));
  expect(draft?.facts.filter((fact) => fact.startsWith('not taken'))).toEqual(['not taken: Redis']);
  const long = `SQLite, please. ${'Read the whole story of the shop first and tell it. '.repeat(9)}`;
  expect((await draftsOf(told(...before, user(long), ...after))).map(({ type }) => type)).not.toContain('decision');
});

test.each([
  [
    'a name of few letters',
    'The `ttl` of `src/a.ts` is ten, because the cache asks for it.',
    'no, `ttl` is wrong',
    'is ten',
  ],
])('what the user refuses by %s is overturned', async (_what, said, prompt, gone) => {
  const before = [user('which?'), ran('cat src/a.ts'), says(said)];
  expect(await toldBy(told(...before))).toContain(gone);
  expect(await toldBy(told(...before, user(prompt), ran('cat src/b.ts'), says('`src/b.ts` holds it.')))).not.toContain(
    gone,
  );
});

test('the cause that the user asked for stands as it was told', async () => {
  const [draft] = await draftsOf(
    told(
      user('why does the export fail?'),
      ran('cat src/out.ts'),
      says(
        `The export of \`src/out.ts\` fails because its encoding has no umlauts. ${'It reads every line of the table once more. '.repeat(12)}`,
      ),
    ),
  );
  expect(draft?.title).toContain('fails because its encoding has no umlauts');
});

test.each([
  ['a comment', edits('src/a.ts', '// old word of limit', '// new word of limit')],
  ['code', edits('src/a.ts', 'export const limit = 3;', 'export const limit = 5;')],
])('a check that passes after %s', async (what, edit) => {
  const drafts = await draftsOf(
    told(
      user('the check fails, repair it'),
      failed('npm run check', 'Error: the limit was reached (src/a.ts:1)'),
      edit,
      edits('src/b.ts', 'one()', 'two()'),
      ran('npm run check', 'ok'),
      says('The `limit` of `src/a.ts` was too small for a burst.'),
    ),
  );
  expect(drafts.some(({ type }) => type === 'bugfix')).toBe(what === 'code');
});

test('what is tried next is no dead end', async () => {
  const put = 'export const cache = new Map();';
  const drafts = await draftsOf(
    told(
      user('make it fast'),
      edits('src/a.ts', 'read()', put),
      says('`src/a.ts` keeps what it read.'),
      user('take it out again'),
      edits('src/a.ts', put, 'read()'),
      says(
        'The next candidate is an index in `src/a.ts`, because it needs no cache. The cache of `src/a.ts` went stale because two processes write.',
      ),
    ),
  );
  expect(drafts.filter(({ type }) => type === 'dead-end').map(({ title }) => title)).toEqual([
    'The cache of `src/a.ts` went stale because two processes write',
  ]);
});

test('an order of work is no choice, and of two refusals in a turn the later one counts', async () => {
  const question =
    'Two findings:\n\n- **Leak**: `open()` leaks.\n- **Race**: `close()` races.\n\nWhich of them shall I fix first?';
  const order = told(
    user('review it'),
    says(question),
    user('the second'),
    edits('src/a.ts', 'close()', 'await close()'),
    says('`close()` of `src/a.ts` waits now.'),
  );
  expect((await draftsOf(order)).map(({ type }) => type)).not.toContain('decision');
  const refuse = (reason: string) =>
    ({ kind: 'verdict', on: 'tool', verdict: 'refused', what: 'Edit src/a.ts', reason }) as const;
  const kept = textOf(
    await draftsOf(
      told(
        user('go'),
        refuse('the logger belongs into its own module'),
        refuse('the logger is a dependency, import it'),
        says('OK.'),
      ),
    ),
  );
  expect(kept).toContain('import it');
  expect(kept).not.toContain('own module');
});

test('sentences about working trees, valid tokens and mail addresses are statements like others', async () => {
  const kept = await toldBy(
    told(
      user('write to dev@example.com about 50% of the users, they get no token'),
      edits('src/scan.ts', 'a()', 'b()'),
      says('`scan()` skips untracked files, and a token of `src/scan.ts` is valid for 30 minutes.'),
      user('next'),
      edits('src/other.ts', 'c()', 'd()'),
      says('`other.ts` calls `d()` in place of `c()`.'),
    ),
  );
  expect(kept).toContain('skips untracked files');
  const { summary } = await compressEvents(
    told(user('write to dev@example.com about 50% of the users'), says('Done.')),
  );
  expect(summary?.request).toContain('of the users');
});

test("of a compaction's errors the cure is told first, and none without a word about it", async () => {
  const long = 'The task was started with a stack in external memory, where the scheduler cannot place one. '.repeat(2);
  const text = `Summary:\n1. Errors and fixes:\n   - **Task not starting**: ${long}Fixed by a stack of \`16KB\` in internal memory.\n   - **Port silent**: ${'and silent '.repeat(40)}\n\n2. Files:\n   - **src/main.c**\n     - \`src/main.c\`\n     - Serves \`/stream\` on port 80\n`;
  const { summary } = await compressEvents(told(user('go on'), { kind: 'summary', text }, says('Ready.')));
  expect(summary?.learned[0]).toMatch(/^Task not starting: Fixed by a stack of `16KB`/);
  expect(summary?.learned.slice(1)).toEqual(['src/main.c: Serves `/stream` on port 80']);
});
