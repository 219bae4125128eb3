import { embedRecords } from '../meaning/build.ts';
import { findMemoryHere } from '../memory/open.ts';
import { openRecords } from '../memory/records.ts';
import { defineCommand } from './command.ts';

export const command = defineCommand({
  usage: 'index',
  details: 'Nobody has to: search indexes what is new by itself, and vectors are made when records are.',
  options: {},
  async run({ env, print, answer }) {
    const how = { everyFile: true, isBackground: true };
    const { memory, recordSet, save } = await openRecords(env, findMemoryHere(env), how);
    save();
    const records = recordSet.table.count;
    const meaning = await embedRecords(memory, recordSet);
    if (meaning?.trouble) print.err(print.warn(meaning.trouble));
    const { done, wanted, made, kept } = meaning ?? { done: 0, wanted: 0, made: 0, kept: 0 };
    const withheld = kept > 0 ? `; ${kept} stay without, the endpoint must not see them` : '';
    return answer(
      { records, ...(meaning && { meaning }) },
      [`${records} records indexed`, meaning && `${done} of ${wanted} have a vector, ${made} of them new${withheld}`],
      meaning?.trouble ? 1 : 0,
    );
  },
});
