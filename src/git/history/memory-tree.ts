// Memory files in git: in a commit, in the index, or in every version of a range of commits. Paths are as in Excerpt. Includes links
// and files of any name: checks must see files that readers refuse.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { idOfName } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { isRecordPath } from '../../store/layout.ts';
import { readBlobs } from '../state/blobs.ts';
import { plainDiff } from '../run/harden.ts';
import { parseRaw } from '../cites/renames.ts';
import { runIn } from '../run/runner.ts';
import { memoryPrefixOf } from '../state/snapshot.ts';

export interface TreeFile {
  path: string;
  /** Full blob id; for a submodule its commit id. */
  blob: string;
  kind: 'file' | 'link' | 'submodule';
}

/** Keyed by path. `commit` undefined: git's index, inside a hook that of the current commit. Empty when git fails. */
export function listMemoryTree(
  paths: MemoryPaths,
  commit: string | undefined,
  isInsideHook = false,
): Map<string, TreeFile> {
  const prefix = memoryPrefixOf(paths);
  const list = commit === undefined ? ['ls-files', '-s', '--full-name'] : ['ls-tree', '-r', '--full-tree', commit];
  const files = new Map<string, TreeFile>();
  for (const entry of runIn(paths, [...list, '-z', '--', prefix], { isInsideHook }).stdout.split('\0')) {
    const tab = entry.indexOf('\t');
    const fields = entry.slice(0, tab).split(' ');
    const blob = (commit === undefined ? fields[1] : fields[2]) ?? '';
    const kind = fields[0] === '120000' ? 'link' : fields[0] === '160000' ? 'submodule' : 'file';
    const path = `.claude-mem/${entry.slice(tab + 1 + prefix.length)}`;
    if (tab > 0 && blob !== '') files.set(path, { path, blob, kind });
  }
  return files;
}

const recordMaxBytes = 64 * 1024;

/** Records of a commit. Links, other files and files over 64 KB are left out. */
export function recordsAt(paths: MemoryPaths, commit: string): { path: string; blob: string; text: string }[] {
  const files = [...listMemoryTree(paths, commit).values()].filter(
    ({ path, kind }) => kind === 'file' && isRecordPath(path),
  );
  const blobs = files.map(({ blob }) => blob);
  const { bytes } = readSized(paths, blobs, recordMaxBytes);
  return files.flatMap(({ path, blob }) => {
    const text = bytes.get(blob)?.toString('utf8');
    return text === undefined ? [] : [{ path, blob, text }];
  });
}

/** Every version of a memory file introduced by the commits of `base..head`, including merges; `commit` is the full id of each. */
export function listRangeVersions(paths: MemoryPaths, base: string, head: string): (TreeFile & { commit: string })[] {
  const prefix = memoryPrefixOf(paths);
  const shape = ['--raw', '--no-abbrev', '--no-renames', '-z', '--format=%x01%H', '-m', '--full-history', ...plainDiff];
  const args = ['log', ...shape, head, `^${base}`, '--', prefix];
  const versions = new Map<string, TreeFile & { commit: string }>();
  for (const { commit, path: inGit, after } of parseRaw(runIn(paths, args, { timeoutMs: 60_000 }).stdout)) {
    const path = `.claude-mem/${inGit.slice(prefix.length)}`;
    const key = `${path}\0${after}`;
    if (after !== undefined && !versions.has(key)) versions.set(key, { path, blob: after, kind: 'file', commit });
  }
  return [...versions.values()];
}

/** Ids of all records in the history of any branch, tag or remote branch. */
export function listIdsEver(paths: MemoryPaths): Set<string> {
  const shape = ['--format=', '--name-only', '--no-renames', '-z', '--diff-filter=A', '-m', ...plainDiff];
  const args = ['log', '--all', ...shape, '--', memoryPrefixOf(paths)];
  const { stdout } = runIn(paths, args, { timeoutMs: 60_000 });
  const names = stdout.split('\0').map((path) => path.slice(path.lastIndexOf('/') + 1).trim());
  return new Set(names.filter((name) => name.endsWith('.md')).map(idOfName));
}

/** True for a shallow clone: a record missing from its history may exist in the full history. */
export function isShallow(paths: MemoryPaths): boolean {
  return paths.commonDir !== undefined && existsSync(join(paths.commonDir, 'shallow'));
}

/** Bytes of objects up to `maxBytes`, and the sizes of all objects that git has. In a partial clone some may be missing. */
export function readSized(
  paths: MemoryPaths,
  blobs: readonly string[],
  maxBytes: number,
): { bytes: Map<string, Buffer>; sizes: Map<string, number> } {
  const sizes = new Map<string, number>();
  if (blobs.length === 0) return { bytes: new Map(), sizes };
  const stdin = `${[...new Set(blobs)].join('\n')}\n`;
  const { stdout } = runIn(paths, ['cat-file', '--batch-check'], { stdin });
  for (const match of stdout.matchAll(/^([0-9a-f]+) blob (\d+)$/gm)) sizes.set(match[1] ?? '', Number(match[2]));
  const small = [...sizes].filter(([, size]) => size <= maxBytes);
  const lineMaxBytes = 100;
  const total = small.reduce((sum, [, size]) => sum + size + lineMaxBytes, 0);
  const bytes = readBlobs(
    paths,
    small.map(([blob]) => blob),
    { maxBytes: total },
  );
  return { bytes, sizes };
}
