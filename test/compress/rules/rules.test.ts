import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/domain/draft.ts';
import { commit, edits, failed, ran, says, told, user } from '../session/told.ts';
import { compressEvents, draftsOf, textOf, toldBy } from './session.ts';

const sharedOf = (drafts: readonly Draft[]): [string, string][] =>
  drafts.filter(({ place }) => place === 'shared').map(({ type, title }) => [type, title]);

const check = 'npm test -- src/queue';
const failure = 'Exit code 1\nError: queue.db is locked\n    at open (src/queue.ts:3:1)';

describe('the rules', () => {
  it.each([
    ['en', 'From now on use pnpm here, not npm', 'From now on use pnpm here, not npm'],
    ['en', 'Thanks! Never deploy on Fridays, please.', 'Never deploy on Fridays'],
    ['de', 'Ab jetzt bitte keine Tabs mehr in YAML-Dateien.', 'Ab jetzt keine Tabs mehr in YAML-Dateien'],
    [
      'fr',
      "Désormais, les messages d'erreur restent en français.",
      "Désormais, les messages d'erreur restent en français",
    ],
    ['fr', "N'utilise jamais `innerHTML` dans ce dépôt.", "N'utilise jamais `innerHTML` dans ce dépôt"],
    ['es', 'Nunca uses la base de datos de producción.', 'Nunca uses la base de datos de producción'],
    ['pt', 'A partir de agora os testes rodam com `deno test`.', 'A partir de agora os testes rodam com `deno test`'],
    ['it', 'Da ora in poi i log vanno in `var/log`.', 'Da ora in poi i log vanno in `var/log`'],
    ['zh', '以后接口的错误信息都用中文', '以后接口的错误信息都用中文'],
    ['ja', '今後はコミットメッセージを日本語で書くこと', '今後はコミットメッセージを日本語で書くこと'],
  ])('keep a standing instruction as the user said it (%s: %s)', async (_language, prompt, title) => {
    const drafts = await draftsOf(told(user(prompt), says('OK.')));
    expect(sharedOf(drafts)).toEqual([['pattern', title]]);
  });

  it.each([
    'Use the new logger in all modules and always keep the public API as it is',
    'Could we always use pnpm?',
    'It never remembers the bounds of the last roll',
    'Remember to run the tests before you commit',
  ])('take no task, question or description for a rule: %s', async (prompt) => {
    const drafts = await draftsOf(
      told(user(prompt), edits('src/a.ts', 'old()', 'fresh()'), says('`src/a.ts` calls `fresh()` now.')),
    );
    expect(sharedOf(drafts)).toEqual([]);
  });

  it('keep a French session: the choice with its reason, the cure that a check proves, what the agent said last', async () => {
    const drafts = await draftsOf(
      told(
        user('Pour le cache, on prend Redis ou un fichier ?'),
        says(
          'Deux options :\n\n- **Redis** : rapide, mais un serveur de plus\n- **fichier** : rien à installer\n\nJe recommande Redis.',
        ),
        user("Le fichier, personne ne veut d'un serveur de plus."),
        says(
          "D'accord : le cache reste dans le fichier `var/cache.json`, parce que personne ne veut d'un serveur de plus.",
        ),
        user('le test du cache échoue'),
        failed('npm test', 'Exit code 1\nError: cache.json est vide\n    at read (src/cache.ts:9:3)'),
        edits('src/cache.ts', 'return JSON.parse(text)', "return JSON.parse(text || '{}')", 9),
        ran('npm test', 'Tests 3 passed (3)'),
        says('`read()` lisait un fichier vide au premier démarrage. Un fichier vide vaut maintenant `{}`.'),
      ),
    );
    expect(sharedOf(drafts)).toEqual([
      ['decision', "Le cache reste dans le fichier `var/cache.json`, parce que personne ne veut d'un serveur de plus"],
      ['bugfix', '`read()` lisait un fichier vide au premier démarrage'],
    ]);
    expect(drafts[0]?.facts).toContain('not taken: Redis');
    expect(drafts[1]).toMatchObject({
      description: 'Un fichier vide vaut maintenant `{}`.',
      cites: [{ path: 'src/cache.ts', lines: [9, 9] }],
    });
    expect(textOf(drafts)).not.toMatch(/rapide|recommande/);
  });

  it.each<[string, Parameters<typeof told>]>([
    ['no edit came between', [ran('npm ci'), ran(check, 'Tests 4 passed')]],
    ['the edit has nothing to do with it', [edits('README.md', 'one', 'two'), ran(check, 'Tests 4 passed')]],
    ['only a comment changed', [edits('src/queue.ts', '// a', '// b'), ran(check, 'Tests 4 passed')]],
    [
      'the passing run was only started',
      [
        edits('src/queue.ts', 'open(path)', 'open(path, wait)'),
        { kind: 'command', command: check, ok: true, unproven: 'background', output: '' },
      ],
    ],
    [
      'another command passed',
      [edits('src/queue.ts', 'open(path)', 'open(path, wait)'), ran('npm test', 'Tests 9 passed')],
    ],
    [
      'it fails again at the end',
      [edits('src/queue.ts', 'open(path)', 'open(path, wait)'), ran(check, 'Tests 4 passed'), failed(check, failure)],
    ],
    [
      'the edit was put back',
      [
        edits('src/queue.ts', 'open(path)', 'open(path, wait)'),
        ran(check, 'Tests 4 passed'),
        ran('git checkout -- src/queue.ts'),
      ],
    ],
  ])('see no cure where %s', async (_why, rest) => {
    const drafts = await draftsOf(told(user('why does it fail'), failed(check, failure), ...rest));
    expect(drafts.filter(({ type }) => type === 'bugfix')).toEqual([]);
  });

  it('tell a cure without words by the failure and the edit', async () => {
    const drafts = await draftsOf(
      told(
        user('repair it'),
        failed(check, failure),
        edits('src/queue.ts', 'open(path)', 'open(path, { wait: 5 })', 3),
        ran(check, 'Tests 4 passed'),
        says('Done.'),
      ),
    );
    expect(sharedOf(drafts)).toEqual([['bugfix', 'queue.db is locked (cured in `src/queue.ts`)']]);
    expect(drafts[0]?.description).toBe('was `open(path)`, now `open(path, { wait: 5 })`');
  });

  it.each<[string, RegExp, Parameters<typeof told>]>([
    [
      'the user refused',
      /MissingRow/,
      [
        edits('src/rows.ts', 'skip()', 'throw new MissingRow()'),
        says('`parseRows()` throws the new `MissingRow` for an empty line.'),
        user('no, a plain Error like everywhere else'),
        edits('src/rows.ts', 'throw new MissingRow()', 'throw new Error()'),
        says('`parseRows()` throws a plain `Error` for an empty line now.'),
      ],
    ],
    [
      'did not work',
      /Ctrl/,
      [
        says('In the editor `Ctrl + Y` comments a line out.'),
        user('that did not work'),
        ran('grep -n comment keymap.json', 'F7: comment'),
        says('The key is `F7` in this editor.'),
      ],
    ],
    [
      'was mended',
      /0\.5/,
      [
        edits('src/poll.ts', 'DELAY = 1', 'DELAY = 0.5'),
        says('Requests are `0.5` seconds apart in `src/poll.ts`.'),
        user('make them 2 seconds apart'),
        edits('src/poll.ts', 'DELAY = 0.5', 'DELAY = 2'),
        says('Requests are `2` seconds apart in `src/poll.ts`.'),
      ],
    ],
    [
      'was removed',
      /preview\.yml` runs/,
      [
        edits('ci/preview.yml', '', 'on: push'),
        says('The workflow `preview.yml` runs on every push.'),
        user('drop it'),
        ran('rm ci/preview.yml'),
        says('Removed `preview.yml`: the host builds previews of its own for every push.'),
      ],
    ],
    [
      'was counted anew',
      /11 tests/,
      [
        edits('src/a.ts', 'a', 'b'),
        says('The parser of `src/a.ts` is covered by 11 tests.'),
        user('one more case'),
        edits('src/a.test.ts', '', 'case'),
        ran('npx vitest run', 'Tests 12 passed (12)'),
        says('The parser has one more case for `null`.'),
      ],
    ],
  ])('leave out what %s', async (_what, gone, rest) => {
    const standing = await toldBy(told(user('go on with src'), ...rest));
    expect(standing).not.toBe('');
    expect(standing).not.toMatch(gone);
  });

  it('keep a reverted attempt with its reason, and nothing of a plan that was sent back but the ruling', async () => {
    const drafts = await draftsOf(
      told(
        user('try worker threads for the queue'),
        edits('src/queue.ts', 'const jobs = []', 'const jobs = new Worker(run)'),
        failed('node src/queue.ts', 'Exit code 1\nDataCloneError: callbacks could not be cloned'),
        ran('git checkout -- src/queue.ts'),
        says('I gave up on worker threads and reverted `src/queue.ts`: jobs carry callbacks, which cannot be cloned.'),
        user('plan the storage'),
        {
          kind: 'verdict',
          on: 'plan',
          verdict: 'refused',
          what: '',
          reason: 'No MongoDB here. One SQLite file is enough.',
        },
        says('The plan stores jobs in `MongoDB` with three collections.'),
      ),
    );
    expect(sharedOf(drafts)).toEqual([
      [
        'dead-end',
        'Gave up on worker threads and reverted `src/queue.ts`: jobs carry callbacks, which cannot be cloned',
      ],
      ['decision', 'No MongoDB here'],
    ]);
    expect(textOf(drafts)).not.toContain('collections');
  });

  it('tell commits in the summary, with the message of those that say why', async () => {
    const { drafts, summary } = await compressEvents(
      told(
        user('Wait longer for the provider'),
        edits('config.json', '5000', '30000'),
        commit('fix(pay): wait 30 s for the provider\n\nIt answers after 20 s on Mondays.', 'abc1234'),
        commit(
          `feat: retries\n\n- one after\n  10 s\n- ${'another one for each of the regions, '.repeat(12)}\n- none on Sundays`,
          'abc1235',
        ),
        commit('chore: format'),
        says('Done.'),
      ),
    );
    expect(drafts).toEqual([]);
    expect(summary?.completed).toEqual([
      'fix(pay): wait 30 s for the provider (`abc1234`): It answers after 20 s on Mondays',
      'feat: retries (`abc1235`): one after 10 s; none on Sundays',
      'chore: format',
      'Edited: `config.json`',
    ]);
  });

  it('keep a commit with what was said on the way to it as a record, which the summary does not repeat', async () => {
    const { drafts, summary } = await compressEvents(
      told(
        user('Wait longer for the provider'),
        says('The provider answers `pay.retry` after 20 s only when its batch of Mondays is running.'),
        edits('config.json', '"pay.retry": 5000', '"pay.retry": 30000'),
        commit('fix(pay): wait 30 s for the provider\n\nIt answers after 20 s on Mondays.', 'abc1234'),
        says('Done.'),
      ),
    );
    expect(drafts).toMatchObject([
      {
        type: 'bugfix',
        title: 'Wait 30 s for the provider',
        body: 'It answers after 20 s on Mondays.',
        place: 'local',
      },
    ]);
    expect(drafts[0]?.facts[1]).toContain('batch of Mondays');
    expect(summary?.completed[0]).toBe('fix(pay): wait 30 s for the provider (`abc1234`)');
  });

  it.each([
    'The check hit the limit of 3. `limit` is raised to 5 because the gateway throttles bursts.',
    'The check failed because `limit` was 3; it is raised to 5, because the gateway throttles bursts.',
    'Fixed: `limit` was too low for the check. I raised it to 5 because the gateway throttles bursts, and the check passes.',
  ])('keep the cure and its reason with a fix: %s', async (closing) => {
    const drafts = await draftsOf(
      told(
        user('the check fails, repair it'),
        failed('npm run check', 'Exit code 1\nError: the limit of 3 was reached (src/a.ts:1)'),
        edits('src/a.ts', 'export const limit = 3;', 'export const limit = 5;'),
        ran('npm run check', 'ok'),
        says(closing),
      ),
    );
    const [fix] = drafts.filter(({ type }) => type === 'bugfix');
    expect(fix).toMatchObject({
      place: 'shared',
      facts: ['was `export const limit = 3;`, now `export const limit = 5;`'],
    });
    expect(`${fix?.title}; ${fix?.description}`).toMatch(/raised (?:it )?to 5,? because the gateway throttles bursts/);
  });

  it('keep what the agent says now holds, and no next step that was followed by work', async () => {
    const drafts = await draftsOf(
      told(
        user('why does fib crash'),
        edits('fib.py', '', 'if n < 0: raise ValueError("n must be >= 0")'),
        says(
          'fib() recursed forever for negative n. It now raises ValueError("n must be >= 0"), so a silent zero hides no bug. Next: document the domain.',
        ),
        user('write the notes'),
        edits('NOTES.md', '', 'fib takes n >= 0'),
        says('Done.'),
      ),
    );
    expect(textOf(drafts)).toContain('It now raises ValueError');
    expect(textOf(drafts)).not.toContain('Next:');
    const { summary } = await compressEvents(
      told(user('note the domain'), edits('a.py', '', 'n'), says('Done. Next: document the domain.')),
    );
    expect(summary?.nextSteps).toEqual(['document the domain.']);
  });

  it('take no rule from a turn that only explains, and none from what was refused', async () => {
    const drafts = await draftsOf(
      told(
        user('what does `retries` do?'),
        says('`retries` must stay at 0 because `/charge` is not idempotent.'),
        user('use a Map'),
        edits('src/a.ts', 'table()', 'new Map()'),
        says('`rows()` is a `Map` instead of a `Table`, because there are two rows.'),
        user('no, keep the table'),
        edits('src/a.ts', 'new Map()', 'table()'),
        says('`rows()` is the `Table` again.'),
      ),
    );
    expect(textOf(drafts)).not.toMatch(/"decision".*two rows|"gotcha"/);
  });

  it('sum up a killed session by what was done and what waits', async () => {
    const { summary } = await compressEvents(
      told(
        user('Reject fractional quantities'),
        ran('npm test', 'Tests 3 passed (3)'),
        edits('src/cart.ts', '', 'export function addLine(line) {'),
      ),
    );
    expect(summary).toMatchObject({
      request: 'Reject fractional quantities',
      completed: ['`npm test` passed: Tests 3 passed (3)', 'Edited: `src/cart.ts` (new) with `addLine`'],
      nextSteps: ['`src/cart.ts` edited, but no closing answer to: Reject fractional quantities'],
    });
  });

  it('keep a short answer that gives a reason or names a file, and no hint', async () => {
    const titlesOf = async (answer: string): Promise<string[]> =>
      (await draftsOf(told(user('How often does the queue retry a job?'), says(answer)))).map(({ title }) => title);
    expect(await titlesOf('The queue retries 3 times; `maxRetries` in `src/queue.ts` says so.')).toHaveLength(1);
    expect(await titlesOf('The `queue` retries 3 times, because the provider is slow.')).toHaveLength(1);
    expect(await titlesOf('A `queue` retries 3 times as a rule.')).toEqual([]);
  });

  it('keep what an answer says in brackets', async () => {
    const answer = 'One embed for details (no ping) + one for the verdict (@everyone)';
    const [decision] = await draftsOf(
      told(user('Notify Discord'), { kind: 'answer', question: 'Which Discord format?', answer, subject: 'Discord' }),
    );
    expect(`${decision?.title} ${decision?.description}`).toContain(answer);
  });

  it('name what a compaction lists as pending, where nothing was done since; no silent run of tests as passed', async () => {
    const summary =
      'Summary:\n1. Errors and fixes:\n   - x\n\n7. Pending Tasks:\n   - Bring the README up to date\n\n8. Current Work:\n   - y';
    const work = [
      user('Round amounts'),
      ran('npx vitest run', ''),
      edits('src/a.ts', 'a', 'b'),
      says('`round()` rounds up.'),
    ];
    const nextOf = async (...more: Parameters<typeof told>): Promise<unknown> =>
      (await compressEvents(told(...work, { kind: 'summary', text: summary } as never, ...more))).summary;
    expect(await nextOf()).toMatchObject({ nextSteps: ['Bring the README up to date'] });
    const later = await nextOf(user('go on'), edits('README.md', 'a', 'b'), says('Done: the README tells it.'));
    expect(JSON.stringify(later)).not.toMatch(/up to date|vitest/);
  });

  it('let a later ruling take the place of a known one', async () => {
    const first = await compressEvents(told(user('From now on store amounts as `bigint` cents'), says('OK.')));
    const known = first.drafts.map(({ type, title, description, facts, cites, body }) => ({
      type,
      title,
      description,
      facts,
      body,
      id: 'k1b2c3d4',
      created: '2026-01-01T00:00:00Z',
      cites: cites.map(({ path }) => ({ path })),
    }));
    const { drafts } = await compressEvents(told(user('From now on store amounts as `numeric(20,4)`'), says('OK.')), {
      known,
    });
    expect(drafts[0]?.supersedes).toEqual(['k1b2c3d4']);
  });
});
