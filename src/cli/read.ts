// `repomem show`; `at`, which reads a revision; `timeline`.
import { localTime, offsetOf } from '../domain/local-time.ts';
import { type AssessedRecord, readRecordSet } from '../memory/records.ts';
import { timelineOf } from '../memory/timeline.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { defineCommand, type Options, usageError } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { readPast } from '../history/at-revision.ts';
import { findForgetting, whyInactive } from '../history/forgotten.ts';
import { hitAsJson, recordAsJson, safeId } from '../memory/record-line.ts';
import { search } from '../memory/find.ts';
import { freshnessOf } from '../memory/mark-stale.ts';
import { readFull, resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import { hitLine, howMany, queryOf, searchOptions } from './search.ts';
import { openPage } from './view.ts';

const showOptions = {
  raw: 'print the file as it stands',
  foreign: 'show records that nobody reviewed, too',
} as const satisfies Options;

const showCommand = defineCommand({
  usage: 'show ID…',
  details: 'An id may be cut to a unique prefix. Foreign records (unreviewed, from elsewhere) need --foreign.',
  words: { min: 1, expected: 'at least one id', hint: 'repomem list and repomem search print ids' },
  options: { ...showOptions, web: 'open its page in the browser, as repomem view /o/ID' },
  async run(context, { raw, foreign, web }, ids) {
    const { open, isJson, print, answer } = context;
    const memory = await open();
    const recordSet = await readRecordSet(memory);
    if (web) return openPage(context, `/o/${encodeURIComponent(resolveId(recordSet, ids[0] ?? '').excerpt.id)}`);
    const records = [];
    for (const id of ids) {
      const forgotten = await findForgetting(memory, recordSet, id);
      if (forgotten) throw forgotten;
      const assessed = resolveId(recordSet, id);
      const shown = safeId(assessed.excerpt);
      requireTrust(assessed, foreign, `repomem show ${shown} --foreign shows it; repomem trust ${shown} trusts it`);
      records.push(readFull(memory, assessed));
    }
    if (raw && !isJson) {
      for (const record of records) print.out(record.text);
      return 0;
    }
    const states = freshnessOf(memory, records, 'ask');
    const { root } = memory.paths;
    const texts: string[] = [];
    for (const record of records) {
      const why = record.isActive ? [] : await whyInactive(memory, recordSet, record.record.id);
      const lines = why.map((line) => `Told no more: ${line}`);
      texts.push([recordText(record, states.get(record.excerpt.path)), ...lines].join('\n'));
    }
    return answer({ records: records.map((record) => recordAsJson(record, root, states.get(record.excerpt.path))) }, [
      texts.join('\n\n'),
    ]);
  },
});

/** Throws RepomemError `untrusted` on a foreign record that was not asked for as such. */
function requireTrust({ excerpt, trust }: AssessedRecord, isAskedFor: boolean, hint: string): void {
  if (trust === 'foreign' && !isAskedFor)
    throw new RepomemError('untrusted', `${safeId(excerpt)}: unreviewed, came from elsewhere; not shown`, { hint });
}

const atCommand = defineCommand({
  usage: 'at REVISION search|list|show …',
  details: "The shared records as a commit, branch or tag has them, read from git's objects: nothing is checked out.",
  words: { min: 1, expected: 'a revision', hint: 'such as: repomem at v1.2 search "retry limit"' },
  options: { ...searchOptions, ...showOptions },
  async run({ open, env, print, answer, isJson }, values, [revision = '', what = 'list', ...rest]) {
    if (!['search', 'list', 'show'].includes(what))
      throw usageError(
        `at: expected search, list or show; got '${what}'`,
        `such as: repomem at ${revision} search "retry limit"`,
      );
    const memory = await open();
    const { root } = memory.paths;
    const past = readPast(memory, revision, print.progress);
    const { commit, recordSet } = past;
    if (what === 'show') {
      if (rest.length === 0)
        throw usageError('at: show: expected at least one id', 'repomem at REVISION list prints ids');
      const records = rest.map((id) => {
        const assessed = resolveId(recordSet, id);
        requireTrust(assessed, values.foreign, '--foreign shows it');
        return past.records.get(assessed.excerpt.path)!;
      });
      const texts = values.raw ? records.map(({ text }) => text) : [records.map((one) => recordText(one)).join('\n\n')];
      return answer({ commit, records: records.map((record) => recordAsJson(record, root)) }, () =>
        texts.forEach(print.out),
      );
    }
    const query = what === 'list' ? '' : rest.join(' ');
    const { found, total } = await search(memory, recordSet, queryOf(env, query, values));
    if (!isJson) print.err(howMany(print, found.length, total, values.offset));
    const trusted = found.filter(({ trust }) => trust !== 'foreign');
    return answer(
      { commit, query, results: found.map((one) => hitAsJson(one, root)), total },
      values.full
        ? trusted.map(({ excerpt }, at) => `${at > 0 ? '\n' : ''}${recordText(past.records.get(excerpt.path)!)}`)
        : found.map((one) => hitLine(one, env, print)),
      found.length > 0 ? 0 : 1,
    );
  },
});

const timelineCommand = defineCommand({
  usage: 'timeline ID|QUESTION|DATE [--before N] [--after N]',
  details: 'What came before and after a record, the best hit of a question, or a date.',
  words: {
    min: 1,
    expected: 'an id, a question or a date',
    hint: 'such as: repomem timeline yesterday; repomem list prints ids',
  },
  options: {
    before: { type: 'number', short: 'b', describe: 'how many before; default 5' },
    after: { type: 'number', short: 'a', describe: 'how many after; default 5' },
  },
  async run({ open, env, print, answer, isJson }, { before = 5, after = 5 }, words) {
    const memory = await open();
    const recordSet = await readRecordSet(memory);
    const line = await timelineOf(memory, words.join(' ').trim(), { before, after }, recordSet);
    const offset = offsetOf(env.now());
    const isEmpty = line.entries.length === 0;
    if (isEmpty && !isJson) print.err('Nothing found.');
    return answer(
      line,
      line.entries.map(({ id, created, type, title, tokens }) => {
        const time = localTime(created, offset).slice(0, 16).replace('T', ' ');
        const text = `${id} ${time} ${type.padEnd(12)} ${cleanLine(title)} ~${tokens}`;
        return id === line.anchor ? print.bold(`> ${text}`) : `  ${text}`;
      }),
      isEmpty ? 1 : 0,
    );
  },
});

export const commands = { show: showCommand, at: atCommand, timeline: timelineCommand };
