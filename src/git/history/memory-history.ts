// The memory in git's history: who added a record, its content at a revision, changes between revisions. Paths are as in Excerpt:
// relative to the folder that holds `.claude-mem`.
import { idOfName } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { askGit } from '../run/git-query.ts';
import { readBlobs } from '../state/blobs.ts';
import { commitFormat, parseCommit, resolveCommit, type CommitInfo } from './commits.ts';
import { plainDiff } from '../run/harden.ts';
import { runCommand, type OpenOptions } from '../run/simple-git.ts';
import { parseRawLog, type RawChange } from '../cites/renames.ts';
import { memoryPrefixOf } from '../state/snapshot.ts';
import { runIn, startIn } from '../run/runner.ts';

export interface MemoryChange {
  status: 'A' | 'M' | 'D' | 'R';
  path: string;
  /** Path before a rename: the same record (same id or same bytes) under another name. */
  from?: string;
  /** Full blob ids; absent where the file does not exist. */
  before?: string;
  /** Also absent for a changed file of the working tree, which has no blob in git yet. */
  after?: string;
}

export interface MemoryCommit {
  commit: CommitInfo;
  changes: MemoryChange[];
}

/** Commits that touched the memory, newest first. Merges are left out: their changes are listed with the merged commits. */
export async function readMemoryLog(
  paths: MemoryPaths,
  options: OpenOptions & { revision?: string; since?: string; maxCount?: number } = {},
): Promise<MemoryCommit[]> {
  const prefix = memoryPrefixOf(paths);
  const { revision = 'HEAD' } = options;
  const head = isFullId(revision) || revision === 'HEAD' ? revision : resolveCommit(paths, revision, options);
  const range = options.since === undefined ? [head] : [head, `^${resolveCommit(paths, options.since, options)}`];
  const count = options.maxCount === undefined ? [] : [`--max-count=${options.maxCount}`];
  const args = ['log', '--raw', '--no-abbrev', '--no-renames', '-z', `--format=%x01${commitFormat}`, ...count];
  const output = await askGit(paths, [...args, ...plainDiff, ...range, '--', prefix], options);
  const commits = new Map<string, RawChange[]>();
  for (const change of parseRawLog(output)) {
    const known = commits.get(change.commit);
    if (known) known.push(change);
    else commits.set(change.commit, [change]);
  }
  return [...commits].map(([text, changes]) => ({ commit: parseCommit(text), changes: pairChanges(changes, prefix) }));
}

/**
 * Record path → the commit that added it, from one walk over the memory's history; correct after squashes and rebases. A renamed
 * file keeps the commit of its first name. Uncommitted records are left out.
 */
export async function findAdders(
  paths: MemoryPaths,
  options: OpenOptions & { revision?: string } = {},
): Promise<Map<string, CommitInfo>> {
  const adders = new Map<string, CommitInfo>();
  const log = await readMemoryLog(paths, options);
  for (const { commit, changes } of log.reverse()) {
    for (const { status, path, from } of changes) {
      const first = status === 'R' && from !== undefined ? adders.get(from) : undefined;
      if (status === 'A' || status === 'R') adders.set(path, first ?? commit);
    }
  }
  return adders;
}

/**
 * Memory files added by a commit; if it added none, those of the merge that brought it to the default branch. `isPoor`: findAdders
 * found none for this commit, so only a merge can have added some.
 */
export async function findRecordsWith(
  paths: MemoryPaths,
  commit: string,
  options: OpenOptions & { defaultRef?: string | undefined; isPoor?: boolean } = {},
): Promise<{ filePaths: string[]; merge?: string }> {
  const id = isFullId(commit) ? commit : resolveCommit(paths, commit, options);
  const list = async (...how: string[]): Promise<string[]> =>
    (await startIn(paths, ['rev-list', ...how], options)).stdout.trim().split('\n');
  // First-parent history of the default branch down to the commit, each with its parents.
  const mainLine = options.defaultRef
    ? (await list('--first-parent', '--parents', options.defaultRef, '--not', `${id}^@`)).map((line) => line.split(' '))
    : [];
  const [oldest, ...parents] = mainLine.at(-1) ?? [];
  if (options.isPoor && oldest === id && parents.length < 2) return { filePaths: [] };
  const own = listAdded(paths, ['diff-tree', '-r', '--root', '--no-commit-id', '-m', '--first-parent'], [id], options);
  if (own.length > 0 || options.defaultRef === undefined) return { filePaths: own };
  // The commit is on the first-parent line itself, so no merge brought it.
  if (oldest === id) return { filePaths: [] };
  const carriers = new Set(await list('--ancestry-path', `${id}..${options.defaultRef}`));
  const merge = mainLine.map(([one = '']) => one).findLast((one) => carriers.has(one));
  // The oldest first-parent commit that contains it; if its predecessor contains it too, no merge brought it.
  if (merge === undefined || merge === '') return { filePaths: [] };
  if (runIn(paths, ['merge-base', '--is-ancestor', id, `${merge}^1`], options).code !== 1) return { filePaths: [] };
  const filePaths = listAdded(paths, ['diff-tree', '-r', '--no-commit-id'], [`${merge}^1`, merge], options);
  return filePaths.length > 0 ? { filePaths, merge } : { filePaths };
}

