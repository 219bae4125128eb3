import { jsonOption, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { changeAsJson } from '../history/history-json.ts';
import { diffRecords } from '../history/diff.ts';
import { openMemory } from '../memory/open.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { changeLine, sumOf } from './record-changes.ts';

export const command: Command = {
  usage: 'diff [A..B]',
  details:
    'Records added, superseded, forgotten, edited. `A...B` starts where they parted; `A` alone goes to the working tree. Without a range:\n' +
    'what this branch adds to the default one, with what is not committed yet.',
  options: { json: jsonOption },
  async run({ env, print }, values, positionals) {
    if (positionals.length > 1)
      throw new RepomemError('usage', `diff: expected one range; got '${positionals.join(' ')}'`, {
        hint: `such as: repomem diff ${positionals.slice(0, 2).join('..')}`,
      });
    const { from, to, changes, files } = await diffRecords(await openMemory(env), positionals[0]);
    if (values['json']) {
      print.json({ from, ...(to && { to }), records: changes.map(changeAsJson), files });
      return 0;
    }
    const end = to ? `${to.id.slice(0, 10)} ${cleanLine(to.summary, 60)}` : 'the working tree';
    print.out(print.dim(`${from.id.slice(0, 10)} ${cleanLine(from.summary, 60)} → ${end}`));
    for (const change of changes) print.out(changeLine(change, print, true));
    for (const file of files) print.out(print.dim(`  ${cleanLine(file, 200)}`));
    print.out(changes.length > 0 ? sumOf(changes) : 'No record differs.');
    return 0;
  },
};
