import { countOf } from './count-of.ts';
import { jsonOption, listOf, numberOf, textOf, type Command, type Values } from './command.ts';
import { checkType } from './suggest.ts';
import { RepomemError } from '../domain/errors.ts';
import { localDate, offsetOf } from '../domain/local-time.ts';
import { observationTypes, type RecordType } from '../domain/types.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import { hitAsJson } from '../memory/as-json.ts';
import type { Found } from '../memory/find.ts';
import { findEverywhere, findHere, type FoundThere } from '../memory/find-everywhere.ts';
import { likenessOf } from '../meaning/likeness.ts';
import { findMemoryHere } from '../memory/open.ts';
import { recordText } from '../memory/record-text.ts';
import { safeId } from '../memory/safe-id.ts';
import { staleLines } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';
import type { Query } from '../search/hit.ts';
import type { CliContext } from './command.ts';

export const command: Command = {
  usage: 'search [QUESTION] [--type TYPE] [--file PATH] [--since DATE] …',
  isQuestion: true,
  details: 'Without a question it lists, newest first. Dates as people write them: 2026-11-01, yesterday, "last week".',
  options: {
    type: { type: 'string', short: 't', multiple: true, value: 'TYPE', describe: 'only these types' },
    concept: { type: 'string', multiple: true, value: 'WORD', describe: 'only with these concepts' },
    file: { type: 'string', short: 'f', value: 'PATH', describe: 'only records that cite this file or folder' },
    branch: { type: 'string', value: 'NAME', describe: 'only records made on this branch' },
    since: { type: 'string', value: 'DATE', describe: 'made on or after' },
    until: { type: 'string', value: 'DATE', describe: 'made on or before' },
    agent: { type: 'string', value: 'NAME', describe: 'made by this agent' },
    session: { type: 'string', value: 'ID', describe: 'made in this session' },
    scope: { type: 'string', value: 'shared|local|all', describe: 'which tier; default all' },
    limit: { type: 'string', short: 'n', value: 'N', describe: 'how many; default 10; 0 is all' },
    offset: { type: 'string', value: 'N', describe: 'how many to skip' },
    order: { type: 'string', value: 'relevance|date', describe: 'default relevance' },
    full: { type: 'boolean', describe: 'print the whole records' },
    'all-repos': { type: 'boolean', describe: 'in every repository of this machine that has a memory' },
    json: jsonOption,
  },
  async run(context, values, positionals) {
    const text = positionals.join(' ');
    const query = queryOf(text, values);
    const { env, print } = context;
    const { found, total, held, unreadable } = values['all-repos']
      ? await findEverywhere(env, query)
      : await findHere(env, findMemoryHere(env), query, likenessOf);
    const rootOf = (one: FoundThere): string | undefined => (values['all-repos'] ? one.memory.paths.root : undefined);
    if (values['json']) {
      const results = found.map((one) => ({
        ...hitAsJson(one, one.memory.paths.root, one.state),
        ...(values['all-repos'] && { root: rootOf(one) }),
      }));
      print.json({ query: text, results, total });
    } else if (found.length === 0)
      print.err(
        held > 0
          ? 'Nothing found.'
          : 'No records yet. Sessions leave them; repomem add "TITLE" writes one, repomem import takes over what is there.',
      );
    else if (values['full']) {
      // Only now the YAML code.
      const { readFull } = await import('../memory/read.ts');
      print.out(
        found
          .filter(({ trust }) => trust !== 'foreign')
          .map((one) => recordText(readFull(one.memory, one), one.state))
          .join('\n\n'),
      );
    } else
      for (const one of found) {
        printHit(context, one, one.state);
        if (values['all-repos']) print.out(print.dim(`         in ${rootOf(one)}`));
      }
    if (!values['json'] && found.length > 0) print.err(print.dim(howMany(found.length, total, query.offset ?? 0)));
    if (!values['json'] && unreadable > 0)
      print.err(print.warn(`${countOf(unreadable, 'file')} cannot be read as records: repomem doctor`));
    return found.length > 0 ? 0 : 1;
  },
};

/** More than any memory holds. */
const everything = 1e9;

function howMany(shown: number, total: number, offset: number): string {
  const next = offset + shown < total ? `; more: --offset ${offset + shown}, all: -n 0` : '';
  return `${offset > 0 ? `${offset + 1} to ${offset + shown}` : shown} of ${countOf(total, 'record')}${next}`;
}

export function queryOf(text: string, values: Values): Query {
  const limit = numberOf(values, 'limit');
  const offset = numberOf(values, 'offset');
  const types = listOf(values, 'type');
  for (const type of types) checkType('--type', type, [...Object.keys(observationTypes), 'session']);
  return {
    ...(text && { text }),
    ...(types.length > 0 && { types: types as RecordType[] }),
    concepts: listOf(values, 'concept'),
    ...pick(values, ['file', 'branch', 'since', 'until', 'agent', 'session']),
    ...oneOf(values, 'scope', ['shared', 'local', 'all'] as const),
    ...oneOf(values, 'order', ['relevance', 'date'] as const),
    ...(limit !== undefined && { limit: limit === 0 ? everything : limit }),
    ...(offset !== undefined && { offset }),
  };
}

function pick<K extends string>(values: Values, keys: readonly K[]): Partial<Record<K, string>> {
  const found: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const text = textOf(values, key);
    if (text !== undefined) found[key] = text;
  }
  return found;
}

function oneOf<K extends string, V extends string>(
  values: Values,
  key: K,
  allowed: readonly V[],
): Partial<Record<K, V>> {
  const text = textOf(values, key);
  if (text === undefined) return {};
  const value = allowed.find((one) => one === text);
  if (value === undefined) throw new RepomemError('usage', `--${key}: expected ${allowed.join(', ')}; got '${text}'`);
  return { [key]: value } as Record<K, V>;
}

export function printHit({ env, print }: CliContext, { excerpt, trust, hit }: Found, state?: RecordFreshness): void {
  const id = trust === 'foreign' ? safeId(excerpt) : excerpt.id;
  const head = `${print.bold(id)} ${localDate(excerpt.created, offsetOf(env.now()))} ${excerpt.type.padEnd(12)}`;
  if (trust === 'foreign') {
    print.out(`${head} ${print.warn('unreviewed, not shown')}`);
    return;
  }
  const why = hit.why.length > 0 ? print.dim(`\n         ${hit.why.slice(0, 4).join('; ')}`) : '';
  const stale = staleLines(excerpt, state);
  const mark = stale.length > 0 ? `\n         ${print.warn(`no longer so: ${stale.slice(0, 2).join('; ')}`)}` : '';
  print.out(`${head} ${cleanLine(excerpt.title)} ${print.dim(`~${excerpt.tokens}`)}${mark}${why}`);
}
