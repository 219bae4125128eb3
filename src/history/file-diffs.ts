// What a commit or a range changed, file by file. The memory's own files are named without their text: a stranger's record may be among them.
import { resolveCommit, splitDiff, type FileDiff } from '../git/history/commits.ts';
import { plainDiff } from '../git/run/harden.ts';
import { startIn } from '../git/run/runner.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { ComparedLine } from './cited-lines.ts';

export interface ChangedFile {
  path: string;
  /** Its name before, where that was another. */
  from?: string;
  status: FileDiff['status'];
  rows: ComparedLine[];
  /** More lines changed than are given. */
  isCut?: true;
}

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
): Promise<{ files: ChangedFile[]; isCut: boolean }> {
  const to = resolveCommit(paths, head);
  const shape = [
    '--raw',
    '-p',
    '-z',
    `-U${context}`,
    '-M',
    '--diff-filter=AMDR',
    '--ignore-submodules=all',
    ...plainDiff,
  ];
  const ends =
    base === undefined ? ['--root', '--no-commit-id', '-m', '--first-parent', to] : [resolveCommit(paths, base), to];
  const args = [
    ...(base === undefined ? ['diff-tree', '-r'] : ['diff']),
    ...shape,
    ...ends,
    '--',
    ...(path ? [path] : []),
  ];
  const { ok, stdout } = await startIn(paths, args, { timeoutMs: 20_000 });
  if (!ok) throw new RepomemError('git', `${head.slice(0, 60)}: git could not say what changed`);
  const found = splitDiff(stdout);
  const memory = memoryPrefixOf(paths);
  let room = maxRows;
  const files = found.slice(0, maxFiles).map(({ file, patch }): ChangedFile => {
    const rows = file.path.startsWith(memory) || file.from.startsWith(memory) ? [] : rowsOf(patch);
    const kept = rows.slice(0, Math.max(0, room));
    room -= rows.length;
    return {
      path: file.path,
      ...(file.from !== file.path && { from: file.from }),
      status: file.status,
      rows: kept,
      ...(kept.length < rows.length && { isCut: true as const }),
    };
  });
  return { files, isCut: found.length > maxFiles };
}

/** The lines of one file's patch; a gap between hunks shows in the numbers. */
export function rowsOf(patch: string): ComparedLine[] {
  const rows: ComparedLine[] = [];
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
