// Why a file or a line is as it is: the records that cite it, the commit that brought it, the records that came with that commit.
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Cite } from '../domain/cite.ts';
import type { Env } from '../domain/env.ts';
import { RepomemError } from '../domain/errors.ts';
import type { Place } from '../domain/place.ts';
import { knowsRenames } from '../git/cited-history.ts';
import { blameLine, commitFormat, parseCommit, type BlamedLine, type CommitInfo } from '../git/commits.ts';
import { findAdders, findRecordsWith } from '../git/memory-history.ts';
import { judgeFreshness, type RecordFreshness } from '../git/freshness.ts';
import { startIn } from '../git/run.ts';
import { findPlace, startFolders } from '../store/place.ts';
import { isRecordPath } from './lint-finding.ts';
import { openMemory, type Memory } from './open.ts';
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
export async function explainPlace(env: Env, target: string): Promise<Explanation> {
  const place = findPlace(startFolders(env.cwd, env.vars), env.home);
  const wanted = place?.worktree === undefined ? undefined : parseTarget(env, place, target);
  const opened = openMemory(env, place, { withStore: true, ...(wanted && { alsoFiles: [wanted.path] }) });
  // Git is asked for all at once and works while we read.
  const asked = place && wanted && askHistory(place, wanted);
  const memory = await opened;
  requireRepository(memory);
  if (!asked) throw new Error('unreachable: a repository has a working tree');
  const { path, line } = wanted;
  const isTracked = memory.snapshot.index.has(path);
  const isKnown = isTracked && memory.snapshot.head !== undefined;
  const adders = memory.snapshot.head === undefined ? new Map<string, CommitInfo>() : await asked.adders;
  const blamed = isKnown && line !== undefined ? await asked.blamed : undefined;
  const last = isKnown && line === undefined ? await asked.last : [];
  const commits = (blamed?.commit ? [blamed.commit] : last).map((commit) => askCommit(memory, commit, adders));
  const world = await readWorld(memory);
  const citing = findCiting(memory, world, path, line);
  if (!isTracked && citing.length === 0 && !existsSync(join(memory.place.worktree ?? '', path)))
    throw new RepomemError('not-found', `${path}: expected a file that git or a record knows; found neither`);
  return {
    path,
    ...(line !== undefined && { line }),
    citing: citing.map((one) => {
      const added = adders.get(one.excerpt.path);
      return { ...one, ...(added && { added }) };
    }),
    ...(blamed && { blamed }),
    commits: await Promise.all(commits.map(async (commit) => tellCommit(world, await commit))),
  };
}

interface Target {
  path: string;
  line?: number;
}

interface AskedHistory {
  adders: Promise<Map<string, CommitInfo>>;
  blamed: Promise<BlamedLine | undefined>;
  last: Promise<CommitInfo[]>;
}

function askHistory(place: Place, { path, line }: Target): AskedHistory {
  const asked = {
    adders: findAdders(place),
    blamed: line === undefined ? Promise.resolve(undefined) : blame(place, path, line),
    last: line === undefined ? lastCommits(place, path) : Promise.resolve([]),
  };
  // Without a commit, or of a file that it does not know, git refuses; nobody waits for that answer.
  for (const answer of Object.values(asked)) answer.catch(() => {});
  return asked;
}

async function blame(place: Place, path: string, line: number): Promise<BlamedLine> {
  try {
    return await blameLine(place, path, line);
  } catch (error) {
    throw new RepomemError('not-found', `${path}:${line}: expected a line of the file; git finds none`, {
      cause: error,
    });
  }
}

interface AskedCommit {
  commit: CommitInfo;
  paths: string[];
  merge?: string;
}

async function askCommit(
  { place, snapshot }: Memory,
  commit: CommitInfo,
  adders: ReadonlyMap<string, CommitInfo>,
): Promise<AskedCommit> {
  // The walk over the memory's history has told already what most commits brought.
  const own = [...adders].flatMap(([path, { id }]) => (id === commit.id && isRecordPath(path) ? [path] : []));
  if (own.length > 0) return { commit, paths: own };
  const { defaultRef } = snapshot;
  return { commit, ...(await findRecordsWith(place, commit.id, { defaultRef, isPoor: true })) };
}

function tellCommit(world: World, { commit, paths, merge }: AskedCommit): ExplainedCommit {
  const records = paths.flatMap((path) => world.byPath.get(path) ?? []);
  return {
    commit,
    ...(merge !== undefined && { merge }),
    records: records.filter(({ excerpt }) => excerpt.type !== 'tombstone'),
    gone: paths.filter((path) => !world.byPath.has(path)),
  };
}

/** Records that cite the file where it is now; with a line only those whose lines hold it. Standing ones first, the narrowest first. */
function findCiting(memory: Memory, world: World, path: string, line: number | undefined): CitingRecord[] {
  const mayHaveMoved = hasMovedFiles(memory);
  const snapshot = mayHaveMoved ? memory.fullSnapshot() : memory.snapshot;
  const isMaybe = (cite: Cite): boolean => cite.path === path || (mayHaveMoved && !snapshot.index.has(cite.path));
  const maybe = world.judged.flatMap((judged) => {
    if (!judged.isHere || judged.excerpt.type === 'tombstone') return [];
    const cites = judged.excerpt.cites.filter(isMaybe);
    return cites.length > 0 ? [{ judged, path: judged.excerpt.path, cites }] : [];
  });
  const states = maybe.length === 0 ? new Map() : judgeFreshness(memory.place, maybe, snapshot, { history: 'cached' });
  const found = maybe.flatMap(({ judged, cites }): CitingRecord[] => {
    const state = states.get(judged.excerpt.path);
    const places = cites.flatMap((cite, at) => {
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

/** Renames are followed as far as they are known: learned by a command, or in the working tree. */
function hasMovedFiles({ place, snapshot: { dirty } }: Memory): boolean {
  if (knowsRenames(place)) return true;
  const top = place.worktree ?? place.root;
  return [...dirty].some((path) => !existsSync(join(top, path)));
}

async function lastCommits(place: Place, path: string): Promise<CommitInfo[]> {
  const args = ['log', `--max-count=${maxCommits}`, '--no-show-signature', '-z', `--format=${commitFormat}`];
  const { stdout } = await startIn(place, [...args, 'HEAD', '--', path]);
  return stdout
    .split('\0')
    .filter((text) => text !== '')
    .map(parseCommit);
}

function parseTarget(env: Env, place: Place, target: string): Target {
  const match = /^(.+?)(?::(\d+))?$/.exec(target);
  const name = match?.[1] ?? '';
  const line = match?.[2] === undefined ? undefined : Number(match[2]);
  if (name === '' || line === 0)
    throw new RepomemError('usage', `why: expected PATH or PATH:LINE; got '${target}'`, { hint: 'lines count from 1' });
  const top = place.worktree ?? place.root;
  const from = (base: string): string => relative(top, resolve(base, name)).split(sep).join('/');
  const path = [from(env.cwd || top), from(top)].find((one) => existsSync(join(top, one))) ?? from(env.cwd);
  if (path === '' || path.startsWith('../') || isAbsolute(path))
    throw new RepomemError('usage', `${target}: expected a file in ${top}`);
  return { path, ...(line !== undefined && { line }) };
}
