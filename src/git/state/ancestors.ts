// Finds which commits of the ledger are ancestors of HEAD; cached by HEAD, since only a new HEAD can change the answer.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, tableOf, writeCache } from '../run/cache-file.ts';
import type { Ledger } from './ledger.ts';
import { runIn, type GitOptions } from '../run/runner.ts';
import type { Status } from './porcelain.ts';

/**
 * Those of `commits` that are `head` or its ancestors; undefined when git fails. Commits missing from the object store are left out.
 * Two processes, for any number of commits.
 */
export function findAncestors(
  paths: MemoryPaths,
  head: string,
  commits: readonly string[],
  options: Pick<GitOptions, 'env'> = {},
): Set<string> | undefined {
  const wanted = [...new Set(commits)].filter((commit) => /^[0-9a-f]{40,64}$/.test(commit));
  const held = new Set(wanted.filter((commit) => commit === head));
  const others = wanted.filter((commit) => commit !== head);
  if (others.length === 0) return held;
  const checked = runIn(paths, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
    ...options,
    stdin: `${others.join('\n')}\n`,
  });
  if (!checked.ok) return undefined;
  const known = checked.stdout.split('\n').flatMap((line) => (line.endsWith(' commit') ? [line.slice(0, -7)] : []));
  if (known.length === 0) return held;
  // Commits reachable from them but not from HEAD are exactly those that are not ancestors of HEAD.
  const beyond = runIn(paths, ['rev-list', '--stdin'], { ...options, stdin: `^${head}\n${known.join('\n')}\n` });
  if (!beyond.ok) return undefined;
  const outside = new Set(beyond.stdout.split('\n'));
  for (const commit of known) if (!outside.has(commit)) held.add(commit);
  return held;
}

export interface Ancestors {
  commits: ReadonlySet<string>;
  /** Git did not answer for all of them. */
  isGuess?: true;
}

export interface DefaultHeads {
  branch?: string | undefined;
  /** Refs of the default branch in this clone: the remote's copy, the local one. */
  refs: readonly string[];
}

/**
 * Ancestors of HEAD among the ledger's commits, for records made on the default branch, when HEAD is elsewhere. Commits that the
 * default branch itself lost (amended, rebased) also count as held.
 */
export function readAncestors(
  paths: MemoryPaths,
  status: Pick<Status, 'head' | 'branch'>,
  main: DefaultHeads,
  ledger: Ledger,
  options: Pick<GitOptions, 'env'> = {},
): Ancestors {
  const none: Ancestors = { commits: new Set() };
  const head = status.head;
  if (head === undefined || (status.branch !== undefined && status.branch === main.branch)) return none;
  /** Commit → whether it was made on the default branch (not detached). */
  const commits = new Map<string, boolean>();
  for (const { onDefault, commit, branch } of ledger.byBlob.values())
    if (onDefault && commit)
      commits.set(commit, (branch !== undefined && branch === main.branch) || commits.get(commit) === true);
  if (commits.size === 0) return none;
  const name = `ancestors-v1-${paths.worktreeKey}.json`;
  const cache = readCache(paths, name);
  const cached = tableOf(cache['head'] === head ? cache['holds'] : undefined, isBoolean);
  const missing = [...commits.keys()].filter((commit) => !(commit in cached));
  const held = (): Set<string> => new Set([...commits.keys()].filter((commit) => cached[commit] === true));
  if (missing.length > 0) {
    const found = findAncestors(paths, head, missing, options);
    if (found === undefined) return { commits: held(), isGuess: true };
    const outside = missing.filter((commit) => !found.has(commit) && commits.get(commit) === true);
    const byRef = main.refs.map((ref) => findAncestors(paths, ref, outside, options));
    if (byRef.includes(undefined)) return { commits: new Set([...held(), ...found]), isGuess: true };
    const kept = new Set(byRef.flatMap((one) => [...(one ?? [])]));
    if (main.refs.length > 0) for (const commit of outside) if (!kept.has(commit)) found.add(commit);
    for (const commit of missing) cached[commit] = found.has(commit);
    writeCache(paths, name, { head, holds: cached });
  }
  return { commits: held() };
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
