import { jsonOption, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
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
    for (const id of ids) forgotten.push(await forget(await openMemory(env), id, textOf(values, 'reason') ?? ''));
    if (values['json']) print.json({ forgotten });
    else
      for (const { id, title, tombstone, isKept } of forgotten) {
        print.out(`forgotten: ${id} ${title}\n  tombstone: ${tombstone}`);
        if (isKept) print.out('  its file stays for now, as other branches have it: repomem prune deletes it');
      }
    return 0;
  },
};