/** Records of a revision, read from git's objects. Links, other files and files over 64 KB are left out. */
export function recordsAt(
  paths: MemoryPaths,
  revision: string,
  options: OpenOptions = {},
): { path: string; blob: string; text: string }[] {
  const prefix = memoryPrefixOf(paths);
  const id = resolveCommit(paths, revision, options);
  const { stdout } = runIn(paths, ['ls-tree', '-r', '-z', '-l', '--full-tree', id, '--', prefix], options);
  const files = stdout.split('\0').flatMap((entry) => {
    const match = /^100\d+ blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(entry);
    const path = match?.[3]?.slice(prefix.length) ?? '';
    const isRecord = isRecordPath(path) && Number(match?.[2]) <= 64 * 1024;
    return match && isRecord ? [{ path: `.claude-mem/${path}`, blob: match[1] ?? '' }] : [];
  });
  const blobs = readBlobs(paths, [...new Set(files.map(({ blob }) => blob))], options);
  return files.flatMap((file) => {
    const bytes = blobs.get(file.blob);
    return bytes ? [{ ...file, text: bytes.toString('utf8') }] : [];
  });
}

/** Changes of the memory from `base` to a commit, the index, or the working tree (without untracked files). */
export async function diffMemory(
  paths: MemoryPaths,
  base: string,
  head: { commit: string } | 'index' | 'worktree',
  options: OpenOptions = {},
): Promise<MemoryChange[]> {
  const prefix = memoryPrefixOf(paths);
  const from = resolveCommit(paths, base, options);
  const to = typeof head === 'object' ? [resolveCommit(paths, head.commit, options)] : [];
  const where = head === 'index' ? ['--cached'] : [];
  const args = [
    'diff',
    ...plainDiff,
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '-z',
    ...where,
    from,
    ...to,
    '--',
    prefix,
  ];
  return pairChanges(parseRawLog(await runCommand(paths, args, options)), prefix);
}

function listAdded(paths: MemoryPaths, command: string[], revisions: string[], options: OpenOptions): string[] {
  const prefix = memoryPrefixOf(paths);
  const args = [...command, ...plainDiff, '--no-renames', '--diff-filter=A', '--name-only', '-z', ...revisions];
  const { stdout } = runIn(paths, [...args, '--', prefix], options);
  return stdout.split('\0').flatMap((path) => {
    const inside = path.slice(prefix.length);
    return isRecordPath(inside) ? [`.claude-mem/${inside}`] : [];
  });
}

/**
 * Pairs a removal and an addition of the same record as a rename. Git's own detection goes by similarity, and records are similar:
 * it would pair a pruned record with a new one.
 */
function pairChanges(changes: readonly RawChange[], prefix: string): MemoryChange[] {
  const removed = changes.filter(({ status }) => status === 'D');
  const paired = new Set<RawChange>();
  const found: MemoryChange[] = [];
  for (const change of changes) {
    const path = `.claude-mem/${change.path.slice(prefix.length)}`;
    const after = isThere(change.blob) ? { after: change.blob } : {};
    if (change.status === 'A') {
      const free = removed.filter((one) => !paired.has(one));
      const twin =
        free.find((one) => idOf(one.path) === idOf(change.path)) ?? free.find((one) => one.was === change.blob);
      if (twin) {
        paired.add(twin);
        const from = `.claude-mem/${twin.path.slice(prefix.length)}`;
        found.push({ status: 'R', path, from, before: twin.was, ...after });
      } else found.push({ status: 'A', path, ...after });
    } else if (change.status !== 'D') found.push({ status: 'M', path, before: change.was, ...after });
  }
  for (const { path, was } of removed.filter((one) => !paired.has(one)))
    found.push({ status: 'D', path: `.claude-mem/${path.slice(prefix.length)}`, before: was });
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `path` below the memory folder. */
function isRecordPath(path: string): boolean {
  return /^(observations|sessions)\/.*\.md$/s.test(path);
}

function isThere(blob: string): boolean {
  return !/^0+$/.test(blob);
}

function idOf(path: string): string {
  return idOfName(path.slice(path.lastIndexOf('/') + 1));
}

function isFullId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
