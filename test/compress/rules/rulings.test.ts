// What the user rules for later work, chooses and takes back, in several languages.
import { expect, test } from 'vitest';
import type { KnownRecord } from '../../../src/compress/providers/provider.ts';
import { close, commit, compressEvents, edit, prompt, run, tellSession, textOf } from './session.ts';

const work = (text = 'Done.') => [edit('src/a.ts', ['limit = 1'], ['limit = 22']), close(text)];
const sharedTitles = async (...lines: readonly string[]): Promise<string[]> => {
  const { drafts } = await compressEvents(tellSession(lines.flatMap((line) => [prompt(line), ...work()])));
  return drafts.filter(({ place }) => place === 'shared').map(({ title }) => title);
};

test.each([
  ["we don't use default exports here, only named ones", "We don't use default exports here, only named ones"],
  ['we prefer tables over screenshots in the manual', 'We prefer tables over screenshots in the manual'],
  ['make sure you always close the tunnel after a deploy', 'Make sure you always close the tunnel after a deploy'],
  ['Wir nehmen hier übrigens kein Webpack', 'Wir nehmen hier übrigens kein Webpack'],
  ['Achte außerdem immer auf barrierefreie Farben', 'Achte außerdem immer auf barrierefreie Farben'],
  ["chez nous on n'utilise pas `latest`", "Chez nous on n'utilise pas `latest`"],
  ['aquí no usamos moment, solo date-fns', 'Aquí no usamos moment, solo date-fns'],
  ['a gente nunca publica na sexta-feira', 'A gente nunca publica na sexta-feira'],
  ['注释一律用英文写', '注释一律用英文写'],
  ['main への直接 push は禁止です', 'main への直接 push は禁止です'],
  ['And from now on keep the fixtures small', 'From now on keep the fixtures small'],
  ['Fix the typo; going forward, use American spelling', 'Going forward, use American spelling'],
])('a rule for later work is shared, without what leads to it: %s', async (said, title) => {
  expect(await sharedTitles(said)).toEqual([title]);
});

test.each([
  'never mind, it works now',
  'we never got an answer from the vendor',
  'always fails on my machine',
  'nunca vi ese error antes',
  'nie im Leben dauert der Build so lange',
  'mai vista una build così lenta',
  'we always forget the changelog',
  'from now on the job fails with 403, since the rotation',
  'immer dasselbe mit diesem CI',
])('an experience is no rule: %s', async (said) => {
  expect(await sharedTitles(said)).toEqual([]);
});

const rulings: [string, KnownRecord['type'], string][] = [
  ['Always use axios for HTTP calls', 'pattern', "don't use axios anymore, fetch is enough"],
  ['From now on use yarn here', 'pattern', 'from now on use pnpm here, yarn is gone'],
  ['Ab jetzt alle Logs auf Englisch', 'pattern', 'Logs doch wieder auf Deutsch'],
  ['From now on use yarn here', 'pattern', 'from now on use pnpm instead of yarn, yarn is too slow'],
  ['Never bump the camera sdk', 'pattern', 'the vendor mended it, bump the camera sdk freely from here on'],
  ['Log retention: 30 days', 'decision', 'legal just wrote: make the retention 90 days after all'],
];
const knownAs = (title: string, type: KnownRecord['type']): KnownRecord =>
  ({ id: 'k1', type, title, description: '', body: '', facts: [], cites: [] }) as unknown as KnownRecord;

test.each(rulings)('a ruling that a later session takes back is superseded: %s', async (old, type, said) => {
  const { drafts } = await compressEvents(tellSession([prompt(said), ...work()]), { known: [knownAs(old, type)] });
  expect(drafts.map(({ place, supersedes }) => [place, supersedes])).toEqual([['shared', ['k1']]]);
});

test.each(rulings.slice(0, 5))('and of one session only the last word is kept: %s', async (old, _type, said) => {
  const titles = await sharedTitles(old, said);
  expect(titles).toHaveLength(1);
  expect(titles[0]!.toLowerCase()).toBe(said.toLowerCase());
});

