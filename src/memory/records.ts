// The one door to the records: hooks, search, why, the MCP server and the commands all come through here.
//
// `openRecords(env, paths)` is for readers. While nothing moved it reads two cache files and neither git nor a record; the Memory that comes with it
// asks git on first use. `readRecordSet(memory)` is for writers, who have a Memory open. A long-lived process uses `liveRecords(env)`
// (live-records.ts). All three give the same value, a RecordSet: `assessed` lists the records with trust, branch and whether they are active, `byId` and `byPath` find one,
// `search(memory, recordSet, query)` (find.ts) asks a question, `readFull(memory, assessed)` (read.ts) reads a whole record.
import { isAbsolute } from 'node:path';
import type { Env } from '../domain/env.ts';
import { type Excerpt, isTrusted } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord, Problem } from '../domain/record.ts';
import { findMoved, isKeepable } from '../git/state/snapshot.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import type { StateKey } from '../git/state/state-key.ts';
import { type CachedTable, readTable, writeTable } from '../index/cache.ts';
import { type Refreshed, refreshTable } from '../index/refresh.ts';
import type { RecordTable } from '../index/table.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched } from '../store/list-files.ts';
import { settledAt } from '../store/settled.ts';
import { basisOf, lazyMemory, openMemory, type Memory } from './open.ts';
import { isSameState, stateKeyOf, watchKeyOf } from './validity.ts';
import { readVerdicts, writeVerdicts } from './verdict-cache.ts';
import { judgeAll, type Verdict } from './verdicts.ts';

export interface OpenRecords {
  memory: Memory;
  recordSet: RecordSet;
  /** Whether no record came or went or is judged otherwise since they were read. */
  isCurrent(): boolean;
  /** Caches records and verdicts; best effort. */
  save(): void;
}

export interface OpenOptions {
  /** Look at every record's file; else at their folders only, where everything but an edit in place shows. */
  everyFile: boolean;
  /** Write the cache however little moved: for a process that nobody waits for. */
  isBackground?: boolean;
}

export async function openRecords(env: Env, paths: MemoryPaths, options: OpenOptions): Promise<OpenRecords> {
  // Before everything that is looked at: what moves meanwhile is younger.
  const at = env.now().getTime();
  const key = stateKeyOf(env, paths);
  const kept = readVerdicts(paths);
  const isKept = kept !== undefined && isSameState(kept, key.text);
  // Git looks while the records are read.
  const moved = isKept && options.everyFile && kept.isWatched ? findMoved(paths) : undefined;
  const cached = readTable(paths);
  const isOfCached = isKept && kept.records === cached?.id && kept.verdicts.length === cached.count;
  const isCurrent = isOfCached && (!options.everyFile || hasEveryFile(paths, cached, await moved));
  if (!isCurrent) return revalidate(env, paths, { at, key }, cached, options);
  const { basis, verdicts, problems } = kept;
  return {
    memory: await lazyMemory(env, paths, basis),
    recordSet: makeRecordSet({ table: cached, verdicts, problems }),
    isCurrent: () => isSameState(kept, stateKeyOf(env, paths).text),
    save: () => {},
  };
}

/** Whether every record's file has the size and time that it was read with. `moved`, see findMoved: what git has need not be looked at. */
export function hasEveryFile(paths: MemoryPaths, table: RecordTable, moved?: readonly string[]): boolean {
  const [mtimeMs, bytes] = [table.column('mtimeMs'), table.column('bytes')];
  const open = moved && new Set(moved);
  return table
    .column('path')
    .every(
      (path, row) =>
        (open && !open.has(path) && !isAbsolute(path)) ||
        isUntouched(absolutePath(paths, path), mtimeMs[row]!, bytes[row]!),
    );
}

/** The same of some records; where it is false, open them with everyFile. */
export function haveFiles(paths: MemoryPaths, assessed: readonly AssessedRecord[]): boolean {
  return assessed.every(({ excerpt: { path, mtimeMs, bytes } }) =>
    isUntouched(absolutePath(paths, path), mtimeMs, bytes),
  );
}

