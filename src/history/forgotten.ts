// Who forgot a record, and why: its tombstone says it, and git whose commit brought that.
import { isTrusted } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { idOfPath } from '../domain/id.ts';
import { readMemoryLog } from '../git/history/memory-history.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import type { Memory } from '../memory/open.ts';
import { readFull } from '../memory/read.ts';
import type { AssessedRecord, RecordSet } from '../memory/records.ts';
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
  const { path, forgets } = found.excerpt;
  const log = await readMemoryLog(memory.paths).catch(() => []);
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
  return new RepomemError('not-found', `${id}: ${forgettingText(memory, found, log)}`, {
    hint: `to take it back: delete its tombstone, ${path}, and ${restore}`,
  });
}

/** Why a record is told no more although its file stands: a line for each that replaced it or forgets it. */
export async function whyInactive(memory: Memory, { assessed }: RecordSet, id: string): Promise<string[]> {
  const trusted = assessed.filter(({ trust, isHere }) => isTrusted(trust) && isHere);
  const stones = trusted.filter(({ excerpt }) => excerpt.forgets.includes(id));
  const log = stones.length === 0 ? [] : await readMemoryLog(memory.paths).catch(() => []);
  return [
    ...trusted.flatMap(({ excerpt }) => (excerpt.supersedes.includes(id) ? `superseded by ${excerpt.id}` : [])),
    ...stones.map((stone) => forgettingText(memory, stone, log)),
  ];
}

type Log = Awaited<ReturnType<typeof readMemoryLog>>;

/** "forgotten 2026-11-21 by Ada: not so" */
function forgettingText(memory: Memory, stone: AssessedRecord, log: Log): string {
  const { path, created } = stone.excerpt;
  const author = log.findLast(({ changes }) => changes.some((change) => change.path === path))?.commit.author;
  const reason = cleanLine(readFull(memory, stone).record.body, 300);
  const who = author === undefined ? 'here, not committed yet' : `by ${cleanLine(author, 60)}`;
  return `forgotten ${created.slice(0, 10)} ${who}: ${reason || 'no reason was given'}`;
}

/** Shorter ones name nothing in particular. */
const minPrefix = 4;