const additions: [string, string][] = [
  ['Never use floats for money', 'never use floats for quantities either'],
  ['Always use pnpm here, npm breaks the workspace', 'always use pnpm 9 in CI too'],
  ['Always use Postgres for new tables', 'always use Postgres schemas per tenant'],
  ['Never commit directly to main', 'from now on commit messages to main name the ticket'],
  ['We use tabs, not spaces, in the Makefile', 'we use two spaces, not tabs, in the yaml files'],
];
test.each([
  ['Discord: Webhook URL', 'the discord webhook no longer works, can you fix it'],
  ['Discord: Webhook URL', 'change the color of the discord message'],
  ['Photos go to the bucket `media`', 'after a photo is sent to the bucket the app goes back to the login page'],
  ['Photos go to the bucket `media`', 'the bucket media is gone, create the bucket for photos on start'],
  ['From now on all dates go through dayjs', 'all dates that went through dayjs are gone from the export'],
  ...additions,
])('a report, a task or another rule takes no ruling back: %s, %s', async (old, said) => {
  const known = (['decision', 'pattern'] as const).map((type) => knownAs(old, type));
  const { drafts } = await compressEvents(tellSession([prompt(said), ...work()]), { known });
  expect(drafts.flatMap(({ supersedes }) => supersedes)).toEqual([]);
});

test.each(additions)('and of one session both are kept: %s, %s', async (old, said) => {
  expect(await sharedTitles(old, said)).toHaveLength(2);
});

const queues = '1. **Kafka**: fast, but complex to run\n2. **RabbitMQ**: enough for us\n\nWhich one?';
const places = 'A) Store the files on S3\nB) Keep them on local disk\n\nWhich do you prefer?';
test.each([
  [queues, 'RabbitMQ, nobody here can run Kafka', 'RabbitMQ, nobody here can run Kafka', []],
  [queues, 'the second one', 'RabbitMQ, not Kafka', []],
  [queues, 'la segunda', 'RabbitMQ, not Kafka', []],
  [queues, '选第一个', 'Kafka, not RabbitMQ', []],
  [queues, '用 RabbitMQ 吧,够用了', '用 RabbitMQ 吧,够用了', ['not taken: Kafka']],
  [queues, 'Wir bleiben bei RabbitMQ, Kafka ist zu viel', 'Wir bleiben bei RabbitMQ, Kafka ist zu viel', []],
  [places, 'option b', 'Keep them on local disk', ['not taken: Store the files on S3']],
  [
    places,
    'use S3, the lease ends next month',
    'Use S3, the lease ends next month',
    ['not taken: Keep them on local disk'],
  ],
])(
  'a choice by name, place or letter is the decision, whatever the answer says: %s %s',
  async (options, said, title, not) => {
    const { drafts } = await compressEvents(
      tellSession([prompt('Which way?'), close(options), prompt(said), ...work('Wired up in `worker.ts`.')]),
    );
    const decision = drafts.find(({ type }) => type === 'decision');
    expect(decision).toMatchObject({ title, place: 'shared' });
    expect(decision?.facts.filter((fact) => fact.startsWith('not taken'))).toEqual(not);
  },
);

test.each([
  'redis is down on staging, can you restart it first',
  'first, fix the failing test of redis',
  'last thing: bump the version',
  'the second. no, the third',
])('what only begins like a choice is none: %s', async (said) => {
  const put = '1. **Redis**: shared\n2. **Memory**: fast\n3. **Postgres**: there already\n\nWhich one?';
  const { drafts } = await compressEvents(
    tellSession([prompt('Where do sessions live?'), close(put), prompt(said), ...work('Done in `a.ts`.')]),
  );
  expect(textOf(drafts)).not.toMatch(/not taken|, not /);
});

const asked = async (answer: string): Promise<string[]> => {
  const question = { kind: 'answer', question: 'Where do sessions live?', subject: 'Sessions' } as const;
  const { drafts } = await compressEvents(
    tellSession([prompt('go'), { ...question, answer, others: ['Redis', 'Postgres', 'Cookie'] }, ...work()]),
  );
  return drafts.flatMap(({ title, facts }) => [title, ...facts.filter((fact) => fact.startsWith('not taken'))]);
};

test('an answer that excludes, points or is none rejects nothing that it does not name', async () => {
  expect(await asked('anything but Cookie')).toEqual(['Sessions: anything but Cookie']);
  expect(await asked('2')).toEqual(['Sessions: Postgres', 'not taken: Redis', 'not taken: Cookie']);
  expect(await asked('whatever you think')).toEqual([]);
  expect(await asked('Skip the login page')).toContain('Sessions: Skip the login page');
});

