// The memory of one repository for a server that stays: the records are kept while nothing moves, git is asked beside them.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Freshness } from '../../domain/cite.ts';
import type { Env } from '../../domain/env.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { startIn } from '../../git/run/runner.ts';
import { search, type FoundSome } from '../../memory/find.ts';
import { freshnessOf } from '../../memory/mark-stale.ts';
import { liveRecords } from '../../memory/live-records.ts';
import { openMemory, type Memory } from '../../memory/open.ts';
import { safeId } from '../../memory/record-line.ts';
import type { AssessedRecord, RecordSet } from '../../memory/records.ts';
import type { Query } from '../../search/hit.ts';

export interface View {
  /** For what needs no git; its snapshot would be taken while everybody waits. */
  memory: Memory;
  recordSet: RecordSet;
  /** Changes with the records, what is judged of them, HEAD and the branch. */
  state: string;
  /** With git's snapshot of every file, a few seconds old at most. */
  opened(): Promise<Memory>;
  /** The same at once where there is one that is a minute old at most: git is asked again behind the answer. */
  recent(): Promise<Memory>;
  /** Newest first. */
  newest(): readonly AssessedRecord[];
  /** How the cites of records stand, by path, as far as it is known without asking history. */
  freshness(records: readonly AssessedRecord[]): Promise<ReadonlyMap<string, Freshness>>;
  search(query: Query): Promise<FoundSome>;
  /** Lets go of what is made again on use. */
  release(): void;
}

/** What differs between two looks, by id. */
export interface Difference {
  added: string[];
  changed: string[];
  gone: string[];
}

export interface Source {
  name: string;
  env: Env;
  paths: MemoryPaths;
  /** The kept view, or another where something moved; then `onMoved` is told. */
  view(): Promise<View>;
  /** A memory opened at this moment: what actions and exact answers start from. */
  open(): Promise<Memory>;
  /** Something moved: the next view looks at everything. */
  touch(): void;
  /** Nobody asks at the moment: lets go of what is made again on use. */
  release(): void;
}

/** A file that has just changed may change again within the resolution of its time: for so long an event alone makes a look. */
const restMs = 1000;
/** Cited files are not watched: how they stand is asked again after this long. */
const freshMs = 5000;
/** For lists it is asked again after this long, behind an answer from what was known; it is waited for after this long. */
const listMs = { asks: 20_000, waits: 60_000 };

export function makeSource(
  env: Env,
  paths: MemoryPaths,
  prepare: () => Promise<void>,
  onMoved: (found: { view: View; difference: Difference }) => void,
): Source {
  const here = { ...env, cwd: paths.root };
  let justOpened: Memory | undefined;
  const live = liveRecords(
    here,
    () => paths,
    (memory) => (justOpened = memory),
  );
  const open = (): Promise<Memory> => openMemory(here, paths);
  let kept: View | undefined;
  let isTouched = false;
  let last: Promise<unknown> = Promise.resolve();

  let lookedAt = 0;
  const look = async (): Promise<View> => {
    const at = env.now().getTime();
    if (kept && !isTouched && at - lookedAt < restMs) return kept;
    if (isTouched) live.recheck();
    isTouched = false;
    lookedAt = at;
    if (!kept) await prepare();
    const { memory, recordSet } = await live.now();
    if (kept?.recordSet === recordSet) return kept;
    const view = makeView(memory, recordSet, open, await stateOf(memory, recordSet), justOpened);
    justOpened = undefined;
    const before = kept;
    kept = view;
    if (before && before.state !== view.state) onMoved({ view, difference: differenceOf(before, view) });
    return view;
  };
  return {
    name: basename(paths.root),
    env,
    paths,
    // One after the other: a look that began before a touch may have missed what moved.
    view: () => {
      const next = last.then(look);
      last = next.catch(() => undefined);
      return next;
    },
    open,
    touch: () => (isTouched = true),
    release: () => kept?.release(),
  };
}

interface Opening {
  at: number;
  memory: Promise<Memory>;
  states: Map<string, Freshness>;
}

/** `opened`: with git's snapshot, where that was taken for these records. */
function makeView(
  memory: Memory,
  recordSet: RecordSet,
  open: () => Promise<Memory>,
  state: string,
  opened: Memory | undefined,
): View {
  let opening: Opening | undefined = opened && {
    at: memory.env.now().getTime(),
    memory: Promise.resolve(opened),
    states: new Map(),
  };
  const openedWithin = ({ asks, waits }: { asks: number; waits: number }): Opening => {
    const at = memory.env.now().getTime();
    const known = opening;
    if (known === undefined || at - known.at > asks) {
      const next: Opening = { at, memory: open(), states: new Map() };
      next.memory.catch(() => (opening = undefined));
      opening = next;
    }
    return known !== undefined && at - known.at <= waits ? known : opening!;
  };
  let newest: readonly AssessedRecord[] | undefined;
  return {
    memory,
    recordSet,
    state,
    opened: () => openedWithin({ asks: freshMs, waits: freshMs }).memory,
    recent: () => openedWithin(listMs).memory,
    newest: () => (newest ??= [...recordSet.assessed].sort(byNewest)),
    freshness: async (records) => {
      const { memory: seen, states } = openedWithin(listMs);
      const fresh = records.filter(({ excerpt }) => !states.has(excerpt.path));
      for (const { excerpt } of fresh) states.set(excerpt.path, 'fresh');
      for (const [path, { freshness }] of freshnessOf(await seen, fresh)) states.set(path, freshness);
      return states;
    },
    search: (query) => search(memory, recordSet, query),
    release: () => {
      newest = undefined;
      recordSet.release();
    },
  };
}

/** Newest first; of the same second by id, then by path: a total order, in which a cursor is a place. */
function byNewest({ excerpt: a }: AssessedRecord, { excerpt: b }: AssessedRecord): number {
  return compare(b.created, a.created) || compare(a.id, b.id) || compare(a.path, b.path);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function stateOf({ paths, settings }: Memory, { table, verdicts, problems }: RecordSet): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['path', 'blob'] as const) hash.update(table.column(name).join('\0'));
  hash.update(`${verdicts}\0${JSON.stringify(settings)}\0${problems.length}`);
  const asked = [
    ['rev-parse', '--verify', '--quiet', 'HEAD'],
    ['symbolic-ref', '--quiet', 'HEAD'],
  ];
  return Promise.all(asked.map((args) => startIn(paths, args))).then((answers) => {
    for (const { stdout } of answers) hash.update(`\0${stdout}`);
    return hash.digest('base64url').slice(0, 16);
  });
}

function differenceOf({ recordSet: before }: View, { recordSet: after }: View): Difference {
  const difference: Difference = { added: [], changed: [], gone: [] };
  const keyOf = ({ table, verdicts }: RecordSet, row: number): string => `${table.column('blob')[row]}${verdicts[row]}`;
  const name = (recordSet: RecordSet, row: number): string => {
    const { excerpt, trust } = recordSet.assessedAt(row);
    return trust === 'foreign' ? safeId(excerpt) : excerpt.id;
  };
  const known = new Map(before.table.column('path').map((path, row) => [path, row]));
  for (const [row, path] of after.table.column('path').entries()) {
    const old = known.get(path);
    if (old === undefined) difference.added.push(name(after, row));
    else if (keyOf(before, old) !== keyOf(after, row)) difference.changed.push(name(after, row));
    known.delete(path);
  }
  for (const row of known.values()) difference.gone.push(name(before, row));
  return difference;
}
