// Explains a file or line: the records that cite it, the commit that introduced it, and the records added with that commit.
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Cite } from '../domain/cite.ts';
import type { Env } from '../domain/env.ts';
import { messageOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { isRenameKnown } from '../git/cites/cited-history.ts';
import { topOf, treePath } from '../git/cites/cites.ts';
import { judgeFreshness, type RecordFreshness } from '../git/cites/freshness.ts';
import { type BlamedLine, blameLine, commitFormat, type CommitInfo, parseCommits } from '../git/history/commits.ts';
import { findAdders, findRecordsWith } from '../git/history/memory-history.ts';
import { startIn } from '../git/run/runner.ts';
import { findMemoryHere, type Memory, openMemory, requireRepository } from '../memory/open.ts';
import { type AssessedRecord, openRecords, type RecordSet } from '../memory/records.ts';
import { isRecordPath } from '../store/layout.ts';

export interface CitingRecord extends AssessedRecord {
  /** Current position of the cited lines. */
  lines?: [number, number];
  freshness: RecordFreshness['freshness'];
  /** The commit that added the record; absent while it is uncommitted. */
  added?: CommitInfo;
}

export type Explanation = Awaited<ReturnType<typeof explainLocation>>;

/** Number of commits listed for a whole file. */
const maxCommits = 3;

/**
 * `target`: PATH or PATH:LINE, relative to the working directory or the top. Throws RepomemError `not-found` for a file that neither
 * git nor a record knows.
 */
export async function explainLocation(env: Env, target: string) {
  const paths = findMemoryHere(env);
  if (paths.worktree === undefined) requireRepository(await openMemory(env, paths));
  const wanted = parseTarget(env, paths, target);
  // Start git now: it runs while we read records.
  const asked = askHistory(paths, wanted);
  const { memory, recordSet, save } = await openRecords(env, paths, { everyFile: true });
  if (memory.emptySnapshot === undefined) requireRepository(memory);
  const { path, line } = wanted;
  const [adders, blamed, last] = await asked;
  const commits = (blamed?.commit ? [blamed.commit] : last).map((commit) =>
    tellCommit(memory, recordSet, commit, adders),
  );
  const isKnown = blamed !== undefined || last.length > 0;
  const mayHaveMoved = !isKnown || (blamed !== undefined && blamed.path !== path) || isRenameKnown(paths, path);
  const citing = findCiting(memory, recordSet, wanted, adders, mayHaveMoved);
  if (!isKnown && citing.length === 0 && !existsSync(join(topOf(paths), path)))
    throw new RepomemError('not-found', `${path}: expected a file that git or a record knows; found neither`);
  const explanation = {
    /** Relative to the top of the working tree. */
    path,
    ...(line !== undefined && { line }),
    citing,
    /** The line's origin. */
    ...(blamed && { blamed }),
    /** The line's commit; without a line, the last commits that touched the file. */
    commits: await Promise.all(commits),
  };
  save();
  return explanation;
}

interface Target {
  path: string;
  line?: number;
}

/** The commits that added records, the line's origin (undefined for a file in no commit), and without a line the file's last commits. */
function askHistory(paths: MemoryPaths, { path, line }: Target) {
  const last = ['log', `--max-count=${maxCommits}`, '-z', `--format=${commitFormat}`, 'HEAD', '--', path];
  const asked = Promise.all([
    // Fails where nothing is committed yet.
    findAdders(paths).catch(() => new Map<string, CommitInfo>()),
    line === undefined ? undefined : blame(paths, path, line),
    line === undefined ? startIn(paths, last).then(({ stdout }) => parseCommits(stdout)) : [],
  ]);
  // A rejection is reported when the answers are awaited.
  asked.catch(() => {});
  return asked;
}

const noCommit = /no such (?:path|ref)|bad revision|unknown revision|does not have any commits/;

/** Undefined for a file that is in no commit. */
function blame(paths: MemoryPaths, path: string, line: number): Promise<BlamedLine | undefined> {
  return blameLine(paths, path, line).catch((error: unknown) => {
    if (noCommit.test(messageOf(error))) return undefined;
    const expected = `${path}:${line}: expected a line of the file; git finds none`;
    throw new RepomemError('not-found', expected, { cause: error });
  });
}

/** `merge`: brought the records, if the commit itself added none; `gone`: paths of records that no longer exist here. */
async function tellCommit(
  memory: Memory,
  recordSet: RecordSet,
  commit: CommitInfo,
  adders: ReadonlyMap<string, CommitInfo>,
) {
  // The walk over the memory's history already shows the records of most commits.
  const own = [...adders].flatMap(([path, { id }]) => (id === commit.id && isRecordPath(path) ? [path] : []));
  const { defaultRef } = memory.emptySnapshot ?? memory.snapshot;
  const { filePaths, merge }: { filePaths: string[]; merge?: string } =
    own.length > 0 ? { filePaths: own } : await findRecordsWith(memory.paths, commit.id, defaultRef);
  const records = filePaths.flatMap((path) => recordSet.byPath.get(path) ?? []);
  return {
    commit,
    ...(merge !== undefined && { merge }),
    records: records.filter(({ excerpt }) => excerpt.type !== 'tombstone'),
    gone: filePaths.filter((path) => !recordSet.byPath.has(path)),
  };
}

/** Records that cite the file at its current path; with a line, only those whose lines contain it. Active ones first, the narrowest first. */
function findCiting(
  memory: Memory,
  recordSet: RecordSet,
  { path, line }: Target,
  adders: ReadonlyMap<string, CommitInfo>,
  mayHaveMoved: boolean,
): CitingRecord[] {
  // Uses known renames only: cached by a command, or in the working tree.
  const snapshot = mayHaveMoved ? memory.snapshot : (memory.emptySnapshot ?? memory.snapshot);
  const isMaybe = (cite: Cite): boolean => cite.path === path || (mayHaveMoved && !snapshot.index.has(cite.path));
  const all = mayHaveMoved
    ? recordSet.assessed
    : recordSet.table.rowsNaming(path).map((row) => recordSet.assessedAt(row));
  const maybe = all.flatMap((assessed) => {
    if (!assessed.isHere || assessed.excerpt.type === 'tombstone') return [];
    const cites = assessed.excerpt.cites.filter(isMaybe);
    return cites.length > 0 ? [{ assessed, path: assessed.excerpt.path, cites }] : [];
  });
  const states = maybe.length === 0 ? new Map() : judgeFreshness(memory.paths, maybe, snapshot, 'cached');
  const found = maybe.flatMap(({ assessed, cites }): CitingRecord[] => {
    const state = states.get(assessed.excerpt.path);
    const places = cites.flatMap((cite, at) => {
      const now = state?.cites[at];
      if ((now?.path ?? cite.path) !== path && cite.path !== path) return [];
      return [{ lines: now?.lines ?? cite.lines, freshness: now?.freshness ?? ('fresh' as const) }];
    });
    const fitting = places.filter(({ lines }) => !line || !lines || (lines[0] <= line && line <= lines[1]));
    const [best] = fitting.sort((a, b) => spanOf(a.lines) - spanOf(b.lines));
    if (!best) return [];
    const added = adders.get(assessed.excerpt.path);
    const { freshness, lines } = best;
    return [{ ...assessed, freshness, ...(lines && { lines }), ...(added && { added }) }];
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

function parseTarget(env: Env, paths: MemoryPaths, target: string): Target {
  // As in a terminal's messages, and as in the address of a page on a forge.
  const match = /^(.+?)(?:(?::|#L)(\d+)(?:(?::\d+|-L?\d+)?:?))?$/.exec(target);
  const name = match?.[1] ?? '';
  const line = match?.[2] === undefined ? undefined : Number(match[2]);
  if (name === '' || line === 0)
    throw new RepomemError('usage', `why: expected PATH or PATH:LINE; got '${target}'`, { hint: 'lines count from 1' });
  const top = topOf(paths);
  const path = treePath(top, env.cwd, name);
  if (path === '' || path.startsWith('../') || isAbsolute(path))
    throw new RepomemError('usage', `${target}: expected a file in ${top}`);
  return { path, ...(line !== undefined && { line }) };
}
