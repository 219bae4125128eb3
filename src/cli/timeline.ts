import { jsonOption, numberOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { localTime, offsetOf } from '../domain/local-time.ts';
import { openMemory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { timelineAsJson, timelineOf } from '../memory/timeline.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'timeline ID|QUESTION|DATE [--before N] [--after N]',
  details: 'What came before and after a record, the best hit of a question, or a date.',
  options: {
    before: { type: 'string', short: 'b', value: 'N', describe: 'how many before; default 5' },
    after: { type: 'string', short: 'a', value: 'N', describe: 'how many after; default 5' },
    json: jsonOption,
  },
  async run({ env, print }, values, positionals) {
    const anchor = positionals.join(' ').trim();
    if (anchor === '')
      throw new RepomemError('usage', 'timeline: expected an id, a question or a date', {
        hint: 'such as: repomem timeline yesterday; repomem list prints ids',
      });
    const memory = await openMemory(env);
    const recordSet = await readRecordSet(memory);
    const span = { before: numberOf(values, 'before') ?? 5, after: numberOf(values, 'after') ?? 5 };
    const line = await timelineOf(memory, anchor, span, recordSet);
    if (values['json']) print.json(timelineAsJson(line, recordSet, memory));
    else if (line.entries.length === 0) print.err('Nothing found.');
    else {
      const offset = offsetOf(env.now());
      for (const { id, created, type, title, tokens } of line.entries) {
        const text = `${id} ${localTime(created, offset).slice(0, 16).replace('T', ' ')} ${type.padEnd(12)} ${cleanLine(title)} ~${tokens}`;
        print.out(id === line.anchor ? print.bold(`> ${text}`) : `  ${text}`);
      }
    }
    return line.entries.length > 0 ? 0 : 1;
  },
};
