// Moves records from the branch that they were made on to the one that is checked out.
import { RepomemError } from '../domain/errors.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { adoptEntry, appendLedger } from '../git/ledger.ts';
import { entryOf } from './ledger-entry.ts';
import type { Memory } from './open.ts';
import { resolveId } from './read.ts';
import { requireRepository } from './stage.ts';
import { readWorld, type Judged, type World } from './world.ts';

export interface Adopted {
  branch: string;
  records: Pick<Excerpt, 'id' | 'title' | 'path' | 'tier'>[];
}

/** Records that wait on another branch, sessions left out. */
export function listElsewhere(world: World): Judged[] {
  return world.judged.filter(
    ({ excerpt, trust, isHere }) => !isHere && trust !== 'foreign' && excerpt.type !== 'session',
  );
}

/** `ids` or everything that waits elsewhere. RepomemError `untrusted` for a stranger's record, `usage` where no branch is checked out. */
export async function adoptRecords(memory: Memory, ids: readonly string[] | 'all'): Promise<Adopted> {
  requireRepository(memory);
  const { place, snapshot, ledger, env } = memory;
  const { branch } = snapshot;
  if (branch === undefined)
    throw new RepomemError('usage', 'adopt: expected a branch to be checked out; HEAD is detached', {
      hint: 'git switch BRANCH, then adopt',
    });
  const world = await readWorld(memory);
  const chosen = ids === 'all' ? listElsewhere(world) : ids.map((id) => resolveId(world, id));
  const at = env.now().toISOString();
  const entries = chosen.flatMap(({ excerpt, trust, isHere }) => {
    if (trust === 'foreign')
      throw new RepomemError('untrusted', `${excerpt.id}: came from elsewhere and is not reviewed; not adopted`, {
        hint: `repomem show ${excerpt.id} --foreign shows it; repomem trust ${excerpt.id} accepts it`,
      });
    if (isHere) return [];
    // A person wrote it, so only the file itself says where.
    const { branch: from } = excerpt;
    const written = { ...entryOf(memory, excerpt, at), onDefault: false, ...(from !== undefined && { branch: from }) };
    return [adoptEntry(ledger.byBlob.get(excerpt.blob) ?? written, branch, at)];
  });
  appendLedger(place, entries);
  return { branch, records: chosen.map(({ excerpt: { id, title, path, tier } }) => ({ id, title, path, tier })) };
}
