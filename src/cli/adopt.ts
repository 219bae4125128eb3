import { jsonOption, type Command } from './command.ts';
import { adoptRecords, listElsewhere } from '../curate/adopt.ts';
import { openMemory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { recordLine } from '../memory/record-line.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'adopt ID…|--all',
  details:
    'Uncommitted records belong to the branch that they were made on. An adopted one belongs to the branch that is checked out, too:\n' +
    'sessions are told of it here, and stage takes it. Without an id it lists what waits on other branches.',
  options: { all: { type: 'boolean', describe: 'everything that is listed without an id' }, json: jsonOption },
  async run({ env, print }, values, ids) {
    const memory = await openMemory(env);
    if (ids.length === 0 && values['all'] !== true) {
      const waiting = listElsewhere(await readRecordSet(memory));
      if (values['json']) print.json({ elsewhere: waiting.map((one) => recordLine(one, memory.paths.root)) });
      else if (waiting.length === 0) print.out('Nothing waits on another branch.');
      else
        for (const {
          excerpt: { id, title, branch },
        } of waiting)
          print.out(`${print.bold(id)} ${print.dim(cleanLine(branch ?? '?', 60))} ${cleanLine(title)}`);
      return 0;
    }
    const { branch, records } = await adoptRecords(memory, values['all'] === true ? 'all' : ids);
    if (values['json']) print.json({ branch, adopted: records });
    else if (records.length === 0) print.out('Nothing waits on another branch.');
    else
      for (const { id, title } of records) print.out(`adopted on ${cleanLine(branch, 60)}: ${id} ${cleanLine(title)}`);
    return 0;
  },
};
