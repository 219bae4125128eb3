// Why a file or a line is as it is: the records that cite it, the commit that brought it, the records that came with that commit.
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import { blameLine, commitFormat, parseCommit, type BlamedLine, type CommitInfo } from '../git/commits.ts';
import { findAdders, findRecordsWith } from '../git/memory-history.ts';
import { runIn } from '../git/run.ts';
import type { RecordFreshness } from '../git/freshness.ts';
import { freshnessOf } from './freshness.ts';
import { isRecordPath } from './lint-finding.ts';
import type { Memory } from './open.ts';
import { requireRepository } from './stage.ts';
import { readWorld, type Judged, type World } from './world.ts';

export interface CitingRecord extends Judged {
  /** Where the cited lines stand now. */
  lines?: [number, number];
  freshness: RecordFreshness['freshness'];
  /** Who brought it into git; absent while it is not committed. */
  added?: CommitInfo;
}

export interface ExplainedCommit {
  commit: CommitInfo;
  /** The merge that brought the records, where the commit had none itself. */
  merge?: string;
  /** Records that came with it and are here. */
  records: Judged[];
  /** Paths of those that are not here any more. */
  gone: string[];
}

export interface Explanation {
  /** From the top of the working tree. */
  path: string;
  line?: number;
  citing: CitingRecord[];
  /** Of the line. */
  blamed?: BlamedLine;
  /** The line's commit; without a line the last ones that touched the file. */
  commits: ExplainedCommit[];
}

/** Commits named for a whole file. */
const maxCommits = 3;

/** `target`: PATH or PATH:LINE, from the working directory or the top. RepomemError `not-found` for a file that nobody knows. */
export async function explainPlace(memory: Memory, target: string): Promise<Explanation> {
  requireRepository(memory);
  const { path, line } = parseTarget(memory, target);
  const { head } = memory.snapshot;
  const isTracked = memory.fullSnapshot().index.has(path);
  const isKnown = isTracked && head !== undefined;
  // Git works while the records are read.
  const asked = Promise.all([
    head === undefined ? new Map<string, CommitInfo>() : findAdders(memory.place, { revision: head }),
    isKnown && line !== undefined ? blame(memory, path, line) : undefined,
  ]);
  asked.catch(() => {});
  const world = await readWorld(memory);
  const citing = findCiting(memory, world, path, line);
  const isThere = existsSync(join(memory.place.worktree ?? '', path));
  if (!isTracked && !isThere && citing.length === 0)
    throw new RepomemError('not-found', `${path}: expected a file that git or a record knows; found neither`);
  const [adders, blamed] = await asked;
  const chosen =
    line === undefined ? (isKnown ? lastCommits(memory, path) : []) : blamed?.commit ? [blamed.commit] : [];
  return {
    path,
    ...(line !== undefined && { line }),
    citing: citing.map((one) => {
      const added = adders.get(one.excerpt.path);
      return { ...one, ...(added && { added }) };
    }),
    ...(blamed && { blamed }),
    commits: chosen.map((commit) => explainCommit(memory, world, commit, adders)),
  };
}

async function blame(memory: Memory, path: string, line: number): Promise<BlamedLine> {
  try {
    return await blameLine(memory.place, path, line);
  } catch (error) {
    throw new RepomemError('not-found', `${path}:${line}: expected a line of the file; git finds none`, {
      cause: error,
    });
  }
}

function explainCommit(
  memory: Memory,
  world: World,
  commit: CommitInfo,
  adders: ReadonlyMap<string, CommitInfo>,
): ExplainedCommit {
  // The walk over the memory's history has told already what most commits brought.
  const own = [...adders].flatMap(([path, { id }]) => (id === commit.id && isRecordPath(path) ? [path] : []));
  const { defaultRef } = memory.snapshot;
  const found =
    own.length > 0 ? { paths: own } : findRecordsWith(memory.place, commit.id, { defaultRef, isPoor: true });
  const merge = 'merge' in found ? found.merge : undefined;
  const records = found.paths.flatMap((path) => world.byPath.get(path) ?? []);
  return {
    commit,
    ...(merge !== undefined && { merge }),
    records: records.filter(({ excerpt }) => excerpt.type !== 'tombstone'),
    gone: found.paths.filter((path) => !world.byPath.has(path)),
  };
}

/** Records that cite the file where it is now; with a line only those whose lines hold it. Standing ones first, the narrowest first. */
function findCiting(memory: Memory, world: World, path: string, line: number | undefined): CitingRecord[] {
  const { index } = memory.fullSnapshot();
  const maybe = world.judged.filter(
    ({ excerpt, isHere }) =>
      isHere &&
      excerpt.type !== 'tombstone' &&
      excerpt.cites.some((cite) => cite.path === path || !index.has(cite.path)),
  );
  const states = freshnessOf(memory, maybe);
  const found = maybe.flatMap((judged): CitingRecord[] => {
    const state = states.get(judged.excerpt.path);
    const places = judged.excerpt.cites.flatMap((cite, at) => {
      const now = state?.cites[at];
      if ((now?.path ?? cite.path) !== path && cite.path !== path) return [];
      return [{ lines: now?.lines ?? cite.lines, freshness: now?.freshness ?? ('fresh' as const) }];
    });
    const fitting =
      line === undefined
        ? places
        : places.filter(({ lines }) => lines === undefined || (lines[0] <= line && line <= lines[1]));
    const [best] = fitting.sort((a, b) => spanOf(a.lines) - spanOf(b.lines));
    if (!best) return [];
    return [{ ...judged, freshness: best.freshness, ...(best.lines && { lines: best.lines }) }];
  });
  return found.sort(
    (a, b) =>
      Number(b.isActive) - Number(a.isActive) ||
      spanOf(a.lines) - spanOf(b.lines) ||
      (a.excerpt.created > b.excerpt.created ? -1 : 1),
  );
}

function spanOf(lines: readonly [number, number] | undefined): number {
  return lines ? lines[1] - lines[0] : Number.MAX_SAFE_INTEGER;
}

function lastCommits({ place }: Memory, path: string): CommitInfo[] {
  const args = [
    'log',
    `--max-count=${maxCommits}`,
    '--no-show-signature',
    '-z',
    `--format=${commitFormat}`,
    'HEAD',
    '--',
    path,
  ];
  return runIn(place, args)
    .stdout.split('\0')
    .filter((text) => text !== '')
    .map(parseCommit);
}

function parseTarget(memory: Memory, target: string): { path: string; line?: number } {
  const match = /^(.+?)(?::(\d+))?$/.exec(target);
  const name = match?.[1] ?? '';
  const line = match?.[2] === undefined ? undefined : Number(match[2]);
  if (name === '' || line === 0)
    throw new RepomemError('usage', `why: expected PATH or PATH:LINE; got '${target}'`, { hint: 'lines count from 1' });
  const top = memory.place.worktree ?? memory.place.root;
  const from = (base: string): string => relative(top, resolve(base, name)).split(sep).join('/');
  const path =
    [from(memory.env.cwd || top), from(top)].find((one) => existsSync(join(top, one))) ?? from(memory.env.cwd);
  if (path === '' || path.startsWith('../') || isAbsolute(path))
    throw new RepomemError('usage', `${target}: expected a file in ${top}`);
  return { path, ...(line !== undefined && { line }) };
}
