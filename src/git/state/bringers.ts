// Which commits of the object database bring bytes in: those of every ref and reflog, and those that no name leads to any more, as when
// FETCH_HEAD was overwritten or a branch deleted.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runBytesIn, runIn, type GitOptions } from '../run/runner.ts';

type RunOptions = Pick<GitOptions, 'env'>;

/** A session waits: what takes longer is not known, and foreign. */
const timeoutMs = 3000;
const maxBytes = 256 * 1024 * 1024;
const maxUnnamed = 20_000;
const raw = ['-c', '--root', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv'];

/**
 * Blob → the commits that hold it and none of whose parents does. Of the reviewed history only the memory's folder is compared, of all
 * other commits every file. Undefined when git does not answer in time.
 */
export function bringersOf(
  paths: MemoryPaths,
  blobs: ReadonlySet<string>,
  { reviewedTip, prefix }: { reviewedTip: string | undefined; prefix: string },
  options: RunOptions,
): Map<string, Set<string>> | undefined {
  const run = (args: readonly string[], stdin?: string): string | undefined => {
    const limits = { ...options, timeoutMs, maxBytes, ...(stdin !== undefined && { stdin }) };
    const { ok, stdout } = runIn(paths, args, limits);
    return ok ? stdout : undefined;
  };
  const log = ['log', ...raw, '--full-history', '--format=%H'];
  const beyond = reviewedTip === undefined ? [] : ['--not', reviewedTip];
  const others = run([...log, '--all', '--reflog', ...beyond]);
  const reviewed = reviewedTip === undefined ? '' : run([...log, reviewedTip, '--', prefix]);
  const named = run(['rev-list', '--all', '--reflog']);
  const all = run(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)']);
  if (others === undefined || reviewed === undefined || named === undefined || all === undefined) return undefined;
  const hasName = new Set(named.split('\n'));
  const unnamed = all
    .split('\n')
    .filter((line) => line.startsWith('commit '))
    .map((line) => line.slice('commit '.length))
    .filter((commit) => !hasName.has(commit));
  if (unnamed.length > maxUnnamed) return undefined;
  const lost = unnamed.length === 0 ? '' : run(['diff-tree', '--stdin', '-r', ...raw], `${unnamed.join('\n')}\n`);
  if (lost === undefined) return undefined;
  const found = new Map<string, Set<string>>();
  for (const text of [others, reviewed, lost]) addBringers(text, blobs, found);
  return found;
}

/** Lines of commit ids, and below each what it changes: `:MODE MODE ID ID STATUS\tPATH`, of a merge with more of each. */
function addBringers(text: string, blobs: ReadonlySet<string>, found: Map<string, Set<string>>): void {
  let commit = '';
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    if (!line.startsWith(':')) continue;
    const fields = line.slice(0, line.indexOf('\t')).split(' ');
    const blob = fields.at(-2) ?? '';
    if (!blobs.has(blob)) continue;
    found.set(blob, (found.get(blob) ?? new Set()).add(commit));
  }
}

const maxLoose = 20_000;

/**
 * Whether a tree that git wrote here lately holds the blob: a merge writes one although nothing is committed. Undefined when there are too
 * many objects to ask, or some that git has packed away as unreachable.
 */
export function isInLooseTree(paths: MemoryPaths, blob: string, options: RunOptions): boolean | undefined {
  const folder = join(paths.commonDir ?? '', 'objects');
  if (namesIn(join(folder, 'pack')).some((name) => name.endsWith('.mtimes'))) return undefined;
  const ids = namesIn(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => namesIn(join(folder, name)).map((rest) => name + rest));
  if (ids.length > maxLoose) return undefined;
  const check = ['cat-file', '--batch-check=%(objecttype) %(objectname)'];
  const types = runIn(paths, check, { ...options, timeoutMs, stdin: linesOf(ids) });
  if (!types.ok) return undefined;
  const trees = types.stdout.split('\n').flatMap((line) => (line.startsWith('tree ') ? [line.slice(5)] : []));
  if (trees.length === 0) return false;
  const read = runBytesIn(paths, ['cat-file', '--batch'], { ...options, timeoutMs, maxBytes, stdin: linesOf(trees) });
  return read.ok ? read.stdout.includes(Buffer.from(blob, 'hex')) : undefined;
}

function linesOf(names: readonly string[]): string {
  return `${names.join('\n')}\n`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
