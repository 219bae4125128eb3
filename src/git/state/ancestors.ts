// Which commits a history holds.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { Ledger } from './ledger.ts';
import { runIn } from '../run/runner.ts';
import type { Status } from './tracked-files.ts';

/** Whether `ancestor` is `commit` or one of its ancestors; undefined when git does not know one of them. */
export function isAncestor(paths: MemoryPaths, ancestor: string, commit: string): boolean | undefined {
  const { code } = runIn(paths, ['merge-base', '--is-ancestor', ancestor, commit]);
  return code === 0 ? true : code === 1 ? false : undefined;
}

/**
 * Commits reachable from `commits` (full ids) but not from `head`: of `commits` themselves those that are not ancestors. What git does not
 * have is left out. Undefined when git fails.
 */
export function findOutside(
  paths: MemoryPaths,
  head: string,
  commits: Iterable<string>,
): ReadonlySet<string> | undefined {
  const stdin = `^${head}\n${[...commits].join('\n')}\n`;
  const { ok, stdout } = runIn(paths, ['rev-list', '--ignore-missing', '--stdin'], { stdin });
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
  const entries = [...ledger.byBlob.values()].filter(({ onDefault }) => onDefault);
  const commits = new Set(entries.flatMap(({ commit }) => commit ?? []));
  if (commits.size === 0) return { commits };
  const outside = findOutside(paths, head, commits);
  // Made on the default branch, not detached.
  const named = entries.flatMap(({ branch, commit }) => (branch && branch === main.branch ? (commit ?? []) : []));
  const strays = named.filter((commit) => outside?.has(commit));
  const beyond = strays.length === 0 ? [] : main.refs.map((ref) => findOutside(paths, ref, strays));
  if (outside === undefined || beyond.includes(undefined)) return { commits: new Set(), isGuess: true };
  const lost = new Set(beyond.length === 0 ? [] : strays.filter((commit) => beyond.every((one) => one?.has(commit))));
  return { commits: new Set([...commits].filter((commit) => !outside.has(commit) || lost.has(commit))) };
}