test.each(['what would Postgres cost instead of Redis?', 'the dashboard lists Postgres instead of Redis, why?'])(
  'a question takes no answer back: %s',
  async (said) => {
    const answer = {
      kind: 'answer',
      question: 'Where do sessions live?',
      subject: 'Sessions',
      answer: 'Redis',
    } as const;
    const events = [prompt('go'), { ...answer, why: 'shared', others: ['Postgres'] }, ...work(), prompt(said)];
    const { drafts } = await compressEvents(tellSession([...events, close('It is the cache.')]));
    expect(drafts.map(({ title }) => title)).toContain('Sessions: Redis, not Postgres');
  },
);

test('an answer in the user’s own words takes up options by short names too', async () => {
  const answer = { kind: 'answer', question: 'Which formats?', subject: 'Formats' } as const;
  const { drafts } = await compressEvents(
    tellSession([
      prompt('export it'),
      { ...answer, answer: 'PDF and XLSX, the auditors cannot open CSV', others: ['PDF', 'XLSX', 'Parquet'] },
      ...work(),
    ]),
  );
  expect(drafts[0]?.facts).toEqual(['not taken: Parquet']);
});

test('a fix that was staged is no dead end when a later attempt on the file is taken back', async () => {
  const { drafts } = await compressEvents(
    tellSession([
      prompt('negative numbers crash the parser'),
      edit('src/parse.ts', ['return root(n)'], ['if (n < 0) throw new RangeError("negative")']),
      run('git add src/parse.ts', ''),
      close('`parse()` throws a `RangeError` for negative numbers, because the root of one is undefined.'),
      prompt('try a cache'),
      edit('src/parse.ts', ['const a = 1'], ['const cache = new Map()']),
      run('git checkout -- src/parse.ts', ''),
      close('Taken back: the cache of `parse()` made it slower, because every key is new.'),
    ]),
  );
  const deadEnds = drafts.filter(({ type }) => type === 'dead-end');
  expect(deadEnds).toHaveLength(1);
  expect(textOf(deadEnds)).toContain('slower');
});

test.each(['Committed on `main`.', 'Commit créé (`build: passe à slim`).', '已提交到 `main`。'])(
  'that it was committed is told by the commit: %s',
  async (said) => {
    const { drafts } = await compressEvents(tellSession([prompt('ok'), commit('build: use slim'), close(said)]));
    expect(drafts).toEqual([]);
  },
);

test('what a turn reports is told with what failed of it later and never passed', async () => {
  const { drafts, summary } = await compressEvents(
    tellSession([
      prompt('build the nightly export'),
      edit('bin/nightly_export.py', [], ['def main(): write()']),
      close('The export `nightly_export` writes one file a day, because the archive reads it by its date.'),
      prompt('run it on the server'),
      run('python3 /srv/app/bin/nightly_export.py', 'Error: EXPORT_DIR is not set', false),
      close('It needs `EXPORT_DIR` there.'),
    ]),
  );
  const told = [textOf(drafts), ...(summary?.texts ?? [])].join('\n');
  expect(told).toContain('failed later: `python3 /srv/app/bin/nightly_export.py` → Error: EXPORT_DIR is not set');
});

test.each([
  ['run again', [run('python3 bin/nightly_export.py --day 3', 'ok')]],
  ['edited', [edit('bin/nightly_export.py', ['a = 1'], ['a = 2'])]],
])('a failure that was dealt with is not told as one: %s', async (_name, dealt) => {
  const { drafts, summary } = await compressEvents(
    tellSession([
      prompt('build the nightly export'),
      edit('bin/nightly_export.py', [], ['def main(): write()']),
      close('The export `nightly_export` writes one file a day, because the archive reads it by its date.'),
      prompt('run it for day 3'),
      run('python3 bin/nightly_export.py --day 3 --dry', 'Error: no such day', false),
      ...dealt,
      close('It runs for `--day 3` now.'),
    ]),
  );
  expect([textOf(drafts), ...(summary?.texts ?? [])].join('\n')).not.toContain('failed later');
});

test('what stays beside an attempt that was taken back is no dead end', async () => {
  const { drafts } = await compressEvents(
    tellSession([
      prompt('poll every 5 seconds'),
      edit('src/poll.ts', ['every(30)'], ['every(5)']),
      prompt('does the battery last?'),
      run('git checkout -- src/poll.ts', ''),
      close(
        'The alarm limit stays at 23.5 °C. Polling every 5 s drained the battery in a week, because the radio stays on.',
      ),
    ]),
  );
  expect(drafts.filter(({ type }) => type === 'dead-end').map(({ title }) => title)).not.toContain(
    'The alarm limit stays at 23.5 °C',
  );
});
