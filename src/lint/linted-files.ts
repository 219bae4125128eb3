// Sources of the files to check: the working tree, the index, a range of commits, named files. Links are not followed, and unreadable
// files are listed too: the check must not pass because it cannot read a file.
import { lstatSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readRegularFile, readWorkFile, topOf } from '../git/cites/cites.ts';
import { listMemoryTree, listRangeVersions, readSized, type TreeFile } from '../git/history/memory-tree.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { committedOf } from '../git/state/reviewed-trees.ts';
import { blobId } from '../store/blob.ts';
import type { LintItem } from './lint-finding.ts';
import type { Memory } from '../memory/open.ts';

export interface Source {
  /** Files to check. */
  items: LintItem[];
  /** Path → blob id of every file in the same tree, checked or not. */
  all: ReadonlyMap<string, string>;
  /** Versions that commits introduced and later ones removed: checked for secrets only. */
  past: LintItem[];
}

type Tree = ReadonlyMap<string, TreeFile>;

/** The memory's files of a commit, read once. `index`: those of git's index now, which may spare a question about HEAD. */
export type TreeAt = (commit: string, index?: Tree) => Tree;

export function makeTreeAt({ paths, snapshot }: Memory): TreeAt {
  const trees = new Map<string, Tree>();
  return (commit, index) => {
    const tree =
      trees.get(commit) ??
      (index && commit === snapshot.head ? headTree(snapshot, index) : undefined) ??
      listMemoryTree(paths, commit);
    trees.set(commit, tree);
    return tree;
  };
}

/** Derived from the snapshot, which lists regular files alone; undefined where others are in the index, or files of the memory were staged. */
function headTree(snapshot: Memory['snapshot'], index: Tree): Tree | undefined {
  if ([...index.values()].some(({ kind }) => kind !== 'file')) return undefined;
  const committed = committedOf(snapshot.index, snapshot, snapshot.memoryPrefix);
  return (
    committed &&
    new Map(
      [...committed].map(([name, blob]) => {
        const path = `.claude-mem/${name.slice(snapshot.memoryPrefix.length)}`;
        return [path, { path, blob, kind: 'file' }];
      }),
    )
  );
}

/** A memory has no larger files. */
const readMaxBytes = 256 * 1024;
const maxDepth = 8;

export function fromWorktree({ paths, snapshot }: Memory): Source {
  const items = walk(paths.memoryDir, '.claude-mem', 0);
  const all = items.map(({ path, bytes }) => [path, bytes ? blobId(bytes, snapshot.objectFormat) : ''] as const);
  return { items, all: new Map(all), past: [] };
}

/** Files named by the user, relative to the working directory. Throws RepomemError `usage` for files outside the memory. */
export function fromFiles(memory: Memory, names: readonly string[]): Source {
  const { paths, env } = memory;
  const whole = fromWorktree(memory);
  const items = names.flatMap((name) => {
    const absolute = resolve(env.cwd, name);
    if (!lstatSync(absolute, { throwIfNoEntry: false })) throw new RepomemError('not-found', `${name}: no such file`);
    const path = relative(paths.root, absolute).split(sep).join('/');
    // Local files never leave the machine: doctor checks them.
    if (!/^\.claude-mem(?:\/(?!local(?:\/|$))|$)/.test(path))
      throw new RepomemError('usage', `${name}: expected a file below ${paths.memoryDir}`, {
        hint: 'without names, the whole memory is checked',
      });
    return whole.items.filter((item) => item.path === path || item.path.startsWith(`${path}/`));
  });
  return { ...whole, items };
}

/** Files in the index that differ from HEAD. */
export function fromIndex(memory: Memory, treeAt: TreeAt, isInsideHook: boolean): Source {
  const { paths, snapshot } = memory;
  const index = listMemoryTree(paths, undefined, isInsideHook);
  const changed = changedIn(index, snapshot.head === undefined ? new Map() : treeAt(snapshot.head, index));
  return { items: readTree(paths, changed, readAsStaged(memory, changed)), all: blobsOf(index), past: [] };
}

/** Blob → bytes of files whose working tree version equals the staged one, so that git need not be queried. */
function readAsStaged({ paths, snapshot }: Memory, files: readonly TreeFile[]): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const { path, blob, kind } of files) {
    const bytes = kind === 'file' ? readWorkFile(topOf(paths), repositoryPath({ path }, snapshot)) : undefined;
    if (bytes && bytes.length <= readMaxBytes && blobId(bytes, snapshot.objectFormat) === blob) found.set(blob, bytes);
  }
  return found;
}

/** Files that differ between two commits, and versions that existed only in between. Full ids. */
export function fromRange({ paths }: Memory, treeAt: TreeAt, base: string, head: string): Source {
  const [before, after] = [treeAt(base), treeAt(head)];
  const past = listRangeVersions(paths, base, head).filter(
    ({ path, blob }) => after.get(path)?.blob !== blob && before.get(path)?.blob !== blob,
  );
  const gone = readTree(paths, past).map((item, at) => ({ ...item, commit: past[at]?.commit ?? head }));
  return { items: readTree(paths, changedIn(after, before)), all: blobsOf(after), past: gone };
}

function changedIn(tree: Tree, before: Tree): TreeFile[] {
  return [...tree.values()].filter(({ path, blob, kind }) => {
    const old = before.get(path);
    return old?.blob !== blob || old.kind !== kind;
  });
}

function blobsOf(tree: Tree): Map<string, string> {
  return new Map([...tree].map(([path, { blob }]) => [path, blob]));
}

function readTree(
  paths: MemoryPaths,
  files: readonly TreeFile[],
  known: ReadonlyMap<string, Buffer> = new Map(),
): LintItem[] {
  const wanted = files.filter(({ kind, blob }) => kind === 'file' && !known.has(blob)).map(({ blob }) => blob);
  const { bytes, sizes } = readSized(paths, wanted, readMaxBytes);
  return files.map(({ path, blob, kind }) => {
    const content = known.get(blob) ?? bytes.get(blob);
    const size = sizes.get(blob) ?? content?.length ?? 0;
    return { path, kind, size, ...(content && kind === 'file' && { bytes: content }) };
  });
}

function walk(folder: string, path: string, depth: number): LintItem[] {
  const unread: LintItem = { path, kind: 'other', size: 0 };
  if (depth > maxDepth) return [unread];
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      // The local folder is a tier of its own and ignored; temporary files are incomplete.
      if ((depth === 0 && entry.name === 'local' && entry.isDirectory()) || entry.name.startsWith('.tmp-')) return [];
      const [absolute, inside] = [join(folder, entry.name), `${path}/${entry.name}`];
      return entry.isDirectory() ? walk(absolute, inside, depth + 1) : [itemOf(absolute, inside)];
    });
  } catch {
    return [unread];
  }
}

function itemOf(absolute: string, path: string): LintItem {
  try {
    if (lstatSync(absolute).isSymbolicLink()) return { path, kind: 'link', size: 0 };
    const file = readRegularFile(absolute, readMaxBytes);
    return file ? { path, kind: 'file', ...file } : { path, kind: 'other', size: 0 };
  } catch {
    return { path, kind: 'file', size: 0 };
  }
}
