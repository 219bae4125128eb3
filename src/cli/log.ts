import { jsonOption, numberOf, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { changeAsJson } from '../history/history-json.ts';
import { readHistory } from '../history/log.ts';
import { openMemory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { changeLine, sumOf } from './record-changes.ts';

export const command: Command = {
  usage: 'log [REVISION] [--stat] [-n N]',
  details:
    'Commits that touched the memory, newest first, with the records that each added (+), edited (~), forgot (†) or removed (-).',
  options: {
    stat: { type: 'boolean', describe: 'also sizes, and a sum for each commit' },
    limit: { type: 'string', short: 'n', value: 'N', describe: 'how many commits; default all' },
    since: { type: 'string', value: 'REVISION', describe: 'only what this revision does not have' },
    json: jsonOption,
  },
  async run({ env, print }, values, positionals) {
    const [revision, more] = positionals;
    if (more !== undefined)
      throw new RepomemError('usage', `log: expected one revision; got '${positionals.join(' ')}'`);
    const maxCount = numberOf(values, 'limit', 1);
    const since = textOf(values, 'since');
    const entries = await readHistory(await openMemory(env), {
      ...(revision !== undefined && { revision }),
      ...(since !== undefined && { since }),
      ...(maxCount !== undefined && { maxCount }),
    });
    if (values['json']) {
      print.json({
        commits: entries.map(({ commit, changes, files }) => ({
          ...commit,
          records: changes.map(changeAsJson),
          files,
        })),
      });
      return 0;
    }
    const isStat = values['stat'] === true;
    entries.forEach(({ commit, changes, files }, index) => {
      if (index > 0) print.out('');
      print.out(`${print.warn(commit.id.slice(0, 10))} ${commit.at.slice(0, 10)} ${cleanLine(commit.author, 40)}`);
      print.out(`    ${cleanLine(commit.summary, 100)}`);
      for (const change of changes) print.out(`  ${changeLine(change, print, isStat)}`);
      if (isStat && changes.length > 0) print.out(`  ${sumOf(changes)}`);
      if (isStat || changes.length === 0) for (const file of files) print.out(print.dim(`  ${cleanLine(file, 200)}`));
    });
    if (entries.length === 0) print.out('No commit has touched the memory yet.');
    return 0;
  },
};