/** Reads what moved and judges all records by git's state of now. `at`: when the look began, in milliseconds; `key`: git's state of then. */
async function revalidate(
  env: Env,
  paths: MemoryPaths,
  { at, key }: { at: number; key: StateKey },
  cached: CachedTable | undefined,
  { isBackground = false }: OpenOptions,
): Promise<OpenRecords> {
  const { wordsOfRecord: wordsOf } = await import('../index/record-words.ts');
  // Git works while we read.
  const asked = openMemory(env, paths);
  const refreshed = await refreshTable(paths, { wordsOf, cached });
  const { table, problems, moved, folders } = refreshed;
  const memory = await asked;
  const recordSet = judgeRecords(memory, refreshed);
  const watched = [...new Set([...folders, ...problems.map(({ path }) => absolutePath(paths, path))])];
  const watchKey = watchKeyOf(watched);
  const state = { key: key.text, watched, watchKey: watchKey.text };
  // Else something may have moved unseen meanwhile.
  const isSettled =
    Math.max(key.settledMs, watchKey.settledMs) <= at && table.column('mtimeMs').every((time) => settledAt(time) <= at);
  const isCertain = isSettled && isKeepable(memory.snapshot);
  const save = (): void => {
    if (!isKeepable(memory.snapshot)) return;
    const isKept = cached !== undefined && !isBackground && !isWorthWriting(moved, table.count);
    const records = table === cached ? cached.id : isKept ? undefined : writeTable(paths, table, at);
    if (records === undefined || !isCertain) return;
    const { verdicts } = recordSet;
    const isWatched = !table
      .column('path')
      .some((path) => memory.snapshot.unwatched?.has(repositoryPath({ path }, memory.snapshot)));
    writeVerdicts(paths, { records, ...state, basis: basisOf(memory), problems, isWatched, verdicts });
  };
  const isCurrent = (): boolean => isCertain && isSameState(state, stateKeyOf(env, paths).text);
  return { memory, recordSet, isCurrent, save };
}

/** An overlay of so few rows costs less than writing the cache, which takes time in proportion to all records. */
const maxOverlayRows = 200;
const maxOverlayShare = 0.05;

function isWorthWriting(moved: number, count: number): boolean {
  return moved > maxOverlayRows || moved > count * maxOverlayShare;
}

/** The records of a memory that was opened a moment ago. */
export async function readRecordSet(memory: Memory): Promise<RecordSet> {
  const { wordsOfRecord: wordsOf } = await import('../index/record-words.ts');
  return judgeRecords(memory, await refreshTable(memory.paths, { wordsOf }));
}

export function judgeRecords({ snapshot, ledger }: Memory, { table, problems }: Refreshed): RecordSet {
  return makeRecordSet({ table, verdicts: judgeAll(table, snapshot, ledger), problems });
}

export interface AssessedRecord extends Verdict {
  excerpt: Excerpt;
}

export interface FullRecord extends AssessedRecord {
  record: MemoryRecord;
  /** The file as it stands. */
  text: string;
}

/** Lists and maps are built on first use: a question needs a handful of the records. */
export interface RecordSet {
  /** Every readable record, tombstones and summaries included, by row: shared before local ones, each by path. */
  readonly table: RecordTable;
  /** By row. */
  readonly verdicts: readonly Verdict[];
  /** Files that are no records. */
  readonly problems: readonly Problem[];
  assessedAt(row: number): AssessedRecord;
  /** By row. */
  readonly assessed: readonly AssessedRecord[];
  readonly byId: ReadonlyMap<string, AssessedRecord>;
  /** By Excerpt.path: ids may be taken twice, paths cannot. */
  readonly byPath: ReadonlyMap<string, AssessedRecord>;
  /** Lets go of the lists, the maps and what the table parsed; they are built again on use. */
  release(): void;
}

export function makeRecordSet(parts: Pick<RecordSet, 'table' | 'verdicts' | 'problems'>): RecordSet {
  const { table, verdicts } = parts;
  const assessedAt = (row: number): AssessedRecord => ({ excerpt: table.excerptAt(row), ...verdicts[row]! });
  let made: { assessed?: AssessedRecord[]; byId?: RecordSet['byId']; byPath?: RecordSet['byPath'] } = {};
  const listAll = (): readonly AssessedRecord[] =>
    (made.assessed ??= Array.from({ length: table.count }, (_, row) => assessedAt(row)));
  return {
    ...parts,
    assessedAt,
    get assessed() {
      return listAll();
    },
    get byId() {
      return (made.byId ??= indexById(listAll()));
    },
    get byPath() {
      return (made.byPath ??= new Map(listAll().map((one) => [one.excerpt.path, one])));
    },
    release: () => {
      made = {};
      table.release();
    },
  };
}

/** Ids may be taken twice: no stranger's record, and none of another branch, stands before one of ours. */
function indexById(assessed: readonly AssessedRecord[]): Map<string, AssessedRecord> {
  const byId = new Map<string, AssessedRecord>();
  const rank = ({ trust, isHere, isActive }: AssessedRecord): number =>
    (isTrusted(trust) ? 4 : 0) + (isHere ? 2 : 0) + (isActive ? 1 : 0);
  for (const one of assessed) {
    const other = byId.get(one.excerpt.id);
    if (other === undefined || rank(one) >= rank(other)) byId.set(one.excerpt.id, one);
  }
  return byId;
}

/** Observations that a session may be told of: trusted, active, of this branch. */
export function tellable(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter(isTellable);
}

export function isTellable({ excerpt, trust, isHere, isActive }: AssessedRecord): boolean {
  return isActive && isHere && excerpt.type !== 'session' && isTrusted(trust);
}

/** Active observations of others that nobody reviewed. */
export function foreignOnes(recordSet: RecordSet): AssessedRecord[] {
  return recordSet.assessed.filter((one) => one.isActive && one.excerpt.type !== 'session' && one.trust === 'foreign');
}
