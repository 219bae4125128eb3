// The one door to the records: hooks, search, why, the MCP server and the commands all come through here.
//
// `openRecords(env, paths)` is for readers. While nothing moved it reads two cache files and neither git nor a record; the Memory that comes with it
// asks git on first use. `readRecordSet(memory)` is for writers, who have a Memory open. A long-lived process uses `liveRecords(env)`
// (live-records.ts). All three give the same value, a RecordSet: `assessed` lists the records with trust, branch and whether they are active, `byId` and `byPath` find one,
// `search(memory, recordSet, query)` (find.ts) asks a question, `readFull(memory, assessed)` (read.ts) reads a whole record.
import type { Env } from '../domain/env.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { once } from '../domain/once.ts';
import { guessFormat } from '../git/run/object-format.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { findModified, isKeepable, type Snapshot } from '../git/state/snapshot.ts';
import type { StateKey } from '../git/state/state-key.ts';
import { type CachedTable, readTable, writeTable } from '../index/cache.ts';
import { inspectFiles, refreshTable } from '../index/refresh.ts';
import type { RecordTable } from '../index/table.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched } from '../store/list-files.ts';
import { readPlainFile } from '../store/read-with.ts';
import { type Basis, basisOf, lazyMemory, openMemory, type Memory } from './open.ts';
import { makeRecordSet, type AssessedRecord, type RecordSet } from './record-set.ts';
import { isWatchedSame, settledOf, stateKeyOf, type WatchedPath, watchedOf } from './validity.ts';
import { type CachedVerdicts, readVerdicts, writeVerdicts } from './verdict-cache.ts';
import { judgeAll } from './verdicts.ts';

export { foreignOnes, isTellable, makeRecordSet, tellable } from './record-set.ts';
export type { AssessedRecord, RecordSet } from './record-set.ts';

export interface OpenRecords extends Looked {
  memory: Memory;
  recordSet: RecordSet;
  /** False when a file of these was edited since it was read: open with everyFile. */
  holdsFor(assessed: readonly AssessedRecord[]): boolean;
  /** Whether every record's file holds what was read, as far as git, times and sizes tell. */
  hasEveryFile(): Promise<boolean>;
  /** Caches records and verdicts; best effort. */
  save(): void;
}

/** What shows that records came or went or are judged otherwise, as it stood when they were read. */
export interface Looked {
  /** See stateKeyOf. */
  key: string;
  watched: readonly WatchedPath[];
  /** Nothing can have moved unseen meanwhile. */
  isSettled: boolean;
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
  const isKept = kept?.key === key.text && kept.watched.every(isWatchedSame);
  // Git works while the records are read.
  const modified = isKept && options.everyFile ? findModified(paths) : undefined;
  const cached = readTable(paths);
  const isOfCached = isKept && kept.records === cached?.id && kept.verdicts.length === cached.count;
  const isCurrent = isOfCached && (!modified || (await hasEveryFile(paths, cached, kept, modified)));
  if (!isCurrent) return revalidate(env, paths, { at, key }, cached, options);
  const { basis, verdicts, problems, watched } = kept;
  return {
    memory: await lazyMemory(env, paths, basis),
    recordSet: makeRecordSet({ table: cached, verdicts, problems }),
    holdsFor: (assessed) => assessed.every(({ excerpt }) => isAsRead(paths, excerpt, basis)),
    hasEveryFile: () => hasEveryFile(paths, cached, kept),
    key: key.text,
    watched,
    isSettled: true,
    save: () => {},
  };
}

/** Git tells of the files that it holds, beside us and in half the time; the others are looked at, or all where git fails. */
async function hasEveryFile(
  paths: MemoryPaths,
  table: RecordTable,
  { unvouched }: Pick<CachedVerdicts, 'unvouched'>,
  modified = findModified(paths),
): Promise<boolean> {
  const [path, mtimeMs, bytes] = [table.column('path'), table.column('mtimeMs'), table.column('bytes')];
  const isSame = (row: number): boolean => isUntouched(absolutePath(paths, path[row]!), mtimeMs[row]!, bytes[row]!);
  const told = await modified;
  if (told === undefined) return [...path.keys()].every(isSame);
  const rows = told.map((one) => path.indexOf(one)).filter((row) => row !== -1);
  return rows.every((row) => unvouched.includes(row)) && unvouched.every(isSame);
}

