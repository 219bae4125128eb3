import { jsonOption, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { findForgetting } from '../history/forgotten.ts';
import { openMemory } from '../memory/open.ts';
import { readRecordSet } from '../memory/records.ts';
import { forget } from '../curate/write.ts';

export const command: Command = {
  usage: 'forget ID… [--reason TEXT]',
  details:
    'Leaves a tombstone, so that it is told no more and not learned again, and deletes the file, unstaged (git keeps what was committed).\n' +
    'A file that other branches have stays until repomem prune deletes it on the default branch.',
  options: {
    reason: { type: 'string', short: 'r', value: 'TEXT', describe: 'why; kept in the tombstone' },
    json: jsonOption,
  },
  async run({ env, print }, values, ids) {
    if (ids.length === 0)
      throw new RepomemError('usage', 'forget: expected an id', { hint: 'repomem list prints ids' });
    const forgotten = [];
    for (const id of ids) {
      const memory = await openMemory(env);
      const before = await findForgetting(memory, await readRecordSet(memory), id);
      if (before) throw before;
      forgotten.push(await forget(memory, id, textOf(values, 'reason') ?? ''));
    }
    if (values['json']) print.json({ forgotten });
    else
      for (const { id, title, tombstone, isKept } of forgotten) {
        print.out(`forgotten: ${id} ${title}\n  tombstone: ${tombstone}`);
        if (isKept) print.out('  its file stays for now, as other branches have it: repomem prune deletes it');
        print.out(`  to take it back: ${isKept ? 'delete the tombstone' : `repomem show ${id} says how`}`);
      }
    return 0;
  },
};
