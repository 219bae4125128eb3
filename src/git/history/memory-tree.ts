// Memory files in git: in a commit, in the index, or in every version of a range of commits. Paths are as in Excerpt. Includes links
// and files of any name: checks must see files that readers refuse.
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
  /** Full blob id; for a submodule its commit id. */
  blob: string;
  kind: 'file' | 'link' | 'submodule';
}

type RunOptions = Pick<GitOptions, 'env' | 'isInsideHook'>;

/** Keyed by path. `commit` is a full id; undefined means git's index. Empty when git fails. */
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
  /** Full id of the commit that introduced it. */
  commit: string;
}

/** Every version of a memory file introduced by the commits of `base..head`, including merges and merged branches. */
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

/** Ids of all records in the history of any branch, tag or remote branch. */
export function listIdsEver(paths: MemoryPaths, options: RunOptions = {}): Set<string> {
  const args = ['log', '--all', '--format=', '--name-only', '--no-renames', '-z', '--diff-filter=A', '-m'];
  const { stdout } = runIn(paths, [...args, ...plainDiff, '--', memoryPrefixOf(paths)], {
    ...options,
    timeoutMs: 60_000,
  });
  const names = stdout.split('\0').map((path) => path.slice(path.lastIndexOf('/') + 1).trim());
  return new Set(names.filter((name) => name.endsWith('.md')).map(idOfName));
}

/** True for a shallow clone: a record missing from its history may exist in the full history. */
export function isShallow(paths: MemoryPaths): boolean {
  return paths.commonDir !== undefined && existsSync(join(paths.commonDir, 'shallow'));
}

const chunkMaxBytes = 16 * 1024 * 1024;

/** Bytes of objects up to `maxBytes`, and the sizes of all objects that git has. In a partial clone some may be missing. */
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
  // Usually all objects are present and small: one process instead of two.
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
