import { jsonOption, type Command } from './command.ts';
import { embedRecords } from '../meaning/build.ts';
import { openRecords } from '../memory/records.ts';
import { findMemoryHere } from '../memory/open.ts';

export const command: Command = {
  usage: 'index',
  details: 'Nobody has to: search indexes what is new by itself, and vectors are made when records are.',
  options: { json: jsonOption },
  async run({ env, print }, values) {
    const { memory, recordSet, save } = await openRecords(env, findMemoryHere(env), {
      everyFile: true,
      isBackground: true,
    });
    save();
    const meaning = await embedRecords(memory, recordSet);
    if (values['json']) print.json({ records: recordSet.table.count, ...(meaning && { meaning }) });
    else {
      print.out(`${recordSet.table.count} records indexed`);
      if (meaning) {
        const kept = meaning.kept > 0 ? `; ${meaning.kept} stay without, the endpoint must not see them` : '';
        print.out(`${meaning.done} of ${meaning.wanted} have a vector, ${meaning.made} of them new${kept}`);
      }
    }
    if (meaning?.trouble) print.err(print.warn(meaning.trouble));
    return meaning?.trouble ? 1 : 0;
  },
};
