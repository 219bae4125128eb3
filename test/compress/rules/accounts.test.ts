// What is kept of the agent's accounts: long ones in parts, none that was overtaken, each under a title that has a subject.
import { expect, test } from 'vitest';
import type { Draft } from '../../../src/domain/draft.ts';
import { commit, edits, failed, ran, says, told, user } from '../session/told.ts';
import { compressEvents, draftsOf, textOf, toldBy } from './session.ts';

const standing = (...events: Parameters<typeof told>): Promise<Draft[]> => draftsOf(told(...events));

test('a long account is kept in parts, each under a statement of its own', async () => {
  const section = (name: string): string =>
    `## ${name}\n\n\`${name}()\` reads one folder at a time. ${'It skips what the ignore file names, and tells how many files it left out. '.repeat(9)}`;
  const drafts = await standing(
    user('write the three readers'),
    edits('src/readers.ts', '', 'export function readAll() {}'),
    says([section('readOrders'), section('readPrices'), section('readStock')].join('\n\n')),
  );
  const closings = drafts.filter(({ place }) => place === 'local');
  expect(closings.map(({ title }) => title).toSorted()).toEqual([
    '`readOrders()` reads one folder at a time',
    '`readPrices()` reads one folder at a time',
    '`readStock()` reads one folder at a time',
  ]);
  for (const { body } of closings) expect(body.length).toBeLessThanOrEqual(1_100);
});

test.each([
  ['a number', 'the limit of `retry()` is 8 now', 'const limit = 8;', 'const limit = 3;'],
  ['a number with its unit', 'the limit of `retry()` is 8px now', 'limit: 8,', 'limit: 3,'],
  ['a name', 'the limit applies to `retry()` of the cannon', "limit('cannon')", "limit('ember')"],
])('what was said with %s that an edit swapped since is not kept', async (_what, said, before, after) => {
  const drafts = await standing(
    user('set the limit'),
    edits('src/retry.ts', 'limit();', before),
    says(`The file \`src/retry.ts\` has \`retry()\` in one place. In it ${said}.`),
    user('other way please'),
    edits('src/retry.ts', before, after),
    says('It is changed.'),
  );
  expect(textOf(drafts)).not.toContain(said);
});

test('a commit settles what was not committed yet', async () => {
  const kept = await toldBy(
    told(
      user('let readers in'),
      edits('src/guard.ts', 'deny()', 'allow()'),
      says(
        '`guard()` lets readers in now, and only writers are turned away. The change of `guard()` is not committed yet.',
      ),
      user('commit'),
      commit('Let readers in'),
      says('Committed.'),
    ),
  );
  expect(kept).toContain('only writers are turned away');
  expect(kept).not.toContain('not committed yet');
});

test('what says the same again is kept once', async () => {
  const again = 'The board in `src/board.c` must be reset before the next upload';
  const turn = (name: string): Parameters<typeof told> => [
    user(name),
    edits('src/board.c', name, `${name}2`),
    says(`${again}. The loader waits for it at most ten seconds.`),
  ];
  const drafts = await standing(...turn('one'), ...turn('two'), ...turn('three'));
  expect(drafts.filter(({ title }) => title === again)).toHaveLength(1);
});

test.each([
  'Left it alone rather than deleting it silently.',
  'Back to the original eleven rows of the table.',
  'Explicitly notes that phases describe the scope.',
  'Pushed `a1b2c3d` to `main`.',
])('no title without a subject: %s', async (said) => {
  const drafts = await standing(user('go on'), edits('src/a.ts', 'a()', 'b()'), says(said));
  expect(drafts.map(({ title }) => title)).not.toContain(said.slice(0, -1));
});

test('what leads to a statement is not in its title', async () => {
  const drafts = await standing(
    user('go on'),
    edits('src/a.ts', 'a()', 'b()'),
    says('One honest caveat: `b()` holds the lock while it writes. Readers wait for it.'),
  );
  expect(drafts.map(({ title }) => title)).toEqual(['`b()` holds the lock while it writes']);
});

test('pasted output is neither the request nor the name of a session', async () => {
  const log = [
    'will write all messages that need to be translated.',
    'warning: source value 8 is obsolete',
    'warning: target value 8 is obsolete',
    'e: src/plugin.kt:76:11 Conflicting declarations:',
    'Note: recompile for details.',
    'FAILURE: Build failed with an exception.',
  ].join('\n');
  const { summary } = await compressEvents(
    told(
      user(log),
      edits('gradle/versions.toml', 'kotlin = "2.1.10"', 'kotlin = "2.1.0"'),
      says('Try to build again.'),
    ),
  );
  expect(summary?.title).not.toContain('translated');
  expect(summary?.request).not.toContain('obsolete');
  expect(summary?.completed).toContain(
    'Edited: `gradle/versions.toml` (was `kotlin = "2.1.10"`, now `kotlin = "2.1.0"`)',
  );
});

