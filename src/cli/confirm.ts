import { jsonOption, listOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { confirmRecord } from '../curate/confirm.ts';
import { openMemory } from '../memory/open.ts';
import { placeText } from '../memory/stale-lines.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'confirm ID… [--file PATH:LINES]',
  details:
    "The record still holds although what it cites has changed: writes the same statement again, citing today's lines, and supersedes the\n" +
    'old one. Nothing is committed.',
  options: {
    file: {
      type: 'string',
      short: 'f',
      multiple: true,
      value: 'PATH:LINES',
      describe: 'cite this instead of what is found, such as src/a.ts:12-30',
    },
    json: jsonOption,
  },
  async run({ env, print }, values, ids) {
    const files = listOf(values, 'file');
    if (ids.length === 0)
      throw new RepomemError('usage', 'confirm: expected an id', { hint: 'repomem check lists them' });
    if (files.length > 0 && ids.length > 1)
      throw new RepomemError('usage', `confirm: --file goes with one id; got ${ids.length}`);
    const confirmed = [];
    for (const id of ids)
      confirmed.push(await confirmRecord(await openMemory(env, undefined, { withFiles: true }), id, files));
    if (values['json']) print.json({ confirmed });
    else
      for (const { id, supersedes, title, path, cites, dropped } of confirmed) {
        print.out(`confirmed: ${id} supersedes ${supersedes} ${cleanLine(title)}\n  ${path}`);
        print.out(`  cites ${cites.map(placeText).join(', ')}`);
        if (dropped.length > 0)
          print.out(`  gone, no longer cited: ${dropped.map((one) => cleanLine(one, 200)).join(', ')}`);
      }
    return 0;
  },
};
