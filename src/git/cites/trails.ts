// Follows cited files through renames, from the commit that added the cited blob to HEAD. Another file that later takes a freed name
// is not mistaken for the cited one.
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { plainDiff } from '../run/harden.ts';
import { runIn } from '../run/runner.ts';
import { findRenamesIn, parseRaw, type RawChange } from './renames.ts';

/** Longer chains of renames are cut off. */
const maxRounds = 10;
/** Maximum number of paths per command line. */
const pathsPerRun = 400;

export interface Trail {
  /** Changes of the file under each of its names, newest first. */
  changes: readonly RawChange[];
  /** Its final name, if different from the cited one. */
  target?: string;
}

interface Walk extends Trail {
  cite: Cite;
  path: string;
  /** The commit that gave it this name; absent for the cited name. */
  from?: string;
  /** The commit that removed the file from this name. */
  remover?: string | undefined;
}

/** `isThere`: whether a file of that name exists now. At most four processes per round of renames, for any number of cites. */
export function followCites(
  paths: MemoryPaths,
  cites: readonly Cite[],
  isThere: (path: string) => boolean,
): Map<Cite, Trail> {
  const trails = new Map<Cite, Trail>();
  let walks = cites.map((cite): Walk => ({ cite, path: cite.path, changes: [] }));
  for (let round = 0; round < maxRounds && walks.length > 0; round++) {
    // Full history: a name added and removed on one branch is in neither parent of the merge, so git's simplified history omits it.
    const how = round === 0 ? [] : ['--full-history'];
    const logs = new Map(walks.map(({ path }): [string, RawChange[]] => [path, []]));
    for (const change of readLog(paths, [...logs.keys()], how)) logs.get(change.path)?.push(change);
    const steps = walks.map((walk) => takeStep(walk, logs.get(walk.path) ?? [], isThere));
    const moveOf = findMoves(paths, steps, isThere);
    walks = steps.flatMap((walk) => {
      const move = moveOf(walk);
      const end = walk.remover === undefined ? walk.path : move?.path;
      const hasMoved = end !== undefined && end !== walk.cite.path && isThere(end);
      trails.set(walk.cite, { changes: walk.changes, ...(hasMoved && { target: end }) });
      return move ? [{ ...walk, ...move }] : [];
    });
  }
  return trails;
}

/** Determines the file's changes under its current name, and the commit that removed it. */
function takeStep(walk: Walk, log: readonly RawChange[], isThere: (path: string) => boolean): Walk {
  const isFirst = walk.from === undefined;
  const start = log.findIndex(({ commit, after }) => (isFirst ? isCited(walk.cite, after) : commit === walk.from));
  const since = start === -1 ? [] : log.slice(0, start);
  // Unknown start, or parallel branches with commit dates out of order: assume that it was removed at some time.
  const isVague = isFirst && start === -1;
  const removal = since.findLast(isRemoval) ?? (isVague || !isThere(walk.path) ? log.find(isRemoval) : undefined);
  // For a later name, only changes since the rename: earlier ones belong to another file.
  const own = isFirst || start === -1 ? log : log.slice(0, start + 1);
  return { ...walk, changes: [...own, ...walk.changes], remover: removal?.commit };
}

/**
 * Rename target of each step: in the commit that removed the file, else in the merge that brought the removal to the main line. On a
 * branch, one commit may add the new file and another remove the old one; the merge contains both.
 */
function findMoves(
  paths: MemoryPaths,
  walks: readonly Walk[],
  isThere: (path: string) => boolean,
): (walk: Walk) => { from: string; path: string } | undefined {
  const renames = findRenamesIn(paths, unique(walks.map(({ remover }) => remover)));
  const moveIn = (path: string, commit: string | undefined): { from: string; path: string } | undefined => {
    const target = commit === undefined ? undefined : renames.get(commit)?.get(path);
    return commit === undefined || target === undefined ? undefined : { from: commit, path: target };
  };
  const lost = walks.filter(({ path, remover }) => !isThere(path) && !moveIn(path, remover)).map(({ path }) => path);
  const removers = new Map<string, string>();
  for (const { path, commit } of readLog(paths, lost, ['--first-parent', '-m', '--diff-filter=D']))
    if (!removers.has(path)) removers.set(path, commit);
  const merges = unique([...removers.values()]).filter((commit) => !renames.has(commit));
  for (const [commit, found] of findRenamesIn(paths, merges)) renames.set(commit, found);
  return ({ path, remover }) => moveIn(path, remover) ?? moveIn(path, removers.get(path));
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined);
}

function isRemoval({ status }: RawChange): boolean {
  return status === 'D';
}

/** Newest first. */
function readLog(paths: MemoryPaths, named: readonly string[], how: readonly string[]): RawChange[] {
  const shape = ['--no-renames', '--raw', '--no-abbrev', '-z', '--format=%x01%H', ...plainDiff];
  const args = ['log', ...shape, ...how, 'HEAD', '--'];
  const filePaths = unique(named);
  const changes: RawChange[] = [];
  for (let at = 0; at < filePaths.length; at += pathsPerRun) {
    const some = filePaths.slice(at, at + pathsPerRun);
    for (const change of parseRaw(runIn(paths, [...args, ...some], { timeoutMs: 30_000 }).stdout)) changes.push(change);
  }
  return changes;
}

/** Whether this is the cited blob. */
export function isCited(cite: Cite, blob: string | undefined): boolean {
  return cite.blob !== undefined && blob?.startsWith(cite.blob) === true;
}
