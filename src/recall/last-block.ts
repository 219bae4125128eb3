// The last session start's block, kept with everything that it was made from: where nothing moved, the next start says the same bytes
// without reading a record. Derived and disposable; what cannot be vouched for is never kept.
import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { Env } from '../domain/env.ts';
import { offsetOf } from '../domain/local-time.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { startRecent } from '../git/state/read-working-set.ts';
import { isAmong, isKeepable, type Look, memoryPrefixOf, startLook } from '../git/state/snapshot.ts';
import { makeKey } from '../git/state/state-key.ts';
import { parseStatus } from '../git/state/tracked-files.ts';
import { hasTable } from '../index/cache.ts';
import { refreshTable, type Refreshed } from '../index/refresh.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';
import { type ListedFiles, listRecordFiles } from '../store/list-files.ts';
import type { Block } from './block.ts';
import type { Memory } from '../memory/open.ts';
import type { RecordSet } from '../memory/records.ts';
import { stateKeyOf } from '../memory/validity.ts';

export interface StartInspection {
  look: Look;
  listed: ListedFiles;
  /** Where there was no cache, the records were read while git worked. */
  refreshed?: Refreshed;
  /** Asked for with it, see startRecent. */
  recent?: string;
  /** Absent where nothing can be kept: no git, git refused, more changed files than anybody looks at. */
  key?: string;
  /** What was said the last time, when nothing moved since. */
  last?: KeptBlock;
}

/** What a start says to the model, and what the person is told of it. */
export interface KeptBlock extends Block {
  /** Setting notify.sessions. */
  isTold: boolean;
}

const maxDirty = 500;
/** Ages weigh in the order: within the hour they do not move it. */
const hourChars = 13;

/**
 * Asks git two questions and looks at names and times; opens nothing but the last block. Where no cache is, every record will be
 * wanted: they are read while git works.
 */
export async function inspectAtStart(env: Env, paths: MemoryPaths): Promise<StartInspection> {
  const isCold = !hasTable(paths) && !existsSync(fileOf(paths));
  const look = startLook(paths, isCold);
  const asked = isCold ? startRecent(paths) : undefined;
  const listed = listRecordFiles(paths);
  const refreshed = isCold ? await refreshTable(paths, { listed }) : undefined;
  const said = await look.said;
  const key = said === undefined ? undefined : keyOf(env, paths, listed, said);
  const kept = readTextOrEmpty(fileOf(paths));
  const isSame = key !== undefined && kept.startsWith(`${key}\n`);
  const last = isSame ? (JSON.parse(kept.slice(key.length + 1)) as KeptBlock) : undefined;
  return { look, listed, refreshed, recent: await asked, key, last };
}

/**
 * Keeps the block under its key. The key was made before anything was read, so that what moved meanwhile makes the next key another one;
 * where records were read before git answered, nothing is kept.
 */
export function keepBlock(
  memory: Memory,
  recordSet: RecordSet,
  { key, refreshed }: StartInspection,
  block: KeptBlock,
): void {
  if (key === undefined || refreshed !== undefined || !isVouchedFor(memory, recordSet)) return;
  const text = `${key}\n${JSON.stringify(block)}`;
  // On a read-only or full disk it is made anew the next time.
  attempt(() => writeFileAtomic(fileOf(memory.paths), text, { mode: 0o600, fsync: false }));
}

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `last-block-v3-${paths.worktreeKey}.txt`);
}

function keyOf(env: Env, paths: MemoryPaths, { files }: ListedFiles, said: string): string | undefined {
  const { dirty } = parseStatus(said);
  if (dirty.size > maxDirty) return undefined;
  const key = makeKey();
  key.add(`${said}\0${env.now().toISOString().slice(0, hourChars)} ${offsetOf(env.now())}`);
  key.add(stateKeyOf(env, paths).text);
  const top = paths.worktree ?? paths.root;
  const prefix = prefixOf(paths);
  for (const path of dirty) if (!path.endsWith('/')) key.stat(join(top, path));
  // Git vouches for the bytes of clean tracked files; the rest are looked at.
  for (const { path, absolute, tier } of files)
    if (tier === 'local' || isAmong(dirty, prefix + path)) key.stat(absolute);
    else key.add(path);
  // What commands learned of renames and commits since.
  key.stat(join(paths.privateDir, 'cache', `history-v4-${paths.worktreeKey}.json`));
  return hash('sha256', key.finish().text, 'hex');
}

/** What stands before `.claude-mem/` in git's paths. */
export function prefixOf(paths: MemoryPaths): string {
  return memoryPrefixOf(paths).slice(0, -'.claude-mem/'.length);
}

/** True when every file that the block depends on is one that the key would see changing. */
function isVouchedFor({ snapshot, paths, ledger }: Memory, recordSet: RecordSet): boolean {
  if (!snapshot.isRepository || !isKeepable(snapshot) || (snapshot.unwatched?.size ?? 0) > 0) return false;
  const prefix = prefixOf(paths);
  const folders = new Set([...snapshot.dirty].filter((path) => path.endsWith('/')));
  // Whether an uncommitted stranger's file came from another branch depends on branches that the key does not hold.
  const isWatched = (path: string, blob: string): boolean =>
    isAmong(snapshot.dirty, path) ? ledger.byBlob.has(blob) : snapshot.index.has(path);
  return recordSet.assessed.every(
    ({ excerpt: { path, tier, blob, cites } }) =>
      (tier === 'local' || isWatched(prefix + path, blob)) &&
      (folders.size === 0 || cites.every((cite) => !isAmong(folders, cite.path))),
  );
}
