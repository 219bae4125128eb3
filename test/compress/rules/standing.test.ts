// What holds at the end of a session is kept, under a title that is a statement.
import { expect, test } from 'vitest';
import type { Draft } from '../../../src/domain/draft.ts';
import { edits, failed, ran, says, told, user } from '../session/told.ts';
import { compressEvents, draftsOf, textOf, toldBy } from './session.ts';

const standing = (...events: Parameters<typeof told>): Promise<Draft[]> => draftsOf(told(...events));

test.each([
  ['The `auth.ts` session timeout is 30 minutes.', 'The `auth.ts` session timeout is 15 minutes now.'],
  ['Der Export schreibt nach `out.csv` mit 4 Spalten.', 'Der Export schreibt nach `out.csv` mit 6 Spalten.'],
  ['Le cache `var/c` est partagé entre les workers.', "Le cache `var/c` n'est pas partagé entre les workers."],
  ['O arquivo não está em UTF-16, é cp1252.', 'O arquivo está em UTF-16, não em cp1252.'],
  ['El archivo probablemente viene de `sap-export` y `crm-2`.', 'Ni `sap-export` ni `crm-2` lo escriben.'],
  ['`timeout` 默认是 30 秒。', '`timeout` 默认是 60 秒。'],
])('a later word that denies a statement or gives another value overturns it: %s', async (first, second) => {
  const drafts = await standing(user('how is it?'), says(first), user('look again'), says(second));
  expect(textOf(drafts)).not.toContain(first.slice(0, -1));
});

test.each([
  ['The helpers of `a.ts` are unused. Let me remove them.', 'unused'],
  ['Los ayudantes de `a.ts` no se usan. Voy a quitarlos.', 'no se usan'],
  ['`a.ts` の補助関数は古い。修正します。', undefined],
  ['`a.ts` 里的函数没有用。让我删掉。', '没有用'],
])('a state that the agent is about to change is none at the end: %s', async (said, gone) => {
  const kept = await toldBy(
    told(
      user('clean up'),
      says(said),
      user('continue'),
      edits('src/b.ts', 'old()', 'fresh()'),
      says('The module `b.ts` calls `fresh()` in place of all helpers.'),
    ),
  );
  if (gone !== undefined) expect(kept).not.toContain(gone);
  expect(kept).toContain('`fresh()`');
});

test('what was edited otherwise later leaves neither its closing nor a decision', async () => {
  const kept = await toldBy(
    told(
      user('import the orders'),
      edits('src/import.rb', '', 'class Import\n  def call\n    rows.each { |row| add(row) }\n  end\nend'),
      says('`Import` raises on a second order with the same number.'),
      user('no, skip those'),
      edits('src/import.rb', '    rows.each { |row| add(row) }', '    rows.each { |row| add(row) unless known?(row) }'),
      says('Known rows are skipped, with one query a row.'),
      user('too slow, one query per batch please'),
      edits(
        'src/import.rb',
        '    rows.each { |row| add(row) unless known?(row) }',
        '    rows.each_slice(500) { |some| insert(some) }',
      ),
      says('`Import` inserts batches of 500 rows, so a known row is skipped by the index.'),
      user('make it 2000'),
      edits(
        'src/import.rb',
        '    rows.each_slice(500) { |some| insert(some) }',
        '    rows.each_slice(2000) { |some| insert(some) }',
      ),
      says('A batch of `Import` has 2000 rows.'),
    ),
  );
  expect(kept).not.toMatch(/one query|batches of 500/);
  expect(kept).toContain('2000 rows');
});

