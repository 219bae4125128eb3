// The memory's files as git has them: in a commit, in the index, in every version that a range of commits brought. Paths are as in
// Excerpt. Links and files of any name are listed: whoever checks must see what readers refuse.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { idOfName } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readBlobs } from '../state/blobs.ts';
import { plainDiff } from '../run/harden.ts';
import { parseRawLog } from '../cites/renames.ts';
import { runIn, type GitOptions } from '../run/runner.ts';
import { memoryPrefixOf } from '../state/snapshot.ts';

export interface TreeFile {
  path: string;
  /** Full blob id; of a submodule its commit. */
  blob: string;
  kind: 'file' | 'link' | 'submodule';
}

type RunOptions = Pick<GitOptions, 'env' | 'isInsideHook'>;

/** By path. `commit` is a full id; undefined means git's index. Empty where git refuses. */
export function listMemoryTree(
  paths: MemoryPaths,
  commit: string | undefined,
  options: RunOptions = {},
): Map<string, TreeFile> {
  const prefix = memoryPrefixOf(paths);
  const args =
    commit === undefined
      ? ['ls-files', '-s', '-z', '--full-name', '--', prefix]
      : ['ls-tree', '-r', '-z', '--full-tree', commit, '--', prefix];
  const files = new Map<string, TreeFile>();
  for (const entry of runIn(paths, args, options).stdout.split('\0')) {
    const tab = entry.indexOf('\t');
    const fields = entry.slice(0, tab).split(' ');
    const blob = (commit === undefined ? fields[1] : fields[2]) ?? '';
    const kind = fields[0] === '120000' ? 'link' : fields[0] === '160000' ? 'submodule' : 'file';
    const path = `.claude-mem/${entry.slice(tab + 1 + prefix.length)}`;
    if (tab > 0 && blob !== '') files.set(path, { path, blob, kind });
  }
  return files;
}

export interface RangeVersion extends TreeFile {
  /** Full id of the commit that brought it. */
  commit: string;
}

/** Every version of a memory file that the commits of `base..head` brought, those of merges and of branches merged meanwhile too. */
export function listRangeVersions(
  paths: MemoryPaths,
  base: string,
  head: string,
  options: RunOptions = {},
): RangeVersion[] {
  const prefix = memoryPrefixOf(paths);
  const shape = ['--raw', '--no-abbrev', '--no-renames', '-z', '--format=%x01%H', '-m', '--full-history'];
  const { stdout } = runIn(paths, ['log', ...shape, ...plainDiff, head, `^${base}`, '--', prefix], {
    ...options,
    timeoutMs: 60_000,
  });
  const seen = new Set<string>();
  return parseRawLog(stdout).flatMap(({ commit, path, blob }) => {
    const key = `${path}\0${blob}`;
    if (/^0+$/.test(blob) || seen.has(key)) return [];
    seen.add(key);
    return [
      { path: `.claude-mem/${path.slice(prefix.length)}`, blob, kind: 'file' as const, commit: commit.slice(0, 40) },
    ];
  });
}

/** Ids of all records that any branch, tag or remote branch ever had. */
export function listIdsEver(paths: MemoryPaths, options: RunOptions = {}): Set<string> {
  const args = ['log', '--all', '--format=', '--name-only', '--no-renames', '-z', '--diff-filter=A', '-m'];
  const { stdout } = runIn(paths, [...args, ...plainDiff, '--', memoryPrefixOf(paths)], {
    ...options,
    timeoutMs: 60_000,
  });
  const names = stdout.split('\0').map((path) => path.slice(path.lastIndexOf('/') + 1).trim());
  return new Set(names.filter((name) => name.endsWith('.md')).map(idOfName));
}

/** History stops somewhere: what is not found may well have been there. */
export function isShallow(paths: MemoryPaths): boolean {
  return paths.commonDir !== undefined && existsSync(join(paths.commonDir, 'shallow'));
}

const chunkMaxBytes = 16 * 1024 * 1024;

/** Bytes of the objects that are no larger than `maxBytes`, and the size of all that git has. A partial clone may lack some of both. */
export function readSized(
  paths: MemoryPaths,
  blobs: readonly string[],
  maxBytes: number,
  options: RunOptions = {},
): { bytes: Map<string, Buffer>; sizes: Map<string, number> } {
  const asked = [...new Set(blobs)];
  const sizes = new Map<string, number>();
  const bytes = new Map<string, Buffer>();
  if (asked.length === 0) return { bytes, sizes };
  // Nearly always all are small and there: one process instead of two.
  const small = readBlobs(paths, asked, { ...options, maxBytes: chunkMaxBytes });
  if (small.size === asked.length && [...small.values()].every(({ length }) => length <= maxBytes))
    return { bytes: small, sizes: new Map([...small].map(([blob, { length }]) => [blob, length])) };
  const { stdout } = runIn(paths, ['cat-file', '--batch-check'], { ...options, stdin: `${asked.join('\n')}\n` });
  for (const match of stdout.matchAll(/^([0-9a-f]+) blob (\d+)$/gm)) sizes.set(match[1] ?? '', Number(match[2]));
  let chunk: string[] = [];
  let total = 0;
  const flush = (): void => {
    for (const [blob, content] of readBlobs(paths, chunk, options)) bytes.set(blob, content);
    [chunk, total] = [[], 0];
  };
  for (const blob of asked) {
    const size = sizes.get(blob) ?? Infinity;
    if (size > maxBytes) continue;
    if (total + size > chunkMaxBytes) flush();
    chunk.push(blob);
    total += size;
  }
  flush();
  return { bytes, sizes };
}
