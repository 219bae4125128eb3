// Who forgot a record, and why: its tombstone says it, and git whose commit brought that.
import { relative } from 'node:path';
import { isTrusted } from '../domain/excerpt.ts';
import { RepomemError } from '../domain/errors.ts';
import { findAdders } from '../git/history/memory-history.ts';
import { runIn } from '../git/run/runner.ts';
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
  const adders = await findAdders(memory.paths).catch(() => undefined);
  const author = adders?.get(path)?.author;
  const reason = cleanLine(readFull(memory, found).record.body, 300);
  const who = author === undefined ? 'here, not committed yet' : `by ${cleanLine(author, 60)}`;
  const id = forgets.find((one) => one.startsWith(prefix)) ?? prefix;
  return new RepomemError(
    'not-found',
    `${id}: forgotten ${created.slice(0, 10)} ${who}: ${reason || 'no reason was given'}`,
    { hint: `to take it back: delete its tombstone, ${path}, and ${restoreText(memory, id)}` },
  );
}

/** The command that brings the record's file back from the last commit that changed it. */
function restoreText({ paths }: Memory, id: string): string {
  const folder = relative(paths.worktree ?? paths.root, paths.memoryDir);
  const shape = ['--no-renames', '--diff-filter=AM', '--format=%h', '--name-only', '-z'];
  let commit = '';
  for (const part of runIn(paths, ['log', ...shape, '--', folder]).stdout.split(/[\0\n]+/)) {
    if (!part.includes('/')) commit = part;
    else if ((part.endsWith(`-${id}.md`) || part.endsWith(`/${id}.md`)) && /^[\w./@+-]+$/.test(part))
      return `run: git restore --source=${commit} -- ':/${part}'`;
  }
  return 'write it again with repomem add: git does not have its file';
}

/** Shorter ones name nothing in particular. */
const minPrefix = 4;