test('an answer about what was edited since is gone, and a cure that was undone is none', async () => {
  const check = 'terraform plan';
  const kept = await toldBy(
    told(
      user('quantas tarefas rodam?'),
      says('Rodam 2 tarefas: `desired_count = 2` em `ecs.tf`.'),
      user('usa spot'),
      edits('ecs.tf', 'desired_count = 2', 'desired_count = 3\ncapacity_provider = "FARGATE_SPOT"'),
      failed(check, 'Error: launch_type and capacity_provider conflict on ecs.tf line 43'),
      edits('ecs.tf', 'launch_type = "FARGATE"', ''),
      ran(check, 'Plan: 1 to change'),
      says('O serviço usa `FARGATE_SPOT`.'),
      user('volta ao normal'),
      edits('ecs.tf', 'capacity_provider = "FARGATE_SPOT"', 'launch_type = "FARGATE"'),
      says('O serviço voltou para FARGATE, com 3 tarefas.'),
    ),
  );
  expect(kept).not.toMatch(/2 tarefas|conflict|SPOT/);
  expect(kept).toContain('O serviço voltou para FARGATE, com 3 tarefas');
});

test('what points back at a sentence that is gone goes with it', async () => {
  const drafts = await standing(
    user('¿qué pasa con el archivo?'),
    ran('cat read.py', 'read'),
    says('El archivo está en UTF-16, no en cp1252. Por eso nunca falla. `read()` lo abre en cada arranque.'),
    user('compara'),
    ran('file a.csv', 'cp1252'),
    says('El archivo está en cp1252, no en UTF-16.'),
  );
  expect(textOf(drafts)).not.toContain('nunca falla');
  expect(textOf(drafts)).toContain('`read()` lo abre');
});

test.each([
  [
    'an article that is a pronoun elsewhere (pt)',
    'O formulário espera 300 ms. `debounce()` fica em `src/Search.vue`.',
    'O formulário espera 300 ms',
  ],
  [
    'an article that is a pronoun elsewhere (de)',
    'Das Formular wartet 300 ms. `debounce()` steht in `src/Search.vue`.',
    'Das Formular wartet 300 ms',
  ],
  ['a task for the reader', 'Copy it to `site/`. `debounce()` waits for 300 ms.', '`debounce()` waits for 300 ms'],
  ['an inventory', '`Search.vue` (new): form.\n`debounce()` waits for 300 ms.', '`debounce()` waits for 300 ms'],
])('the title of a closing is a statement, not %s', async (_what, closing, title) => {
  const drafts = await standing(
    user('add a search form'),
    edits('src/Search.vue', '', 'export function debounce() {\n  return wait(300)\n}'),
    says(closing),
  );
  expect(drafts.map((draft) => draft.title)).toEqual([title]);
});

test('a closing without a sentence that can be its title stands in the summary, under what was asked', async () => {
  const { drafts, summary } = await compressEvents(
    told(
      user('add a search form with suggestions'),
      edits('src/Search.vue', '', 'export function debounce() {\n  return wait(300)\n}'),
      says(
        'Done. What there is:\n\n- **Form** with a debounce of 300 ms, which the tests of the page wait for\n- `Search.vue`: the form, with one field and no button\n- Tests for `debounce`',
      ),
    ),
  );
  expect(drafts).toEqual([]);
  expect(summary?.texts).toEqual([
    'The user asked: "Add a search form with suggestions"\n\nWhat there is:\n\n- **Form** with a debounce of 300 ms, which the tests of the page wait for\n- `Search.vue`: the form, with one field and no button\n- Tests for `debounce`',
  ]);
});

test('what an agent takes back of its own report stays with it', async () => {
  const { summary } = await compressEvents(
    told(
      user('publish the session from a plugin'),
      edits('hooks.json', '', '{ "SessionStart": [] }'),
      says(
        "All of it is valid:\n\n- `hooks.json` is valid JSON with one hook\n- `gh` is installed and signed in\n\n**However**, I can't test the hook of `hooks.json` here, since this session began without it.",
      ),
    ),
  );
  expect(summary?.texts?.join('\n')).toContain("I can't test the hook");
});

