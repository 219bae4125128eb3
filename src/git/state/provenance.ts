// Who made the bytes of a file that nothing vouches for. Bytes that git's object database never held were written by hand; those that it
// holds came from somebody else, unless every commit that brings them was made in this clone. What cannot be found out is foreign.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { runIn, type GitOptions } from '../run/runner.ts';
import { heldObjects } from './blobs.ts';
import { bringersOf, isInLooseTree } from './bringers.ts';
import { readLocalCommits, type LocalCommits } from './local-commits.ts';
import type { UnprovenFile } from './unproven.ts';

export interface Provenance {
  byHand: UnprovenFile[];
  foreign: UnprovenFile[];
  /** Git did not answer: the rest counts as foreign for now, and must be asked again. */
  isGuess?: true;
}

type RunOptions = Pick<GitOptions, 'env'>;

/** No process when there are no files, one where git holds none of them. `prefix`: the memory's folder in `reviewedTip`'s history. */
export function findProvenance(
  paths: MemoryPaths,
  files: readonly UnprovenFile[],
  known: { reviewedTip: string | undefined; prefix: string },
  options: RunOptions = {},
): Provenance {
  if (files.length === 0) return { byHand: [], foreign: [] };
  const held = heldObjects(paths, [...new Set(files.map(({ blob }) => blob))], options);
  if (held === undefined) return { byHand: [], foreign: [], isGuess: true };
  const found: Provenance = { byHand: files.filter(({ blob }) => !held.has(blob)), foreign: [] };
  const came = files.filter(({ blob }) => held.has(blob));
  if (came.length === 0) return found;
  // Git never holds an ignored file but where somebody forced it in.
  const shared = came.filter(({ tier }) => tier === 'shared');
  const made = readLocalCommits(paths, options);
  const committed = made === undefined ? new Set<string>() : introducedBy(paths, [...made.all], options);
  const suspects = made === undefined ? [] : shared.filter((file) => file.isUncommitted || committed.has(file.blob));
  const bringers =
    suspects.length === 0 ? undefined : bringersOf(paths, new Set(suspects.map(({ blob }) => blob)), known, options);
  const isOurs = ({ blob, isUncommitted }: UnprovenFile): boolean => {
    if (made === undefined || bringers === undefined) return false;
    const commits = bringers.get(blob) ?? new Set<string>();
    if (commits.size > 0) return areOurs(commits, made);
    // Added to the index and never committed. A merge that was not committed leaves a tree with the mixed bytes.
    return isUncommitted && isInLooseTree(paths, blob, options) === false;
  };
  for (const file of came) (suspects.includes(file) && isOurs(file) ? found.byHand : found.foreign).push(file);
  return found;
}

/** All of them were made here, and the bytes came in with an ordinary commit rather than a cherry-pick or a rebase. */
function areOurs(commits: ReadonlySet<string>, { all, plain, amended }: LocalCommits): boolean {
  const list = [...commits];
  if (!list.every((commit) => all.has(commit))) return false;
  return list.some((commit) => plain.has(commit)) || list.every((commit) => amended.has(commit));
}

/** Blobs that these commits hold and none of their parents does, at the same path. */
function introducedBy(paths: MemoryPaths, commits: readonly string[], options: RunOptions): Set<string> {
  if (commits.length === 0) return new Set();
  const args = ['diff-tree', '--stdin', '-r', '-c', '--root', '--raw', '--no-abbrev', '--no-renames', '-z'];
  const { stdout } = runIn(paths, args, { ...options, stdin: `${commits.join('\n')}\n`, timeoutMs: 2000 });
  return new Set(Array.from(stdout.matchAll(/([0-9a-f]{40,64}) [A-Z]+\0/g), ([, blob = '']) => blob));
}