/** By size and time, or by its bytes: what git vouched for may have another time. */
function isAsRead(paths: MemoryPaths, excerpt: Excerpt, { objectFormat }: Basis): boolean {
  const absolute = absolutePath(paths, excerpt.path);
  if (isUntouched(absolute, excerpt.mtimeMs, excerpt.bytes)) return true;
  const read = readPlainFile({ ...excerpt, absolute }, objectFormat);
  return read !== undefined && 'blob' in read && read.blob === excerpt.blob;
}

/** Reads what moved and judges all records by git's state of now. `at`: when the look began, in milliseconds; `key`: git's state of then. */
async function revalidate(
  env: Env,
  paths: MemoryPaths,
  { at, key }: { at: number; key: StateKey },
  cached: CachedTable | undefined,
  { isBackground = false }: OpenOptions,
): Promise<OpenRecords> {
  const { wordsOfRecord } = await import('../index/record-words.ts');
  // Git works while we look.
  const asked = openMemory(env, paths, { withFiles: true });
  const inspection = inspectFiles(paths, guessFormat(paths), cached, undefined, wordsOfRecord);
  const memory = await asked;
  const { snapshot, ledger } = memory;
  const blobOf = cleanBlobIn(snapshot);
  const { table, problems, moved } = await refreshTable(inspection, blobOf);
  const verdicts = judgeAll(table, snapshot, ledger);
  const [path, blob] = [table.column('path'), table.column('blob')];
  const unvouched = once(() => [...path.keys()].filter((row) => blobOf(path[row]!) !== blob[row]));
  const watched = watchedOf(paths, path, problems, inspection.listed.emptyFolders);
  const settledMs = Math.max(key.settledMs, settledOf(watched, table.column('mtimeMs')));
  const isSettled = settledMs <= at && isKeepable(snapshot);
  const save = (): void => {
    if (!isKeepable(snapshot)) return;
    const isKept = cached !== undefined && !isBackground && !isWorthWriting(moved, table.count);
    const records = table === cached ? cached.id : isKept ? undefined : writeTable(paths, table, at);
    if (records === undefined || !isSettled) return;
    const basis = basisOf(memory);
    writeVerdicts(paths, { records, key: key.text, watched, basis, problems, verdicts, unvouched: unvouched() });
  };
  return {
    memory,
    recordSet: makeRecordSet({ table, verdicts, problems }),
    holdsFor: () => true,
    hasEveryFile: () => hasEveryFile(paths, table, { unvouched: unvouched() }),
    key: key.text,
    watched,
    isSettled,
    save,
  };
}

/** An overlay of so few rows costs less than writing the cache, which takes time in proportion to all records. */
const maxOverlayRows = 200;
const maxOverlayShare = 0.05;

function isWorthWriting(moved: number, count: number): boolean {
  return moved > maxOverlayRows || moved > count * maxOverlayShare;
}

/** The records of a memory that was opened a moment ago. */
export async function readRecordSet(memory: Memory): Promise<RecordSet> {
  const { paths, snapshot, ledger } = memory;
  let { inspection } = memory;
  if (inspection === undefined) {
    const { wordsOfRecord } = await import('../index/record-words.ts');
    inspection = inspectFiles(paths, snapshot.objectFormat, readTable(paths), undefined, wordsOfRecord);
  }
  const { table, problems } = await refreshTable(inspection, cleanBlobIn(snapshot));
  return makeRecordSet({ table, verdicts: judgeAll(table, snapshot, ledger), problems });
}

/** Of a path as in Excerpt, the blob of a tracked file whose bytes git just found unchanged. */
function cleanBlobIn(snapshot: Snapshot): (path: string) => string | undefined {
  return (path) => {
    const tracked = repositoryPath({ path }, snapshot);
    return snapshot.edited.has(tracked) || snapshot.unwatched?.has(tracked) ? undefined : snapshot.index.get(tracked);
  };
}
