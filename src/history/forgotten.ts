// Who forgot a record, and why: its tombstone says it, and git whose commit brought that.
import { isTrusted } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { idOfPath } from '../domain/id.ts';
import { readMemoryLog } from '../git/history/memory-history.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import type { RecordSet } from '../memory/records.ts';
import { cleanLine } from '../privacy/invisible.ts';

/** The error about a record whose file is gone and that a tombstone names; undefined where none does. `prefix`: of its id. */
export async function findForgetting(
  memory: Memory,
  { assessed, byId }: RecordSet,
  prefix: string,
): Promise<RepomemError | undefined> {
  if (prefix.length < minPrefix || byId.has(prefix)) return undefined;
  const found = assessed.find(
    ({ trust, excerpt }) => isTrusted(trust) && excerpt.forgets.some((id) => id.startsWith(prefix) && !byId.has(id)),
  );
  if (!found || assessed.some(({ excerpt }) => excerpt.id.startsWith(prefix))) return undefined;
  const { path, created, forgets } = found.excerpt;
  const log = await readMemoryLog(memory.paths).catch(() => []);
  const author = log.findLast(({ changes }) => changes.some((change) => change.path === path))?.commit.author;
  const reason = cleanLine(readFull(memory, found).record.body, 300);
  const who = author === undefined ? 'here, not committed yet' : `by ${cleanLine(author, 60)}`;
  const id = forgets.find((one) => one.startsWith(prefix)) ?? prefix;
  // The last commit that changed the record's file, which brings it back.
  const [restore = 'write it again with repomem add: git does not have its file'] = log.flatMap(({ commit, changes }) =>
    changes
      .filter(
        (change) => change.after !== undefined && idOfPath(change.path) === id && /^[\w./@+-]+$/.test(change.path),
      )
      .map(
        (change) =>
          `run: git restore --source=${commit.id.slice(0, 12)} -- ':/${repositoryPath(change, memory.snapshot)}'`,
      ),
  );
  return new RepomemError(
    'not-found',
    `${id}: forgotten ${created.slice(0, 10)} ${who}: ${reason || 'no reason was given'}`,
    { hint: `to take it back: delete its tombstone, ${path}, and ${restore}` },
  );
}

/** Shorter ones name nothing in particular. */
const minPrefix = 4;
