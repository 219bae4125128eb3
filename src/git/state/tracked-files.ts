// The snapshot's git queries and parsers of their output.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { type RefTip, usualNames } from './default-branch.ts';
import { runIn } from '../run/runner.ts';

export const statusArguments: readonly string[] =
  'status --porcelain=v2 --branch -z --untracked-files=normal --ignore-submodules=all --no-renames'.split(' ');

/** Heads of remotes and every branch that could be the default one. */
export const tipsArguments: readonly string[] = [
  'for-each-ref',
  '--format=%(refname)%00%(objectname)%00%(symref)',
  'refs/heads',
  'refs/remotes/*/HEAD',
  ...usualNames.map((name) => `refs/remotes/*/${name}`),
];

export function parseTips(stdout: string): RefTip[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', oid = '', target = ''] = line.split('\0');
      return { name, oid, ...(target && { target }) };
    });
}

export const indexArguments: readonly string[] = ['ls-files', '-s', '-v', '-z', '--full-name'];

/** Parses `TAG MODE OID STAGE\tPATH`; links and submodules are left out. The tag `H` marks a file whose changes git checks. */
export function parseIndex(stdout: string): { index: Map<string, string>; unwatched: Set<string> } {
  const index = new Map<string, string>();
  const unwatched = new Set<string>();
  let start = 0;
  for (let end = stdout.indexOf('\0'); end !== -1; end = stdout.indexOf('\0', start)) {
    if (stdout.startsWith('100', start + 2)) {
      const tab = stdout.indexOf('\t', start);
      const path = stdout.slice(tab + 1, end);
      index.set(path, stdout.slice(start + 9, tab - 2));
      if (stdout[start] !== 'H') unwatched.add(path);
    }
    start = end + 1;
  }
  return { index, unwatched };
}

/** Undefined when git fails. */
export function readTree(paths: MemoryPaths, ref: string, prefix: string): Map<string, string> | undefined {
  const { ok, stdout } = runIn(paths, ['ls-tree', '-r', '-z', '--full-tree', ref, '--', prefix]);
  if (!ok) return undefined;
  const files = new Map<string, string>();
  for (const entry of stdout.split('\0')) {
    const tab = entry.indexOf('\t');
    const [mode, , oid] = entry.slice(0, tab).split(' ');
    // Links are never read as records, so their blobs do not prove anything.
    if (oid && mode !== '120000') files.set(entry.slice(tab + 1), oid);
  }
  return files;
}

/** Parsed output of `git status --porcelain=v2 --branch -z`. Paths relative to the top; untracked folders end in `/`. */
export interface Status {
  head?: string;
  branch?: string;
  dirty: Set<string>;
  edited: Set<string>;
  added: Set<string>;
  /** Differs between index and HEAD, or added with intent-to-add. */
  staged: Set<string>;
  /** In conflict: the bytes mix both sides. */
  unmerged: Set<string>;
}

/** `# branch.NAME VALUE`, `1 XY sub mH mI mW hH hI path`, `u XY sub m1 m2 m3 mW h1 h2 h3 path` or `? path`. */
const entryShape = /^(?:# branch\.(\S+) (.*)|1 (.)(.) (?:\S+ ){6}(.*)|u (?:\S+ ){9}(.*)|\? (.*))$/s;

/** Expects `--no-renames`: every entry is one field. */
export function parseStatus(stdout: string): Status {
  const status: Status = {
    dirty: new Set(),
    edited: new Set(),
    added: new Set(),
    staged: new Set(),
    unmerged: new Set(),
  };
  const { dirty, edited, added, staged, unmerged } = status;
  for (const entry of stdout.split('\0')) {
    const [, name, value = '', inIndex, inTree, changed, conflict, untracked] = entryShape.exec(entry) ?? [];
    if (name === 'oid' && value !== '(initial)') status.head = value;
    if (name === 'head' && value !== '(detached)') status.branch = value;
    const path = changed ?? conflict ?? untracked;
    if (path === undefined) continue;
    dirty.add(path);
    if (inIndex === 'A') added.add(path);
    if (untracked !== undefined || (changed !== undefined && inTree !== '.')) edited.add(path);
    if (conflict !== undefined) unmerged.add(path);
    if (conflict !== undefined || (changed !== undefined && (inIndex !== '.' || inTree === 'A'))) staged.add(path);
  }
  return status;
}
