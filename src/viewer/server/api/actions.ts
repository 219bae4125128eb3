import { adoptRecords } from '../../../curate/adopt.ts';
import { confirmRecord } from '../../../curate/confirm.ts';
import { moveRecord } from '../../../curate/share.ts';
import { listUntrusted, trustFiles } from '../../../curate/trust.ts';
import { forget, remember } from '../../../curate/write.ts';
import { RepomemError } from '../../../domain/errors.ts';
import type { Tier } from '../../../domain/excerpt.ts';
import type { Memory } from '../../../memory/open.ts';
import { readFull, resolveId } from '../../../memory/read.ts';
import { readRecordSet, type AssessedRecord } from '../../../memory/records.ts';
import { cleanText } from '../../../privacy/invisible.ts';
import type { Done } from '../../wire.ts';
import { ConflictError } from '../http-answer.ts';
import { listField, textField, type Ask, type Route } from '../route.ts';
import { editRecord } from './edit-record.ts';

const expectField = { expect: 'blob of the record as the asker saw it: 409 when the file is another by now' };

/** Opens the memory anew, makes sure that the file is what the asker saw, changes, and keeps what undo needs. */
async function change(
  { source, params, body, server }: Ask,
  act: (memory: Memory, record: AssessedRecord) => Promise<unknown>,
  next?: string,
): Promise<Done> {
  const memory = await source.open();
  const record = resolveId(await readRecordSet(memory), params['id'] ?? '');
  const expect = textField(body, 'expect');
  if (expect === undefined) throw new RepomemError('usage', 'expect: expected the blob of the record as it was shown');
  if (record.excerpt.blob !== expect) {
    const { id, blob } = record.excerpt;
    const now = record.trust === 'foreign' ? undefined : { text: cleanText(readFull(memory, record).text), blob };
    throw new ConflictError(`${id}: its file was changed meanwhile; nothing was done`, now);
  }
  const { result, undo } = await server.undo.around(memory.paths, [record.excerpt.path], () => act(memory, record));
  source.touch();
  await source.view();
  return { result, ...(undo !== undefined && { undo }), ...(next !== undefined && { next }) };
}

const takeIn = 'repomem stage puts it into the next commit';

const edit = (ask: Ask): Promise<Done> =>
  change(
    ask,
    (memory, { excerpt }) => {
      const { body } = ask;
      const texts = ['type', 'title', 'description', 'body'] as const;
      const lists = ['facts', 'concepts'] as const;
      const given = [
        ...texts.map((name) => [name, textField(body, name)] as const),
        ...lists.map((name) => [name, listField(body, name)] as const),
      ].filter(([, value]) => value !== undefined);
      return editRecord(memory, excerpt.id, Object.fromEntries(given));
    },
    takeIn,
  );

const confirm = (ask: Ask): Promise<Done> =>
  change(
    ask,
    async (memory, { excerpt }) => ({
      confirmed: [await confirmRecord(memory, excerpt.id, listField(ask.body, 'files') ?? [])],
    }),
    takeIn,
  );

const forgetOne = (ask: Ask): Promise<Done> =>
  change(ask, async (memory, { excerpt }) => ({
    forgotten: [await forget(memory, excerpt.id, textField(ask.body, 'reason') ?? '')],
  }));

const move =
  (tier: Tier) =>
  (ask: Ask): Promise<Done> =>
    change(
      ask,
      async (memory, { excerpt }) => ({ tier, moved: [await moveRecord(memory, excerpt.id, tier)] }),
      tier === 'shared' ? takeIn : undefined,
    );

const adopt = (ask: Ask): Promise<Done> =>
  change(ask, async (memory, { excerpt }) => {
    const { branch, records } = await adoptRecords(memory, [excerpt.id]);
    return { branch, adopted: records };
  });

