// Follows cited files through renames, from the commit that added the cited blob to HEAD. Another file that later takes a freed name
// is not mistaken for the cited one.
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { findRenamesIn, parseRawLog, pathsPerRun, type RawChange } from './renames.ts';
import { runIn, type GitOptions } from '../run/runner.ts';

type RunOptions = Pick<GitOptions, 'env'>;

/** Longer chains of renames are cut off. */
const maxRounds = 10;

export interface Trail {
  /** Changes of the file under each of its names, newest first. */
  changes: readonly RawChange[];
  /** Full id of the commit that brought the cited blob. */
  origin?: string;
  /** Its final name, if different from the cited one. */
  target?: string;
}

interface Walk {
  cite: Cite;
  path: string;
  /** The commit that gave it this name; absent for the cited name. */
  from?: string;
  changes: readonly RawChange[];
  origin?: string;
}

/** `isThere`: whether a file of that name exists now. At most four processes per round of renames, for any number of cites. */
export function followCites(
  paths: MemoryPaths,
  cites: readonly Cite[],
  isThere: (path: string) => boolean,
  options: RunOptions = {},
): Map<Cite, Trail> {
  const trails = new Map<Cite, Trail>();
  const logs = new Map<string, readonly RawChange[]>();
  let walks = cites.map((cite): Walk => ({ cite, path: cite.path, changes: [] }));
  for (let round = 0; round < maxRounds && walks.length > 0; round++) {
    // Full history: a name added and removed on one branch is in neither parent of the merge, so git's simplified history omits it.
    const how = round === 0 ? [] : ['--full-history'];
    readLogs(paths, new Set(walks.map(({ path }) => path)), how, logs, options);
    const steps = walks.map((walk) => takeStep(walk, logs.get(walk.path) ?? [], isThere));
    const moves = findMoves(paths, steps, isThere, options);
    walks = steps.flatMap((step, at) => {
      const { walk, remover } = step;
      const move = moves[at];
      const end = remover === undefined ? walk.path : move?.target;
      const hasMoved = end !== undefined && end !== walk.cite.path && isThere(end);
      const { changes, origin } = walk;
      trails.set(walk.cite, { changes, ...(origin && { origin }), ...(hasMoved && { target: end }) });
      return move ? [{ ...walk, path: move.target, from: move.commit }] : [];
    });
  }
  return trails;
}

interface Step {
  walk: Walk;
  /** The commit that removed the file from this name. */
  remover?: string;
}

/** Determines the file's changes under its current name, and the commit that removed it. */
function takeStep(walk: Walk, log: readonly RawChange[], isThere: (path: string) => boolean): Step {
  const isFirst = walk.from === undefined;
  const start = log.findIndex(({ commit, blob }) => (isFirst ? isCited(walk.cite, blob) : commit === walk.from));
  const since = start === -1 ? [] : log.slice(0, start);
  // Unknown start, or parallel branches with commit dates out of order: assume that it was removed at some time.
  const isVague = isFirst && start === -1;
  const removal = since.findLast(isRemoval) ?? (isVague || !isThere(walk.path) ? log.find(isRemoval) : undefined);
  const origin = isFirst ? log[start]?.commit : walk.origin;
  // For a later name, only changes since the rename: earlier ones belong to another file.
  const own = isFirst || start === -1 ? log : log.slice(0, start + 1);
  return {
    walk: { ...walk, changes: [...own, ...walk.changes], ...(origin !== undefined && { origin }) },
    ...(removal && { remover: removal.commit }),
  };
}

interface Move {
  commit: string;
  target: string;
}

/**
 * Rename target of each step: in the commit that removed the file, else in the merge that brought the removal to the main line. On a
 * branch, one commit may add the new file and another remove the old one; the merge contains both.
 */
function findMoves(
  paths: MemoryPaths,
  steps: readonly Step[],
  isThere: (path: string) => boolean,
  options: RunOptions,
): (Move | undefined)[] {
  const renames = findRenamesIn(paths, unique(steps.map(({ remover }) => remover)), options);
  const moveOf = (path: string, commit: string | undefined): Move | undefined => {
    const target = commit === undefined ? undefined : renames.get(commit)?.get(path);
    return commit === undefined || target === undefined ? undefined : { commit, target };
  };
  const isLost = ({ walk: { path }, remover }: Step): boolean => !isThere(path) && !moveOf(path, remover);
  const lost = unique(steps.filter(isLost).map(({ walk }) => walk.path));
  const removers = new Map<string, string>();
  for (const { path, commit } of readLog(paths, lost, ['--first-parent', '-m', '--diff-filter=D'], options))
    if (!removers.has(path)) removers.set(path, commit);
  const merges = unique([...removers.values()]).filter((commit) => !renames.has(commit));
  for (const [commit, found] of findRenamesIn(paths, merges, options)) renames.set(commit, found);
  return steps.map(({ walk: { path }, remover }) => moveOf(path, remover) ?? moveOf(path, removers.get(path)));
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined);
}

function isRemoval({ status }: RawChange): boolean {
  return status === 'D';
}

function readLogs(
  paths: MemoryPaths,
  filePaths: ReadonlySet<string>,
  how: readonly string[],
  logs: Map<string, readonly RawChange[]>,
  options: RunOptions,
): void {
  const wanted = [...filePaths].filter((path) => !logs.has(path));
  const found = new Map<string, RawChange[]>(wanted.map((path) => [path, []]));
  for (const change of readLog(paths, wanted, how, options)) found.get(change.path)?.push(change);
  for (const [path, changes] of found) logs.set(path, changes);
}

/** Newest first. */
function readLog(
  paths: MemoryPaths,
  filePaths: readonly string[],
  how: readonly string[],
  options: RunOptions,
): RawChange[] {
  const changes: RawChange[] = [];
  for (let at = 0; at < filePaths.length; at += pathsPerRun) {
    const args = [
      'log',
      '--no-show-signature',
      '--no-renames',
      '--raw',
      '--no-abbrev',
      '-z',
      '--format=%x01%H',
      ...how,
    ];
    const some = filePaths.slice(at, at + pathsPerRun);
    const { stdout } = runIn(paths, [...args, 'HEAD', '--', ...some], { ...options, timeoutMs: 30_000 });
    for (const change of parseRawLog(stdout)) changes.push(change);
  }
  return changes;
}

/** Whether this is the cited blob. */
export function isCited(cite: Cite, blob: string): boolean {
  return cite.blob !== undefined && blob.startsWith(cite.blob);
}