test('of closings in the summary the last ones stay, and nothing that a later turn overturned', async () => {
  const report = (name: string, value: string): string =>
    `- \`${name}\` of the form: ${'what it does for each of its fields, '.repeat(20)}all of them\n- The \`auth.ts\` session timeout is ${value}`;
  const { summary } = await compressEvents(
    told(
      ...['alpha', 'beta', 'gamma', 'epsilon', 'zeta', 'delta'].flatMap((name, index) => [
        user(`add the ${name} part`),
        edits(`src/${name}.ts`, '', `export const ${name} = 1`),
        says(report(name, `${index + 10} minutes`)),
      ]),
    ),
  );
  const texts = summary?.texts ?? [];
  expect(texts.join('').length).toBeLessThan(4_200);
  expect(texts.at(-1)).toContain('`delta` of the form');
  expect(texts.join('\n')).not.toContain('`alpha` of the form');
  expect(texts.join('\n').match(/is \d+ minutes/g)).toEqual(['is 15 minutes']);
});

test("a refusal in the user's chat is told under what was refused", async () => {
  const refused = { kind: 'verdict', on: 'tool', verdict: 'refused', what: 'Bash npm ci' } as const;
  const drafts = await standing(
    user('install'),
    { ...refused, reason: 'I think you should rember that we use pnpm here' },
    says('OK.'),
  );
  expect(drafts).toMatchObject([
    { title: 'The user refused `npm ci`: "I think you should rember that we use pnpm here"', place: 'local' },
  ]);
});

test.each([
  ['can you use git bash for this?', []],
  ['kannst du dafür bitte git bash nehmen', []],
  ['we use git bash here, for the paths', ['local']],
])('what a command was refused for is kept where it is no request of the moment: %s', async (reason, places) => {
  const refused = { kind: 'verdict', on: 'tool', verdict: 'refused', what: 'Bash docker run app' } as const;
  const drafts = await standing(user('run the tests'), { ...refused, reason }, says('OK.'));
  expect(drafts.map(({ place }) => place)).toEqual(places);
});

test('what a look at the work said of it goes with the next edit, unless a record holds it', async () => {
  const report =
    'All of it is valid:\n\n- `hooks.json` is valid JSON with one hook and no key that is not known\n- `gh` is installed and signed in on this machine';
  const looked = [user('is the plugin fine?'), ran('node check.js hooks.json', 'ok'), says(report)];
  const edited = [user('publish it'), edits('hooks.json', 'one', 'two'), says('Done.')];
  expect((await compressEvents(told(...looked))).summary?.texts).toHaveLength(1);
  expect((await compressEvents(told(...looked, ...edited))).summary?.texts).toEqual([]);
});

test('a cure tells what was said of the failure before it', async () => {
  const drafts = await standing(
    user('add the import'),
    edits('src/import.rb', '', 'total = row["Total"].to_d'),
    failed('rspec', '1) ArgumentError: invalid value for Decimal: "1.234,50"\n  src/import.rb:1'),
    says('The totals use a decimal comma, which `to_d` does not read. Let me fix it:'),
    edits('src/import.rb', 'total = row["Total"].to_d', 'total = amount(row["Total"])'),
    ran('rspec', '2 examples, 0 failures'),
    says('Done.'),
  );
  expect(drafts.filter(({ place }) => place === 'shared')).toMatchObject([
    {
      title: 'ArgumentError: invalid value for Decimal: "1.234,50" (cured in `src/import.rb`)',
      description: 'was said before the edit: The totals use a decimal comma, which `to_d` does not read.',
    },
  ]);
});

