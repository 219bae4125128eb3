// openMemory(): the value that every surface starts from. It reads the settings and what git says, once; it decides nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { once } from '../domain/once.ts';
import { absentMemories, findAbsentMemory } from '../git/state/absent-memory.ts';
import { isFileReviewed, judgeFile } from '../git/state/judge-trust.ts';
import { readLedger, type Ledger } from '../git/state/ledger.ts';
import {
  emptySnapshotOf,
  startLook,
  takeSnapshot,
  type Snapshot,
  type SnapshotOptions,
} from '../git/state/snapshot.ts';
import { loadSettings, type LoadedSettings, loadUserSettings, type Settings } from '../settings/settings.ts';
import { userSettingsFile } from '../settings/user-folder.ts';
import { blobId } from '../store/blob.ts';
import { findMemory, findWorktree, startFolders, memoryDirName, settingsName } from '../store/locate.ts';

/** `problems`: what is wrong in the settings files; said by doctor and status, never fatal. */
export interface Memory extends LoadedSettings {
  env: Env;
  paths: MemoryPaths;
  /** The project's settings are obeyed: reviewed, or written on this machine. */
  projectIsTrusted: boolean;
  snapshot: Snapshot;
  /** Instead of git's answer where git was not asked: every file stands for itself, by its bytes. */
  emptySnapshot?: Snapshot;
  ledger: Ledger;
  /** The same memory with what git and the ledger say from now on: for work that goes on while others write. */
  reread(): Memory;
}

/** What of a memory does not come from git and the ledger. */
type Base = Omit<Memory, 'snapshot' | 'ledger' | 'reread'>;

/** What is known of a repository without asking git. */
export interface Basis extends Pick<Memory, 'projectIsTrusted'>, Pick<Snapshot, 'objectFormat' | 'defaultRef'> {}

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

/** The memory around the working directory; throws as findMemoryHere. `look`: one that was begun already. Git works while we read. */
export async function openMemory(env: Env, paths = findMemoryHere(env), look = startLook(paths)): Promise<Memory> {
  const ledger = readLedger(paths);
  const { settings } = await loadUserSettings(env);
  const snapshot = await look.finish({ ledger, ...trustOptions(settings, env) });
  const base = await loadBase(env, paths, isProjectTrusted(paths, snapshot, ledger));
  return { ...base, snapshot, ledger, reread: () => readLazily(base) };
}

/** A memory whose git snapshot and ledger are read on first use. `maxAgeMs`: the snapshot is taken again after this long. */
export async function lazyMemory(env: Env, paths: MemoryPaths, basis: Basis, maxAgeMs?: number): Promise<Memory> {
  const { projectIsTrusted, objectFormat, defaultRef } = basis;
  const emptySnapshot = { ...emptySnapshotOf(paths, objectFormat), ...(defaultRef && { defaultRef }) };
  return readLazily({ ...(await loadBase(env, paths, projectIsTrusted)), emptySnapshot }, maxAgeMs);
}

export function basisOf(memory: Memory): Basis {
  const { objectFormat, defaultRef } = memory.emptySnapshot ?? memory.snapshot;
  return { projectIsTrusted: memory.projectIsTrusted, objectFormat, ...(defaultRef && { defaultRef }) };
}

async function loadBase(env: Env, paths: MemoryPaths, projectIsTrusted: boolean): Promise<Base> {
  const userFile = userSettingsFile(env);
  const projectFile = join(paths.memoryDir, settingsName);
  const loaded = await loadSettings({ userFile, projectFile, vars: env.vars, projectIsTrusted });
  return { env, paths, projectIsTrusted, ...loaded };
}

function readLazily(base: Base, maxAgeMs = Number.POSITIVE_INFINITY): Memory {
  const { env, paths, settings } = base;
  const ledger = once(() => readLedger(paths));
  let taken: { snapshot: Snapshot; at: number } | undefined;
  return {
    ...base,
    get snapshot() {
      const at = env.now().getTime();
      if (taken === undefined || at - taken.at > maxAgeMs)
        taken = { snapshot: takeSnapshot(paths, { ledger: ledger(), ...trustOptions(settings, env) }), at };
      return taken.snapshot;
    },
    get ledger() {
      return ledger();
    },
    reread: () => readLazily(base, maxAgeMs),
  };
}

/** What of the settings and the moment a snapshot is judged by. */
function trustOptions({ trust: { defaultBranch, remotes } }: Pick<Settings, 'trust'>, env: Env): SnapshotOptions {
  return { ...(defaultBranch && { defaultBranch }), remotes, at: env.now().toISOString() };
}

function isProjectTrusted({ memoryDir }: MemoryPaths, snapshot: Snapshot, ledger: Ledger): boolean {
  try {
    const bytes = readFileSync(join(memoryDir, settingsName));
    return isFileTrusted({ snapshot, ledger }, `${memoryDirName}/${settingsName}`, bytes);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Whether a file of settings or a mode is obeyed: reviewed, or written on this machine. `path`: from the folder that holds `.claude-mem`. */
export function isFileTrusted(
  { snapshot, ledger }: Pick<Memory, 'snapshot' | 'ledger'>,
  path: string,
  bytes: Uint8Array,
): boolean {
  const blob = blobId(bytes, snapshot.objectFormat);
  return isFileReviewed(snapshot, path, blob) || judgeFile(path, blob, snapshot, ledger) !== 'foreign';
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
