import { localTime, offsetOf } from '../domain/local-time.ts';
import { readRecordSet } from '../memory/records.ts';
import { timelineAsJson, timelineOf } from '../memory/timeline.ts';
import { cleanLine } from '../privacy/invisible.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
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
      timelineAsJson(line, recordSet, memory),
      line.entries.map(({ id, created, type, title, tokens }) => {
        const time = localTime(created, offset).slice(0, 16).replace('T', ' ');
        const text = `${id} ${time} ${type.padEnd(12)} ${cleanLine(title)} ~${tokens}`;
        return id === line.anchor ? print.bold(`> ${text}`) : `  ${text}`;
      }),
      isEmpty ? 1 : 0,
    );
  },
});