test('what the user had taken out again is a dead end with its reason', async () => {
  const features = 'tickets = TfidfVectorizer(max_features=5000)';
  const drafts = await standing(
    user('add the ticket text'),
    edits('churn.py', 'train(df)', `${features}\ntrain(df)`),
    says('With the ticket text the score is 0.861, and the training takes 214 s.'),
    user('not worth it'),
    edits('churn.py', `${features}\ntrain(df)`, 'train(df)'),
    says('The ticket text is out again: 0.003 more score for eleven times the training time.'),
    user('log the score'),
    edits('churn.py', 'print(x)', 'log.info(score)'),
    says('`churn.py` logs the score.'),
  );
  expect(drafts.filter(({ place }) => place === 'shared')).toMatchObject([
    { type: 'dead-end', title: 'The ticket text is out again: 0.003 more score for eleven times the training time' },
  ]);
  expect(textOf(drafts)).not.toContain('0.861');
});

test('the cure of a reported error is told, not what failed on the way to it', async () => {
  const drafts = await standing(
    user('crash: java.lang.IllegalArgumentException: end < start\n    at app.RangeView.setRange(RangeView.kt:52)'),
    edits('RangeView.kt', 'val from = start.atZone(UTC)', 'val from = start.atZone(zone)'),
    failed('./gradlew test', 'e: RangeView.kt: Unresolved reference: zone'),
    edits('RangeView.kt', 'fun setRange(start: Date)', 'fun setRange(start: Date, zone: ZoneId)'),
    ran('./gradlew test', 'BUILD SUCCESSFUL'),
    says('`setRange` rechnete den Anfang mit UTC und das Ende mit der Zone des Geräts um. Beide nehmen jetzt `zone`.'),
  );
  const fixes = drafts.filter(({ type }) => type === 'bugfix');
  expect(fixes.map(({ title }) => title)).toEqual([
    '`setRange` rechnete den Anfang mit UTC und das Ende mit der Zone des Geräts um',
  ]);
  expect(textOf(fixes)).not.toContain('Unresolved');
});

test.each([
  ['Remember for later: the staging database is wiped every Sunday', 'The staging database is wiped every Sunday'],
  ['Merk dir für später: `make seed` braucht das VPN', '`make seed` braucht das VPN'],
  [
    'recuerda esto para después: la base de `staging` se borra los domingos',
    'La base de `staging` se borra los domingos',
  ],
  ['ricorda: in questo progetto tutte le date sono UTC', 'In questo progetto tutte le date sono UTC'],
  ['lembre: todos os valores ficam em centavos', 'Todos os valores ficam em centavos'],
])('what is to be remembered is told without the call to remember it: %s', async (prompt, title) => {
  expect(await standing(user(prompt), says('OK.'))).toMatchObject([{ type: 'pattern', title, place: 'shared' }]);
});

test('a choice is told by what came of it, behind a word that says it is done', async () => {
  const drafts = await standing(
    user('Redis or Postgres for the job queue?'),
    says('Redis is faster and has streams. Postgres needs no new service. I would take Redis.'),
    user('No, Postgres. No new service here.'),
    edits('queue.ts', 'redis()', 'postgres()'),
    says('Done: the queue is in Postgres.'),
  );
  expect(drafts).toMatchObject([{ type: 'decision', title: 'The queue is in Postgres', place: 'shared' }]);
});

test('what the user takes instead of the advice is the decision, with their reason', async () => {
  const drafts = await standing(
    user('we need pages for `/orders`'),
    says('Offset paging is simple, cursor paging is stable under inserts. I would go with offsets.'),
    user('cursor please, orders come in all the time and pages would shift'),
    edits('src/orders.ts', 'list()', 'withCursor()'),
    says('`/orders` uses cursor paging now: `?after=ID`, at most 100 rows a page.'),
  );
  const decisions = drafts.filter(({ type }) => type === 'decision');
  expect(decisions).toMatchObject([{ place: 'shared' }]);
  expect(textOf(decisions)).toMatch(/cursor paging now[^]*orders come in all the time/);
  expect(textOf(drafts)).not.toContain('I would go with offsets');
});

