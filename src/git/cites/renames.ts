// Changed files and renames as git lists them.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn } from '../run/runner.ts';

/** Limit for inexact rename detection: added and removed files per commit; exact renames are always found. */
export const withRenames: readonly string[] = ['--raw', '--no-abbrev', '-z', '-M', '-l2000', ...plainDiff];

export interface RawChange {
  /** The text after %x01 of the commit's line; '' in a diff. */
  commit: string;
  /** A copy counts as an addition, another type of file as an edit. */
  status: 'A' | 'M' | 'D' | 'R';
  /** Path before a rename; else the same as `path`. */
  from: string;
  path: string;
  /** Full blob ids; absent where there is no file (a link counts as one), and after a change of the working tree. */
  before?: string;
  after?: string;
}

/** Parses `--raw --no-abbrev -z` of a diff, or of a log with `--format=%x01…`, in git's order. */
export function parseRaw(stdout: string): RawChange[] {
  const changes: RawChange[] = [];
  let commit = '';
  let start = 0;
  const next = (): string | undefined => {
    const end = stdout.indexOf('\0', start);
    const field = end === -1 ? undefined : stdout.slice(start, end);
    start = end + 1;
    return field;
  };
  for (let field = next(); field !== undefined; field = next()) {
    const head = field.trimStart();
    if (head.startsWith('\x01')) commit = head.slice(1).trim();
    if (!head.startsWith(':')) continue;
    const [oldMode = '', newMode = '', was = '', now = '', letters = ''] = head.slice(1).split(' ');
    const from = next() ?? '';
    const letter = letters[0] ?? '';
    const path = letter === 'R' || letter === 'C' ? (next() ?? '') : from;
    const status = letter === 'C' ? 'A' : letter === 'A' || letter === 'D' || letter === 'R' ? letter : 'M';
    changes.push({
      commit,
      status,
      from,
      path,
      ...(isBlob(oldMode, was) && { before: was }),
      ...(isBlob(newMode, now) && { after: now }),
    });
  }
  return changes;
}

function isBlob(mode: string, id: string): boolean {
  return /^1[02]/.test(mode) && !/^0+$/.test(id);
}

/** Renames (old path → new path) between two commits, or from one to the working tree. */
export function findRenames(paths: MemoryPaths, ...ends: string[]): Map<string, string> {
  const { stdout } = runIn(paths, ['diff', ...withRenames, '--diff-filter=R', ...ends, '--']);
  return new Map(parseRaw(stdout).map(({ from, path }) => [from, path]));
}

/** Commit → its renames, detected against its first parent. One process. */
export function findRenamesIn(paths: MemoryPaths, commits: readonly string[]): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  if (commits.length === 0) return found;
  const args = ['diff-tree', '--stdin', '-r', '-m', '--first-parent', '--diff-filter=R', '--format=%x01%H'];
  const limits = { timeoutMs: 30_000, stdin: `${commits.join('\n')}\n` };
  for (const { commit, from, path } of parseRaw(runIn(paths, [...args, ...withRenames], limits).stdout))
    found.set(commit, (found.get(commit) ?? new Map()).set(from, path));
  return found;
}
