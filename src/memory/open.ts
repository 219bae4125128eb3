// openMemory(): the value that every surface starts from. It reads the settings and what git says, once; it decides nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { readLedger, type Ledger } from '../git/state/ledger.ts';
import {
  startLook,
  takeSnapshot,
  withEveryFile,
  type Look,
  type Snapshot,
  type SnapshotOptions,
} from '../git/state/snapshot.ts';
import { isFileReviewed, judgeFile } from '../git/state/judge-trust.ts';
import { loadSettings, type LoadedSettings, type Settings } from '../settings/settings.ts';
import { userFolder } from '../settings/user-folder.ts';
import { readTable } from '../index/cache.ts';
import { inspectFiles, type Inspection } from '../index/refresh.ts';
import { guessFormat } from '../git/run/object-format.ts';
import { blobId } from '../store/blob.ts';
import { findMemory, findWorktree, startFolders, memoryDirName, settingsName } from '../store/locate.ts';

export interface Memory {
  env: Env;
  paths: MemoryPaths;
  settings: Settings;
  /** What is wrong in the settings files: said by doctor and status, never fatal. */
  problems: readonly Problem[];
  sources: LoadedSettings['sources'];
  /** The project's settings are obeyed: reviewed, or written on this machine. */
  projectIsTrusted: boolean;
  snapshot: Snapshot;
  /** The same with every tracked file of the working tree: what freshness is judged from. Taken when it is first asked for. */
  fullSnapshot(): Snapshot;
  /** Instead of git's answer where git was not asked: every file stands for itself, by its bytes. */
  emptySnapshot?: Snapshot;
  ledger: Ledger;
  /** What a look at the record files said; for one reading of the records, right away. */
  inspection?: Inspection;
  /** The same memory with what git and the ledger say at this moment: for work that goes on while others write. */
  reread(): Memory;
}

export interface OpenOptions {
  /** Take the full snapshot at once: one reading instead of two where freshness is wanted for certain. */
  withFiles?: boolean;
  /** The record files are looked at while git works: for those that read the records next, write nothing before and search nothing. */
  withStore?: boolean;
  /** Such a look that was taken already. */
  inspection?: Inspection;
  /** A look that was taken already: the rest is asked of git, not all again. */
  look?: Look;
}

type Seen = Pick<Memory, 'snapshot' | 'fullSnapshot' | 'ledger'>;

/** Where the memory around the working directory lives; throws RepomemError `no-memory` with what to do. */
export function findMemoryHere(env: Env): MemoryPaths {
  const paths = findMemory(startFolders(env.cwd, env.vars), env.home);
  if (paths) return paths;
  const top = findWorktree(env.cwd || '/', env.home);
  const absent = top === undefined ? undefined : findAbsentMemory(top);
  if (absent !== undefined)
    throw new RepomemError('no-memory', `${top}: ${absentMemories[absent].what}`, {
      hint: absentMemories[absent].cure,
    });
  throw new RepomemError('no-memory', `${top ?? (env.cwd || 'the working directory')}: there is no memory here`, {
    hint: top ? 'repomem init gives this repository one' : 'go to a repository, then: repomem init',
  });
}

/** The memory around the working directory; throws as placeHere. */
export async function openMemory(env: Env, paths = findMemoryHere(env), options: OpenOptions = {}): Promise<Memory> {
  const { withFiles = false } = options;
  // Git works while we read.
  const look = options.look ?? startLook(paths, withFiles ? 'everything' : 'memory');
  const ledger = readLedger(paths);
  const userFile = join(userFolder(env), settingsName);
  const base = await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
  const wish = (): SnapshotOptions => trustOptions(base.settings, env.now());
  const asSeen = (known: Ledger, snapshot: Snapshot, hasFiles: boolean): Seen => {
    let full = hasFiles ? snapshot : undefined;
    return { snapshot, ledger: known, fullSnapshot: () => (full ??= withEveryFile(paths, snapshot)) };
  };
  const inspection =
    options.inspection ??
    (options.withStore === true ? inspectFiles(paths, guessFormat(paths), readTable(paths)) : undefined);
  const seen = asSeen(ledger, await look.finish({ ledger, withFiles, ...wish() }), withFiles);
  const { snapshot } = seen;
  const projectFile = join(paths.memoryDir, settingsName);
  const projectIsTrusted = isProjectTrusted(projectFile, snapshot, ledger);
  const loaded = await loadSettings({ userFile, projectFile, vars: env.vars, projectIsTrusted });
  const memory = { env, paths, projectIsTrusted, ...loaded, ...seen };
  const reread = (): Memory => {
    const known = readLedger(paths);
    return { ...memory, ...asSeen(known, takeSnapshot(paths, { ledger: known, ...wish() }), false), reread };
  };
  return { ...memory, ...(inspection && { inspection }), reread };
}

/** What of the settings and the moment a snapshot is judged by. */
export function trustOptions(
  { trust: { defaultBranch, remotes } }: Pick<Settings, 'trust'>,
  now: Date,
): Pick<SnapshotOptions, 'defaultBranch' | 'remotes' | 'at'> {
  return { ...(defaultBranch && { defaultBranch }), remotes, at: now.toISOString() };
}

function isProjectTrusted(file: string, snapshot: Snapshot, ledger: Ledger): boolean {
  try {
    const blob = blobId(readFileSync(file), snapshot.objectFormat);
    const path = `${memoryDirName}/${settingsName}`;
    return isFileReviewed(snapshot, path, blob) || judgeFile(path, blob, snapshot, ledger) !== 'foreign';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Throws RepomemError `no-repository`, or `git` with what git said. */
export function requireRepository({ paths, snapshot }: Pick<Memory, 'paths' | 'snapshot'>): void {
  if (snapshot.isRepository) return;
  if (snapshot.problem === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`, {
      hint: 'git init makes one; without git there is nothing to stage, compare or explain',
    });
  throw new RepomemError('git', `git refuses this repository: ${snapshot.problem}`);
}
