import { realpathSync } from 'node:fs';
import type { Env } from '../domain/env.ts';
import { localDate, offsetOf } from '../domain/local-time.ts';
import { observationTypes, type RecordType } from '../domain/types.ts';
import { treePath } from '../git/cites/cites.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import { likenessOf } from '../meaning/likeness.ts';
import { hitAsJson, safeId } from '../memory/record-line.ts';
import type { Found } from '../memory/find.ts';
import { findEverywhere, findHere, type FoundThere } from '../memory/find-everywhere.ts';
import { findMemoryHere } from '../memory/open.ts';
import { recordText } from '../memory/record-text.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { findWorktree } from '../store/locate.ts';
import type { Query } from '../search/hit.ts';
import { checkType, countOf, defineCommand, type Command, type Options, type ValuesOf } from './command.ts';
import type { Printer } from './print.ts';

export const searchOptions = {
  type: { type: 'list', short: 't', value: 'TYPE', describe: 'only these types' },
  concept: { type: 'list', value: 'WORD', describe: 'only with these concepts' },
  file: { type: 'text', short: 'f', value: 'PATH', describe: 'only records that cite this file or folder' },
  branch: { type: 'text', value: 'NAME', describe: 'only records made on this branch' },
  since: { type: 'text', value: 'DATE', describe: 'made on or after' },
  until: { type: 'text', value: 'DATE', describe: 'made on or before' },
  agent: { type: 'text', value: 'NAME', describe: 'made by this agent' },
  session: { type: 'text', value: 'ID', describe: 'made in this session' },
  scope: { type: 'text', oneOf: ['shared', 'local', 'all'], describe: 'which tier; default all' },
  limit: { type: 'number', short: 'n', describe: 'how many; default 10; 0 is all' },
  offset: { type: 'number', describe: 'how many to skip' },
  order: { type: 'text', oneOf: ['relevance', 'date'], describe: 'default relevance' },
  full: 'print the whole records',
} as const satisfies Options;

const command = defineCommand({
  usage: 'search [QUESTION] [--type TYPE] [--file PATH] [--since DATE] …',
  details: 'Without a question it lists, newest first. Dates as people write them: 2026-11-01, yesterday, "last week".',
  words: {},
  options: { ...searchOptions, 'all-repos': 'in every repository of this machine that has a memory' },
  async run({ env, print, answer, isJson }, values, words) {
    const query = queryOf(env, words.join(' '), values);
    const isEverywhere = values['all-repos'];
    const { found, total, held, unreadable } = isEverywhere
      ? await findEverywhere(env, query)
      : await findHere(env, findMemoryHere(env), query, likenessOf);
    const results = found.map((one) => ({
      ...hitAsJson(one, one.memory.paths.root, one.state),
      ...(isEverywhere && { root: one.memory.paths.root }),
    }));
    const lineOf = (one: FoundThere): string =>
      hitLine(one, env, print, one.state) + (isEverywhere ? print.dim(`\n         in ${one.memory.paths.root}`) : '');
    const lines = values.full && !isJson ? await fullTexts(found) : found.map(lineOf);
    const code = answer({ query: query.text, results, total }, lines, found.length > 0 ? 0 : 1);
    if (isJson) return code;
    if (held === 0)
      print.err(
        'No records yet. Sessions leave them; repomem add "TITLE" writes one, repomem import takes over what is there.',
      );
    else print.err(howMany(print, found.length, total, query.offset));
    if (unreadable > 0)
      print.err(print.warn(`${countOf(unreadable, 'file')} cannot be read as records: repomem doctor`));
    return code;
  },
});

/** A search without a question: newest first. */
const listCommand: Command = {
  ...command,
  usage: 'list [--type TYPE] [--since DATE] …',
  words: { max: 0, hint: (words) => `to find records by words: repomem search ${words.join(' ')}` },
};

/** Whole records, separated by empty lines; foreign ones are left out. */
async function fullTexts(found: readonly FoundThere[]): Promise<string[]> {
  // Only now the YAML code.
  const { readFull } = await import('../memory/read.ts');
  const trusted = found.filter(({ trust }) => trust !== 'foreign');
  return trusted.map((one, at) => `${at > 0 ? '\n' : ''}${recordText(readFull(one.memory, one), one.state)}`);
}

/** More than any memory holds. */
const everything = 1e9;

export function howMany(print: Printer, shown: number, total: number, offset = 0): string {
  if (total === 0) return 'Nothing found.';
  const next = offset + shown < total ? `; more: --offset ${offset + shown}, all: -n 0` : '';
  const which = offset > 0 && shown > 0 ? `${offset + 1} to ${offset + shown}` : shown;
  return print.dim(`${which} of ${countOf(total, 'record')}${next}`);
}

/** `--file ./a.ts`, `.` and `..` go from the working directory, any other path may also be the end of a cited one. */
export function queryOf({ cwd, home }: Env, text: string, values: ValuesOf<typeof searchOptions>): Query {
  const { type: types, concept: concepts, limit, full: _full, file, ...rest } = values;
  for (const type of types) checkType(type, [...Object.keys(observationTypes), 'session']);
  const top = file !== undefined && /^\.\.?(?:[/\\]|$)/.test(file) ? findWorktree(cwd, home) : undefined;
  return {
    ...rest,
    ...(file !== undefined && { file: top === undefined ? file : treePath(top, realpathSync(cwd), file) }),
    text,
    types: types as RecordType[],
    concepts,
    limit: limit === 0 ? everything : limit,
  };
}

export function hitLine({ excerpt, trust, hit }: Found, env: Env, print: Printer, state?: RecordFreshness): string {
  const id = trust === 'foreign' ? safeId(excerpt) : excerpt.id;
  const head = `${print.bold(id)} ${localDate(excerpt.created, offsetOf(env.now()))} ${excerpt.type.padEnd(12)}`;
  if (trust === 'foreign') return `${head} ${print.warn('unreviewed, not shown')}`;
  const why = hit.why.length > 0 ? print.dim(`\n         ${hit.why.slice(0, 4).join('; ')}`) : '';
  const stale = staleLines(excerpt, state);
  const mark = stale.length > 0 ? `\n         ${print.warn(`no longer so: ${stale.slice(0, 2).join('; ')}`)}` : '';
  return `${head} ${cleanLine(excerpt.title)} ${print.dim(`~${excerpt.tokens}`)}${mark}${why}`;
}

export const commands = { search: command, list: listCommand };
