// Renames as detected by git, and changes as listed by its log.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runIn, type GitOptions } from '../run/runner.ts';
import { plainDiff } from '../run/harden.ts';

type RunOptions = Pick<GitOptions, 'env'>;

/** Maximum number of paths per command line. */
export const pathsPerRun = 400;
const timeoutMs = 30_000;
/** Limit for inexact rename detection: added and removed files per commit; exact renames are always found. */
const renameLimit = '-l2000';

/** Renames that are staged but not committed. */
export function findStagedRenames(paths: MemoryPaths, options: RunOptions = {}): Map<string, string> {
  const args = ['diff', ...plainDiff, '-M', renameLimit, '--diff-filter=R', '--name-status', '-z', 'HEAD', '--'];
  return parseRenames(runIn(paths, args, options).stdout.split('\0'));
}

/** Renames between a commit and HEAD, compared in one step: also finds files that were copied first and removed later. */
export function findRenamesSince(paths: MemoryPaths, commit: string, options: RunOptions = {}): Map<string, string> {
  const args = [
    'diff',
    ...plainDiff,
    '-M',
    renameLimit,
    '--diff-filter=R',
    '--name-status',
    '-z',
    commit,
    'HEAD',
    '--',
  ];
  return parseRenames(runIn(paths, args, options).stdout.split('\0'));
}

/** Commit → its renames (old path → new path), detected against its first parent. One process. */
export function findRenamesIn(
  paths: MemoryPaths,
  commits: readonly string[],
  options: RunOptions = {},
): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  if (commits.length === 0) return found;
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-m',
    '--first-parent',
    '-M',
    renameLimit,
    '--diff-filter=R',
    '--name-status',
    '-z',
  ];
  const { stdout } = runIn(paths, [...args, ...plainDiff], { ...options, timeoutMs, stdin: `${commits.join('\n')}\n` });
  let renames = new Map<string, string>();
  const fields = stdout.split('\0');
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (/^R\d+$/.test(field)) {
      const [from = '', to = ''] = fields.slice(i + 1, i + 3);
      renames.set(from, to);
      i += 2;
    } else if (/^[0-9a-f]{40,64}/.test(field)) found.set(field.split(' ')[0] ?? '', (renames = new Map()));
  }
  return found;
}

function parseRenames(fields: readonly string[]): Map<string, string> {
  const renames = new Map<string, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) renames.set(fields[i + 1] ?? '', fields[i + 2] ?? '');
  return renames;
}

export interface RawChange {
  commit: string;
  /** A, M, D or T. */
  status: string;
  path: string;
  /** Full blob id after the change; zeros after a removal. */
  blob: string;
  /** Before the change; zeros before an addition. */
  was: string;
}

/** Parses `git log --raw --no-abbrev --no-renames -z --format=%x01%H`, newest first; `commit` is the text after %x01. */
export function parseRawLog(stdout: string): RawChange[] {
  const changes: RawChange[] = [];
  let commit = '';
  let start = 0;
  for (let end = stdout.indexOf('\0'); end !== -1; end = stdout.indexOf('\0', start)) {
    const at = stdout[start] === '\n' ? start + 1 : start;
    start = end + 1;
    if (stdout[at] === '\x01') {
      commit = stdout.slice(at + 1, end).trim();
      continue;
    }
    // `:MODE MODE BLOB BLOB STATUS`, then one path, because renames are off.
    if (stdout[at] !== ':') continue;
    const first = stdout.indexOf(' ', at + 8) + 1;
    const second = stdout.indexOf(' ', first) + 1;
    const last = stdout.indexOf(' ', second);
    const pathEnd = stdout.indexOf('\0', start);
    if (last === -1 || last > end || pathEnd === -1) continue;
    const path = stdout.slice(start, pathEnd);
    start = pathEnd + 1;
    const was = stdout.slice(first, second - 1);
    changes.push({ commit, status: stdout[last + 1] ?? '', path, blob: stdout.slice(second, last), was });
  }
  return changes;
}
