// What a commit or a range changed, file by file. The memory's own files are named without their text: a stranger's record may be among them.
import { parseRaw, withRenames } from '../../../git/cites/renames.ts';
import { resolveCommit } from '../../../git/history/commits.ts';
import { startIn } from '../../../git/run/runner.ts';
import { memoryPrefixOf } from '../../../git/state/snapshot.ts';
import { RepomemError } from '../../../domain/errors.ts';
import type { MemoryPaths } from '../../../domain/memory-paths.ts';
import type { ChangesAnswer, DiffRow } from '../../wire.ts';

const maxFiles = 200;
const maxRows = 2000;
const maxChars = 500;
const context = 3;

/**
 * From `base`, or from the commit's first parent, to `head`; of one `path` (from the top of the working tree) or of all. Throws RepomemError
 * `not-found` for what is no commit, `git` when git fails.
 */
export async function diffFiles(
  paths: MemoryPaths,
  { base, head, path }: { base?: string; head: string; path?: string },
): Promise<ChangesAnswer> {
  const to = resolveCommit(paths, head);
  const shape = [...withRenames, '-p', `-U${context}`, '--diff-filter=AMDR', '--ignore-submodules=all'];
  const what =
    base === undefined
      ? ['diff-tree', '-r', ...shape, '--root', '--no-commit-id', '-m', '--first-parent', to]
      : ['diff', ...shape, resolveCommit(paths, base), to];
  const args = [...what, '--', ...(path ? [path] : [])];
  const { ok, stdout } = await startIn(paths, args, { timeoutMs: 20_000 });
  if (!ok) throw new RepomemError('git', `${head.slice(0, 60)}: git could not say what changed`);
  // The raw entries, an empty one, then the patches in the same order.
  const [raw = '', patchText = ''] = stdout.split('\0\0');
  const found = parseRaw(`${raw}\0`);
  const patches = patchText.split(/^diff --git /m).slice(1);
  const memory = memoryPrefixOf(paths);
  let room = maxRows;
  const files = found.slice(0, maxFiles).map(({ path: now, from, status }, at): ChangesAnswer['files'][number] => {
    const rows = now.startsWith(memory) || from.startsWith(memory) ? [] : rowsOf(patches[at] ?? '');
    const kept = rows.slice(0, Math.max(0, room));
    room -= rows.length;
    const cut = kept.length < rows.length && { isCut: true as const };
    return { path: now, ...(from !== now && { from }), status, rows: kept, ...cut };
  });
  return { files, isCut: found.length > maxFiles };
}

/** The lines of one file's patch; a gap between hunks shows in the numbers. */
export function rowsOf(patch: string): DiffRow[] {
  const rows: DiffRow[] = [];
  let [before, after] = [0, 0];
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    const text = line.slice(1, 1 + maxChars);
    if (hunk) [before, after] = [Number(hunk[1]), Number(hunk[2])];
    else if (before === 0 && after === 0) continue;
    else if (line.startsWith('-')) rows.push({ kind: 'removed', text, before: before++ });
    else if (line.startsWith('+')) rows.push({ kind: 'added', text, after: after++ });
    else if (line.startsWith(' ')) rows.push({ kind: 'same', text, before: before++, after: after++ });
  }
  return rows;
}