test('an adapted test cures nothing', async () => {
  const drafts = await standing(
    user('skip the confirmation for sso'),
    edits('src/invite.py', 'confirm()', 'confirm() if source != "sso" else None'),
    failed('pytest', "E   AttributeError: 'Invite' has no attribute 'source' (tests/test_invite.py:3)"),
    edits('tests/test_invite.py', 'Invite()', 'Invite(source="mail")'),
    ran('pytest', '3 passed'),
    says('`accept()` skips the confirmation for `sso` invites, and the stand-in of the test has a `source` now.'),
  );
  expect(drafts.map(({ type }) => type)).not.toContain('bugfix');
});

test.each([
  ['a guess', 'maybe `total` should be cast to float before the division'],
  ['a report', 'the `total` of the page still fails, and memory sits at 90 MB'],
])('%s settles nothing', async (_what, prompt) => {
  const drafts = await standing(
    user('how is `total` computed?'),
    says('`total` is a decimal of the database. I would keep it, or cast it where the page shows it. Which one?'),
    user(prompt),
    edits('src/page.rb', 'total / 2', 'total.to_d / 2'),
    says('`total` stays a decimal: a float would lose cents, so the page divides the decimal.'),
  );
  expect(drafts.filter(({ type }) => type === 'decision')).toEqual([]);
});

test('a label before a condition takes that option', async () => {
  const drafts = await standing(
    user('the tower needs knockback, give me options'),
    says('**A) Impulse.** Adds to the speed.\n\n**B) Tween.** Moves along the path.\n\nWhich one?'),
    user('A but only for the cannon'),
    edits('src/tower.ts', 'hit()', 'hit(impulse)'),
    says('The cannon adds an impulse to the enemy that it hits.'),
  );
  const [decision] = drafts.filter(({ type }) => type === 'decision');
  expect(decision?.title).toMatch(/impulse/i);
  expect(decision?.facts).toContain('not taken: Tween.');
});

test.each([
  [
    'I decided to keep `retries` at 3 rather than 10, because every retry doubles the wait.',
    'Decided to keep `retries` at 3 rather than 10',
  ],
  [
    'Ich habe mich entschieden, `retries` bei 3 zu lassen, weil jeder Versuch die Wartezeit verdoppelt.',
    'Ich habe mich entschieden, `retries` bei 3 zu lassen',
  ],
  ['Decidí dejar `retries` en 3, porque cada intento duplica la espera.', 'Decidí dejar `retries` en 3'],
])('a choice that the agent says it made is shared with its reason: %s', async (said, title) => {
  const drafts = await standing(
    user('tune the queue'),
    edits('src/queue.ts', 'retries = 1', 'retries = 3'),
    says(said),
  );
  const [decision] = drafts.filter(({ place }) => place === 'shared');
  expect(decision).toMatchObject({ type: 'decision', title });
  expect(decision?.description).toMatch(/doubles|verdoppelt|duplica/);
});

test('an explanation of what was done instead of something else is no decision', async () => {
  const drafts = await standing(
    user('go on'),
    edits('src/queue.ts', 'retries = 1', 'retries = 3'),
    says('Treated `retries` as a setting rather than a constant, since two callers pass it.'),
  );
  expect(drafts.filter(({ place }) => place === 'shared')).toEqual([]);
});

test.each([
  [
    'one sentence tells cause and choice',
    'The check failed because the limit was 3; I decided to raise it to 5 rather than remove it, because bursts are throttled.',
    ['decision'],
  ],
  [
    'the cause has a sentence of its own',
    '`limit` in `src/a.ts` was too small for a burst of requests. It is 5 now; I chose a higher limit over none because bursts are throttled.',
    ['bugfix', 'decision'],
  ],
])('a cure is told once: %s', async (_where, said, types) => {
  const drafts = await standing(
    user('the check fails, repair it'),
    failed('npm run check', 'Exit code 1\nError: the limit of 3 was reached (src/a.ts:1)'),
    edits('src/a.ts', 'export const limit = 3;', 'export const limit = 5;'),
    ran('npm run check', 'ok'),
    says(said),
  );
  const shared = drafts.filter(({ place }) => place === 'shared');
  expect(shared.map(({ type }) => type).toSorted()).toEqual(types);
  expect(shared.flatMap(({ facts }) => facts)).toContain(
    'was `export const limit = 3;`, now `export const limit = 5;`',
  );
});
