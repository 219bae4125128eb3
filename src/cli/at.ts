import { RepomemError } from '../domain/errors.ts';
import { fullOf, readPast, type PastMemory } from '../history/at-revision.ts';
import { hitAsJson, recordAsJson } from '../memory/as-json.ts';
import { search as find } from '../memory/find.ts';
import { openMemory, type Memory } from '../memory/open.ts';
import { resolveId } from '../memory/read.ts';
import { recordText } from '../memory/record-text.ts';
import type { CliContext, Command, Values } from './command.ts';
import { command as search, printHit, queryOf } from './search.ts';
import { command as show } from './show.ts';

export const command: Command = {
  usage: 'at REVISION search|list|show …',
  details: "The shared records as a commit, branch or tag has them, read from git's objects: nothing is checked out.",
  options: {
    ...search.options,
    json: show.options['json']!,
    raw: show.options['raw']!,
    foreign: show.options['foreign']!,
  },
  async run(context, values, [revision, what = 'list', ...rest]) {
    if (revision === undefined)
      throw new RepomemError('usage', 'at: expected a revision', {
        hint: 'such as: repomem at v1.2 search "retry limit"',
      });
    if (what !== 'search' && what !== 'list' && what !== 'show')
      throw new RepomemError('usage', `at: expected search, list or show; got '${what}'`, {
        hint: `such as: repomem at ${revision} search "retry limit"`,
      });
    const memory = await openMemory(context.env);
    const past = readPast(memory, revision, context.print.progress);
    if (what === 'show') return showPast(context, values, past, rest, memory.paths.root);
    return listPast(context, values, memory, past, what === 'list' ? '' : rest.join(' '));
  },
};

async function listPast(
  context: CliContext,
  values: Values,
  memory: Memory,
  past: PastMemory,
  text: string,
): Promise<number> {
  const { found } = await find(memory, past.recordSet, queryOf(text, values));
  if (values['json'])
    context.print.json({
      commit: past.commit,
      query: text,
      results: found.map((one) => hitAsJson(one, memory.paths.root)),
    });
  else if (found.length === 0) context.print.err('Nothing found.');
  else if (values['full'])
    context.print.out(
      found
        .filter(({ trust }) => trust !== 'foreign')
        .map(({ excerpt }) => recordText(fullOf(past, excerpt.path)))
        .join('\n\n'),
    );
  else for (const one of found) printHit(context, one);
  return found.length > 0 ? 0 : 1;
}

function showPast(
  { print }: CliContext,
  values: Values,
  past: PastMemory,
  ids: readonly string[],
  root: string,
): number {
  if (ids.length === 0)
    throw new RepomemError('usage', 'at: show: expected at least one id', {
      hint: 'repomem at REVISION list prints ids',
    });
  const records = ids.map((id) => {
    const { excerpt, trust } = resolveId(past.recordSet, id);
    if (trust === 'foreign' && !values['foreign'])
      throw new RepomemError('untrusted', `${excerpt.id}: unreviewed, came from elsewhere; not shown`, {
        hint: '--foreign shows it',
      });
    return fullOf(past, excerpt.path);
  });
  if (values['json']) print.json({ commit: past.commit, records: records.map((record) => recordAsJson(record, root)) });
  else if (values['raw']) for (const record of records) print.out(record.text);
  else print.out(records.map((record) => recordText(record)).join('\n\n'));
  return 0;
}
