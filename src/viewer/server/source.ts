// The one place where the server looks at a memory: a view of it that is kept until something moves.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Env } from '../../domain/env.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { RecordFreshness } from '../../git/cites/freshness.ts';
import { search, type FoundSome } from '../../memory/find.ts';
import { freshnessOf } from '../../memory/freshness.ts';
import { openMemory, type Memory } from '../../memory/open.ts';
import { safeId } from '../../memory/safe-id.ts';
import { openRecords, type AssessedRecord, type RecordSet } from '../../memory/records.ts';
import type { Query } from '../../search/hit.ts';

export interface View {
  memory: Memory;
  recordSet: RecordSet;
  /** Changes with the records, what is judged of them, HEAD and the branch. */
  state: string;
  /** Newest first. */
  newest(): readonly AssessedRecord[];
  /** How the cites of records stand, as far as it is known without asking history. */
  freshness(records: readonly AssessedRecord[]): Map<string, RecordFreshness>;
  search(query: Query): Promise<FoundSome>;
  takenAt: number;
}

/** What differs between two looks, by id. */
export interface Difference {
  added: string[];
  changed: string[];
  gone: string[];
  isGitMoved: boolean;
}

export interface Source {
  name: string;
  env: Env;
  paths: MemoryPaths;
  /** The kept view, or a fresh one where something moved. */
  view(): Promise<View>;
  /** A memory opened at this moment: what actions and exact answers start from. */
  open(): Promise<Memory>;
  /** Something moved: the next view is a fresh one. */
  touch(): void;
  /** Looks anew and says what differs; undefined when nothing does. */
  look(): Promise<{ view: View; difference: Difference } | undefined>;
}

/** A kept view older than this is looked at again behind the answer: where no event came, the next question finds what moved. */
const restMs = 3000;

export function makeSource(
  env: Env,
  paths: MemoryPaths,
  onMoved: (found: { view: View; difference: Difference }) => void,
): Source {
  let kept: View | undefined;
  let isTouched = true;
  let looking: Promise<View> | undefined;
  let told: View | undefined;

  const take = (): Promise<View> => {
    looking ??= takeView(env, paths).finally(() => (looking = undefined));
    return looking;
  };
  const refresh = async (): Promise<View> => {
    // A look that began before the touch may have missed it.
    if (looking) await looking.catch(() => undefined);
    isTouched = false;
    try {
      kept = await take();
    } catch (error) {
      isTouched = true;
      throw error;
    }
    announce(kept);
    return kept;
  };
  const announce = (view: View): void => {
    const before = told;
    told = view;
    const difference = before && before.state !== view.state ? differenceOf(before, view) : undefined;
    if (difference) onMoved({ view, difference });
  };
  const look: Source['look'] = async () => {
    const before = kept;
    const view = await refresh();
    if (before === undefined || before.state === view.state) return undefined;
    return { view, difference: differenceOf(before, view) };
  };
  return {
    name: basename(paths.root),
    env,
    paths,
    view: async () => {
      if (kept === undefined || isTouched) return refresh();
      if (env.now().getTime() - kept.takenAt > restMs) {
        const shown = kept;
        setImmediate(() => void look().catch(() => undefined));
        return shown;
      }
      return kept;
    },
    open: () => openMemory({ ...env, cwd: paths.root }, paths, { withFiles: true }),
    touch: () => (isTouched = true),
    look,
  };
}

async function takeView(env: Env, paths: MemoryPaths): Promise<View> {
  const takenAt = env.now().getTime();
  const { memory, recordSet, save } = await openRecords({ ...env, cwd: paths.root }, paths, { everyFile: true });
  save();
  const states = new Map<string, RecordFreshness>();
  const judged = new Set<string>();
  let newest: readonly AssessedRecord[] | undefined;
  return {
    memory,
    recordSet,
    state: stateOf(memory, recordSet),
    takenAt,
    newest: () => (newest ??= [...recordSet.assessed].sort(byNewest)),
    freshness: (records) => {
      const fresh = records.filter(({ excerpt }) => !judged.has(excerpt.path));
      for (const { excerpt } of fresh) judged.add(excerpt.path);
      for (const [path, state] of freshnessOf(memory, fresh)) states.set(path, state);
      return states;
    },
    search: (query) => search(memory, recordSet, query),
  };
}

/** Newest first; of the same second by id, then by path: a total order, in which a cursor is a place. */
function byNewest({ excerpt: a }: AssessedRecord, { excerpt: b }: AssessedRecord): number {
  return compare(b.created, a.created) || compare(a.id, b.id) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyOf({ excerpt, trust, isHere, isActive }: AssessedRecord): string {
  return `${excerpt.blob}${trust}${isHere ? 1 : 0}${isActive ? 1 : 0}`;
}

function stateOf({ snapshot, settings }: Memory, recordSet: RecordSet): string {
  const hash = createHash('sha256');
  for (const one of recordSet.assessed) hash.update(`${one.excerpt.path}\0${keyOf(one)}\n`);
  hash.update(
    `${snapshot.head ?? ''}\0${snapshot.branch ?? ''}\0${JSON.stringify(settings)}\0${recordSet.problems.length}`,
  );
  return hash.digest('base64url').slice(0, 16);
}

function differenceOf(before: View, after: View): Difference {
  const difference: Difference = { added: [], changed: [], gone: [], isGitMoved: false };
  const known = new Map(before.recordSet.assessed.map((one) => [one.excerpt.path, keyOf(one)]));
  const name = ({ excerpt, trust }: AssessedRecord): string => (trust === 'foreign' ? safeId(excerpt) : excerpt.id);
  for (const one of after.recordSet.assessed) {
    const key = known.get(one.excerpt.path);
    if (key === undefined) difference.added.push(name(one));
    else if (key !== keyOf(one)) difference.changed.push(name(one));
    known.delete(one.excerpt.path);
  }
  for (const one of before.recordSet.assessed) if (known.has(one.excerpt.path)) difference.gone.push(name(one));
  const [was, is] = [before.memory.snapshot, after.memory.snapshot];
  difference.isGitMoved = was.head !== is.head || was.branch !== is.branch;
  return difference;
}
