// Finds which commits of the ledger are ancestors of HEAD; cached by HEAD, since only a new HEAD can change the answer.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, tableOf, writeCache } from '../run/cache-file.ts';
import { heldObjects } from './blobs.ts';
import type { Ledger } from './ledger.ts';
import { runIn } from '../run/runner.ts';
import type { Status } from './tracked-files.ts';

/** Whether `ancestor` is `commit` or one of its ancestors; undefined when git does not know one of them. */
export function isAncestor(paths: MemoryPaths, ancestor: string, commit: string): boolean | undefined {
  const { code } = runIn(paths, ['merge-base', '--is-ancestor', ancestor, commit]);
  return code === 0 ? true : code === 1 ? false : undefined;
}

/**
 * Those of `commits` that are `head` or its ancestors; undefined when git fails. Commits missing from the object store are left out.
 * Two processes, for any number of commits.
 */
export function findAncestors(paths: MemoryPaths, head: string, commits: readonly string[]): Set<string> | undefined {
  const wanted = commits.filter((commit) => /^[0-9a-f]{40,64}$/.test(commit));
  const others = wanted.filter((commit) => commit !== head);
  const known = others.length === 0 ? new Set<string>() : heldObjects(paths, others);
  if (known === undefined) return undefined;
  const outside = known.size === 0 ? known : findOutside(paths, head, known);
  return outside && new Set(wanted.filter((commit) => commit === head || (known.has(commit) && !outside.has(commit))));
}

/** Commits reachable from `commits` but not from `head`: of `commits` itself those that are not ancestors. Undefined when git fails. */
export function findOutside(
  paths: MemoryPaths,
  head: string,
  commits: Iterable<string>,
): ReadonlySet<string> | undefined {
  const { ok, stdout } = runIn(paths, ['rev-list', '--stdin'], { stdin: `^${head}\n${[...commits].join('\n')}\n` });
  return ok ? new Set(stdout.split('\n')) : undefined;
}

/**
 * Ancestors of HEAD among the ledger's commits, for records made on the default branch, when HEAD is elsewhere. Commits that the
 * default branch itself lost (amended, rebased) also count as held. `isGuess`: git did not answer for all of them. `main.refs`: the default
 * branch in this clone: the remote's copy, the local one.
 */
export function readAncestors(
  paths: MemoryPaths,
  { head, branch: current }: Pick<Status, 'head' | 'branch'>,
  main: { branch?: string | undefined; refs: readonly string[] },
  ledger: Ledger,
): { commits: ReadonlySet<string>; isGuess?: true } {
  if (head === undefined || (current !== undefined && current === main.branch)) return { commits: new Set() };
  /** Commit → whether it was made on the default branch (not detached). */
  const commits = new Map<string, boolean>();
  for (const { onDefault, commit, branch } of ledger.byBlob.values())
    if (onDefault && commit)
      commits.set(commit, (branch !== undefined && branch === main.branch) || commits.get(commit) === true);
  if (commits.size === 0) return { commits: new Set() };
  const name = `ancestors-v1-${paths.worktreeKey}.json`;
  const cache = readCache(paths, name);
  const cached = tableOf(cache['head'] === head ? cache['holds'] : undefined, (value) => typeof value === 'boolean');
  const missing = [...commits.keys()].filter((commit) => !(commit in cached));
  const held = (): Set<string> => new Set([...commits.keys()].filter((commit) => cached[commit] === true));
  if (missing.length === 0) return { commits: held() };
  const found = findAncestors(paths, head, missing);
  if (found === undefined) return { commits: held(), isGuess: true };
  const outside = missing.filter((commit) => !found.has(commit) && commits.get(commit) === true);
  const byRef = main.refs.map((ref) => findAncestors(paths, ref, outside));
  if (byRef.includes(undefined)) return { commits: new Set([...held(), ...found]), isGuess: true };
  const kept = new Set(byRef.flatMap((one) => [...(one ?? [])]));
  if (main.refs.length > 0) for (const commit of outside) if (!kept.has(commit)) found.add(commit);
  for (const commit of missing) cached[commit] = found.has(commit);
  writeCache(paths, name, { head, holds: cached });
  return { commits: held() };
}
