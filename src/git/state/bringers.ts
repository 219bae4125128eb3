// Finds the commits that introduced given blobs: commits of every ref and reflog, and unreachable ones, as after FETCH_HEAD was
// overwritten or a branch deleted.
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn } from '../../store/lenient-files.ts';
import { runIn, type GitResult } from '../run/runner.ts';

const maxUnnamed = 20_000;
const raw = ['-c', '--root', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv'];

/** A session waits for it: a timeout counts as unknown, thus foreign. */
function ask(paths: MemoryPaths, args: readonly string[], names?: readonly string[]): GitResult | undefined {
  const limits = { timeoutMs: 3000, maxBytes: 256 * 1024 * 1024 };
  const result = runIn(paths, args, { ...limits, ...(names && { stdin: `${names.join('\n')}\n` }) });
  return result.ok ? result : undefined;
}

/**
 * Blob → commits that contain it while none of their parents does. For reviewed history only the memory's folder is compared, for
 * other commits every file. Undefined when git fails or times out.
 */
export function bringersOf(
  paths: MemoryPaths,
  blobs: ReadonlySet<string>,
  { reviewedTip, prefix }: { reviewedTip: string | undefined; prefix: string },
): Map<string, Set<string>> | undefined {
  const run = (args: readonly string[], names?: readonly string[]): string | undefined =>
    ask(paths, args, names)?.stdout;
  const log = ['log', ...raw, '--full-history', '--format=%H'];
  const beyond = reviewedTip === undefined ? [] : ['--not', reviewedTip];
  const others = run([...log, '--all', '--reflog', ...beyond]);
  const reviewed = reviewedTip === undefined ? '' : run([...log, reviewedTip, '--', prefix]);
  const named = run(['rev-list', '--all', '--reflog']);
  const all = run(['cat-file', '--batch-all-objects', '--unordered', '--batch-check=%(objecttype) %(objectname)']);
  if (others === undefined || reviewed === undefined || named === undefined || all === undefined) return undefined;
  const hasName = new Set(named.split('\n'));
  const unnamed = idsOf('commit', all).filter((commit) => !hasName.has(commit));
  if (unnamed.length > maxUnnamed) return undefined;
  const lost = unnamed.length === 0 ? '' : run(['diff-tree', '--stdin', '-r', ...raw], unnamed);
  if (lost === undefined) return undefined;
  const found = new Map<string, Set<string>>();
  for (const text of [others, reviewed, lost]) addBringers(text, blobs, found);
  return found;
}

/** Input: lines of commit ids, each followed by its changes `:MODE MODE ID ID STATUS\tPATH` (more modes and ids for a merge). */
function addBringers(text: string, blobs: ReadonlySet<string>, found: Map<string, Set<string>>): void {
  let commit = '';
  for (const line of text.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    if (!line.startsWith(':')) continue;
    const fields = line.slice(0, line.indexOf('\t')).split(' ');
    const blob = fields.at(-2) ?? '';
    if (blobs.has(blob)) found.set(blob, (found.get(blob) ?? new Set()).add(commit));
  }
}

const maxLoose = 20_000;

/**
 * Whether a loose tree object contains the blob: a merge writes trees even if it is not committed. Undefined when there are too many
 * objects to check, or when git has packed unreachable ones.
 */
export function isInLooseTree(paths: MemoryPaths, blob: string): boolean | undefined {
  const folder = join(paths.commonDir ?? '', 'objects');
  if (namesIn(join(folder, 'pack')).some((name) => name.endsWith('.mtimes'))) return undefined;
  const ids = namesIn(folder)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((name) => namesIn(join(folder, name)).map((rest) => name + rest));
  if (ids.length > maxLoose) return undefined;
  const types = ask(paths, ['cat-file', '--batch-check=%(objecttype) %(objectname)'], ids);
  if (types === undefined) return undefined;
  const trees = idsOf('tree', types.stdout);
  if (trees.length === 0) return false;
  return ask(paths, ['cat-file', '--batch'], trees)?.bytes.includes(Buffer.from(blob, 'hex'));
}

/** Input: lines `TYPE ID`. */
function idsOf(type: string, text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith(`${type} `) ? [line.slice(type.length + 1)] : []));
}
