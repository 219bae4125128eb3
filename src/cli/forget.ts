import { jsonOption, textOf, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import { openMemory } from '../memory/open.ts';
import { forget } from '../memory/write.ts';

export const command: Command = {
  usage: 'forget ID… [--reason TEXT]',
  details:
    'Deletes the file, unstaged (git keeps what was committed), and leaves a tombstone, so that it is not learned again.',
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
    else for (const one of forgotten) print.out(`forgotten: ${one.id} ${one.title}\n  tombstone: ${one.tombstone}`);
    return 0;
  },
};