test.each([
  ['a yes to an offer', 'Want me to change it?', 'yes'],
  ['what is put off', 'I would take cookies. Shall I start?', 'ok but not this week'],
])('%s decides nothing', async (_name, offered, answer) => {
  const drafts = await standing(
    user('why does the login of `staging` fail?'),
    says(`The address in \`config/staging.yml\` begins with http. ${offered}`),
    user(answer),
    edits('config/staging.yml', 'http:', 'https:'),
    says('The address in `config/staging.yml` begins with https.'),
  );
  expect(drafts.filter(({ type }) => type === 'decision')).toEqual([]);
});

test('a refusal whose reason the closing takes up is shared under what was done for it', async () => {
  const drafts = await standing(
    user('open the date picker on focus'),
    {
      kind: 'verdict',
      on: 'tool',
      verdict: 'refused',
      what: 'Edit src/DatePicker.tsx',
      reason: 'no, screen readers get trapped when it opens on focus. open on click',
    },
    edits('src/DatePicker.tsx', 'onFocus', 'onClick'),
    says('The date picker opens on click, not on focus, since focus traps screen readers.'),
  );
  const [decision] = drafts.filter(({ type }) => type === 'decision');
  expect(decision).toMatchObject({ place: 'shared', title: expect.stringMatching(/^The date picker opens on click/) });
  expect(decision?.facts.join()).toMatch(/screen readers get trapped[^]*refused: Edit/);
});

test.each([
  ['write a component for the avatar. we never use default exports here', 'We never use default exports here'],
  ['Bau die Liste. Wir nutzen hier nie globale Stile', 'Wir nutzen hier nie globale Stile'],
])('how it is never done here is a rule: %s', async (prompt, title) => {
  expect(await standing(user(prompt), says('Done.'))).toMatchObject([{ type: 'pattern', title, place: 'shared' }]);
});

// A title is understood alone: from a closing its first sentence that is, and what introduces a list may be one.
test.each([
  ['Exactly, the proxy drops `Expect` headers.', 'The proxy drops `Expect` headers'],
  ['However, `flush()` is called twice per batch.', '`flush()` is called twice per batch'],
  ['Looking at the template, `render()` is never called without a user.', '`render()` is never called without a user'],
  ['Resolvido: `flush()` era chamado duas vezes por lote.', '`flush()` era chamado duas vezes por lote'],
  ['已完成：`flush()` 每批只调用一次。', '`flush()` 每批只调用一次'],
  ['The rest of `a.csv` is fine. The header of `a.csv` has 3 columns.', 'The header of `a.csv` has 3 columns'],
  [
    'Solo esas 4 columnas de `a.csv` valen. La cabecera de `a.csv` tiene 3 columnas.',
    'La cabecera de `a.csv` tiene 3 columnas',
  ],
  [
    'Se accede con `row.id` al dato. La cabecera de `a.csv` tiene 3 columnas.',
    'La cabecera de `a.csv` tiene 3 columnas',
  ],
  ['The parser of `a.csv` accepts these encodings:\n\n- latin-1\n- utf-8', undefined],
  ['The parser of `a.csv` accepts two text encodings:\n\n- latin-1\n- utf-8', undefined],
])('the title of an answer stands alone: %s', async (closing, title) => {
  const [draft] = await standing(user('how does src read it?'), ran('cat a.csv', 'id'), says(closing));
  expect(draft?.title).toBe(title);
});

test('an answer whose proposal a later one replaced goes whole, with what explained it', async () => {
  const drafts = await standing(
    user('how do I read the file?'),
    says('My recommendation is `encoding="utf-8"` for `a.csv`. Bad bytes of `a.csv` become question marks.'),
    user('which of both is better for the rest?'),
    ran('cat a.csv', 'id'),
    says('I recommend `latin-1` over `encoding="utf-8"` for `a.csv`. The accents of `a.csv` survive in `latin-1`.'),
  );
  expect(textOf(drafts)).not.toContain('question marks');
  expect(textOf(drafts)).toContain('survive');
});
