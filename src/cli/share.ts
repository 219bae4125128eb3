import { jsonOption, type Command } from './command.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { openMemory } from '../memory/open.ts';
import { moveRecord, type MovedRecord } from '../curate/share.ts';
import { cleanLine } from '../privacy/invisible.ts';

export const command: Command = {
  usage: 'share ID…',
  details: 'Moves local records to where git sees them. repomem stage puts them into the next commit.',
  options: { json: jsonOption },
  run: (context, values, ids) => move(context, values['json'] === true, ids, 'shared'),
};

export const unshare: Command = {
  usage: 'unshare ID…',
  details:
    'Moves shared records to this machine alone. A file that git has is removed from the working tree, unstaged; others keep it until\n' +
    'that removal is committed, and history keeps it always. One that other branches have, too, stays beside a tombstone that forgets it.',
  options: { json: jsonOption },
  run: (context, values, ids) => move(context, values['json'] === true, ids, 'local'),
};

async function move(
  { env, print }: Parameters<Command['run']>[0],
  isJson: boolean,
  ids: readonly string[],
  tier: Tier,
): Promise<number> {
  if (ids.length === 0)
    throw new RepomemError('usage', `${tier === 'shared' ? 'share' : 'unshare'}: expected an id`, {
      hint: 'repomem list prints ids',
    });
  const moved: MovedRecord[] = [];
  for (const id of ids) moved.push(await moveRecord(await openMemory(env), id, tier));
  if (isJson) print.json({ tier, moved });
  else
    for (const { id, title, from, to, isTracked, keptAs } of moved) {
      print.out(`${tier}: ${id} ${cleanLine(title)}\n  ${to}`);
      if (keptAs)
        print.out(
          `  other branches have ${keptAs.id}: its file stays, forgotten by ${keptAs.tombstone}; repomem prune deletes it later`,
        );
      else if (isTracked) print.out(`  git has the old file: git add '${from}' stages its removal`);
    }
  return 0;
}