async function add({ source, body, server }: Ask): Promise<Done> {
  const memory = await source.open();
  const tier = textField(body, 'tier');
  if (tier !== undefined && tier !== 'shared' && tier !== 'local')
    throw new RepomemError('usage', `tier: expected shared or local; got '${tier}'`);
  const texts = ['type', 'description', 'body'] as const;
  const lists = ['facts', 'concepts', 'aliases', 'files', 'supersedes'] as const;
  const given = Object.fromEntries(
    [
      ...texts.map((name) => [name, textField(body, name)] as const),
      ...lists.map((name) => [name, listField(body, name)] as const),
    ].filter(([, value]) => value !== undefined),
  );
  const { result, undo } = await server.undo.around(memory.paths, [], () =>
    remember(
      memory,
      { title: textField(body, 'title') ?? '', ...given, ...(tier && { tier }) },
      { allowDuplicate: body['force'] === true },
    ),
  );
  source.touch();
  await source.view();
  return { result, ...(undo !== undefined && { undo }), next: takeIn };
}

/** Files by name as `/api/trust` lists them, each with the blob that the asker saw. */
async function trust({ source, body, server }: Ask): Promise<Done> {
  const wanted = listField(body, 'names') ?? [];
  const expect = listField(body, 'expect') ?? [];
  const memory = await source.open();
  const untrusted = await listUntrusted(memory);
  const chosen = wanted.map((path, index) => {
    const found = untrusted.find((one) => one.path === path);
    if (!found) throw new RepomemError('not-found', `${path}: nothing untrusted has this path`);
    if (found.blob !== expect[index])
      throw new ConflictError(`${path}: the file was changed meanwhile; nothing was trusted`);
    return found;
  });
  if (chosen.length === 0) throw new RepomemError('usage', 'names: expected at least one');
  const { undo } = await server.undo.around(memory.paths, [], async () => trustFiles(memory, chosen));
  source.touch();
  await source.view();
  return { result: { trusted: chosen.map(({ name, path }) => ({ name, path })) }, ...(undo !== undefined && { undo }) };
}

async function takeBack({ source, body, server }: Ask): Promise<Done> {
  const result = server.undo.undo(textField(body, 'token') ?? '');
  source.touch();
  await source.view();
  return { result };
}

export const actionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/record',
    about: 'Writes a record, as repomem add',
    takes: {
      title: 'a sentence',
      type: 'its type',
      description: 'one sentence',
      body: 'the reasons',
      facts: 'a list',
      concepts: 'a list',
      aliases: 'a list',
      files: 'PATH or PATH:12-30, a list',
      supersedes: 'ids',
      tier: 'shared or local',
      force: 'true: although it is known already',
    },
    run: add,
  },
  {
    method: 'POST',
    path: '/api/record/:id/edit',
    about: 'Rewrites an uncommitted record of your own; supersedes any other',
    takes: { ...expectField, type: '', title: '', description: '', body: '', facts: 'a list', concepts: 'a list' },
    run: edit,
  },
  {
    method: 'POST',
    path: '/api/record/:id/confirm',
    about: 'As repomem confirm',
    takes: { ...expectField, files: 'cite these instead' },
    run: confirm,
  },
  {
    method: 'POST',
    path: '/api/record/:id/forget',
    about: 'As repomem forget',
    takes: { ...expectField, reason: 'kept in the tombstone' },
    run: forgetOne,
  },
  { method: 'POST', path: '/api/record/:id/share', about: 'As repomem share', takes: expectField, run: move('shared') },
  {
    method: 'POST',
    path: '/api/record/:id/unshare',
    about: 'As repomem unshare',
    takes: expectField,
    run: move('local'),
  },
  { method: 'POST', path: '/api/record/:id/adopt', about: 'As repomem adopt', takes: expectField, run: adopt },
  {
    method: 'POST',
    path: '/api/trust',
    about: 'Trusts files, as repomem trust',
    takes: { names: 'paths as GET /api/trust lists them', expect: 'their blobs, in the same order' },
    run: trust,
  },
  {
    method: 'POST',
    path: '/api/undo',
    about: 'Takes back a change that was made here',
    takes: { token: 'of the change' },
    run: takeBack,
  },
];
