// The spool: one file per event, written in `tmp/` and renamed into `new/`. bin/repomem-capture.sh cannot rename without another
// process: it marks a complete event with special white space at its end, and the reader of the spool renames it.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { namesIn, readTextOrEmpty, takeText } from '../store/lenient-files.ts';

export interface SpoolFile {
  name: string;
  /** Absolute. */
  path: string;
  bytes: number;
  /** When the event arrived. */
  mtimeMs: number;
}

/** Above either limit, new events are only counted in `dropped` until the spool is drained. */
const spoolCap = { files: 20_000, bytes: 256 * 1024 * 1024 };

/** Age after which a file in `tmp/` counts as left by a crashed writer. */
const abandonedAfterMs = 60 * 60 * 1000;

const waiting = (paths: SpoolPaths): string => join(paths.spoolDir, 'new');
const writing = (paths: SpoolPaths): string => join(paths.spoolDir, 'tmp');

type SpoolPaths = Pick<MemoryPaths, 'spoolDir'>;

/**
 * Stores one payload; returns its absolute path, or undefined when the spool is full (the event is counted). Throws Node's errors if
 * the folder cannot be written.
 */
export function putSpool(paths: SpoolPaths, payload: string | Uint8Array, suffix = '.json'): string | undefined {
  if (existsSync(join(paths.spoolDir, 'full'))) {
    writeFileSync(join(paths.spoolDir, 'dropped'), '.', { flag: 'a', mode: 0o600 });
    return undefined;
  }
  mkdirSync(writing(paths), { recursive: true, mode: 0o700 });
  mkdirSync(waiting(paths), { recursive: true, mode: 0o700 });
  // The kernel's UUID, as in the shell script: saves Node loading a library.
  const name = (readTextOrEmpty('/proc/sys/kernel/random/uuid').trim() || randomUUID()) + suffix;
  const temporary = join(writing(paths), name);
  const path = join(waiting(paths), name);
  try {
    writeFileSync(temporary, payload, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return path;
}

/** The host in an event's file name (`ID.HOST.json`); '' without one. */
export function hostOf({ name }: Pick<SpoolFile, 'name'>): string {
  return /^[\w-]+\.([a-z][a-z-]*)(?:\.start)?\.json$/.exec(name)?.[1]?.replace(/^start$/, '') ?? '';
}

/** Marks the end of a complete event in `tmp/`. JSON ignores it, so it is not removed. bin/repomem-capture.sh writes the same bytes. */
const endMark = Buffer.from('\t\r \n');

/**
 * Waiting events, oldest first, equal times by name. Renames complete events from `tmp/` into `new/` first; those that cannot be renamed
 * stay. Safe to run concurrently: a missing folder counts as empty; files that disappear meanwhile are left out.
 */
export function listSpool(paths: SpoolPaths): SpoolFile[] {
  const folder = waiting(paths);
  for (const file of beingWritten(paths).filter(isWhole)) attempt(() => renameSync(file.path, join(folder, file.name)));
  return spoolFiles(folder, namesIn(folder));
}

function beingWritten(paths: SpoolPaths): SpoolFile[] {
  return spoolFiles(writing(paths), namesIn(writing(paths)));
}

function isWhole({ path }: SpoolFile): boolean {
  return attempt(() => readFileSync(path).subarray(-endMark.length).equals(endMark)) === true;
}

/** These files of a folder, oldest first; names that begin with a dot are no events. */
export function spoolFiles(folder: string, names: readonly string[]): SpoolFile[] {
  return names
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = name.startsWith('.') ? undefined : statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [{ name, path, bytes: stat.size, mtimeMs: stat.mtimeMs }] : [];
    })
    .sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1));
}

/** Marks the spool as full, or removes the mark, by the number of waiting events. Returns whether it is full. */
export function capSpool(paths: SpoolPaths, cap: { files: number; bytes: number } = spoolCap): boolean {
  const files = listSpool(paths);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const isFull = files.length >= cap.files || bytes >= cap.bytes;
  const mark = join(paths.spoolDir, 'full');
  if (isFull) writeFileSync(mark, '', { mode: 0o600 });
  else rmSync(mark, { force: true });
  return isFull;
}

/** Number of events dropped because the spool was full. */
export function countDropped(paths: SpoolPaths): number {
  return statSync(join(paths.spoolDir, 'dropped'), { throwIfNoEntry: false })?.size ?? 0;
}

/** Returns the count and resets it. */
export function takeDropped(paths: SpoolPaths): number {
  return takeText(join(paths.spoolDir, 'dropped')).length;
}

/** Removes incomplete events of crashed writers; returns their number. */
export function sweepSpool(paths: SpoolPaths, now: number): number {
  const abandoned = beingWritten(paths).filter((file) => now - file.mtimeMs > abandonedAfterMs && !isWhole(file));
  for (const file of abandoned) rmSync(file.path, { force: true });
  return abandoned.length;
}

/** Spools of removed linked worktrees, as MemoryPaths, so that they can be drained like this one. */
export function orphanSpools(paths: MemoryPaths): MemoryPaths[] {
  const { commonDir } = paths;
  if (commonDir === undefined) return [];
  const spools = dirname(paths.spoolDir);
  return namesIn(spools)
    .filter((key) => key.startsWith('wt-') && key !== basename(paths.spoolDir))
    .filter((key) => isRemoved(join(commonDir, 'worktrees', key.slice(3))))
    .map((key) => ({ ...paths, worktreeKey: key, spoolDir: join(spools, key) }));
}

/** Removed with git, or its folder deleted; a locked one may be on a disk that comes back. */
function isRemoved(adminDir: string): boolean {
  if (!existsSync(adminDir)) return true;
  if (existsSync(join(adminDir, 'locked'))) return false;
  const top = readTextOrEmpty(join(adminDir, 'gitdir')).trim();
  return top !== '' && !existsSync(resolve(adminDir, top));
}
