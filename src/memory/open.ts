// openMemory(): the value that every surface starts from. It reads the settings and what git says, once; it decides nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { Place } from '../domain/place.ts';
import type { Problem } from '../domain/record.ts';
import { readLedger, type Ledger } from '../git/ledger.ts';
import { takeSnapshot, type Snapshot } from '../git/snapshot.ts';
import { isFileReviewed, judgeFile } from '../git/trust.ts';
import { loadSettings, type LoadedSettings, type Settings } from '../settings.ts';
import { blobId } from '../store/blob.ts';
import { findPlace, findWorktree, startFolders, memoryDirName, settingsName } from '../store/place.ts';

export interface Memory {
  env: Env;
  place: Place;
  settings: Settings;
  /** What is wrong in the settings files: said by doctor and status, never fatal. */
  problems: readonly Problem[];
  sources: LoadedSettings['sources'];
  snapshot: Snapshot;
  /** The same with every tracked file of the working tree: what freshness is judged from. Taken when it is first asked for. */
  fullSnapshot(): Snapshot;
  ledger: Ledger;
  /** The same memory with what git and the ledger say at this moment: for work that goes on while others write. */
  reread(): Memory;
}

export interface OpenOptions {
  /** Take the full snapshot at once: one reading instead of two where freshness is wanted for certain. */
  withFiles?: boolean;
}

/** `$XDG_CONFIG_HOME/repomem`, the user's own folder. */
export function userFolder(env: Env): string {
  return join(env.vars['XDG_CONFIG_HOME'] || join(env.home, '.config'), 'repomem');
}

/** The memory around the working directory; throws RepomemError `no-memory` with what to do. */
export async function openMemory(
  env: Env,
  place = findPlace(startFolders(env.cwd, env.vars), env.home),
  options: OpenOptions = {},
): Promise<Memory> {
  if (!place) {
    const top = findWorktree(env.cwd || '/', env.home);
    throw new RepomemError('no-memory', `${top ?? (env.cwd || 'the working directory')}: there is no memory here`, {
      hint: top ? 'repomem init gives this repository one' : 'go to a repository, then: repomem init',
    });
  }
  const ledger = readLedger(place);
  const userFile = join(userFolder(env), settingsName);
  const base = await loadSettings({ userFile, vars: env.vars, projectIsTrusted: false });
  const look = (known: Ledger, hasFiles: boolean): Pick<Memory, 'snapshot' | 'fullSnapshot' | 'ledger'> => {
    const { defaultBranch } = base.settings.trust;
    const take = (withFiles: boolean): Snapshot =>
      takeSnapshot(place, { ledger: known, withFiles, ...(defaultBranch && { defaultBranch }) });
    const snapshot = take(hasFiles);
    let full = hasFiles ? snapshot : undefined;
    return { snapshot, ledger: known, fullSnapshot: () => (full ??= take(true)) };
  };
  const seen = look(ledger, options.withFiles === true);
  const { snapshot } = seen;
  const projectFile = join(place.memoryDir, settingsName);
  const projectIsTrusted = isProjectTrusted(projectFile, snapshot, ledger);
  const loaded = await loadSettings({ userFile, projectFile, vars: env.vars, projectIsTrusted });
  const memory = { env, place, ...loaded, ...seen };
  const reread = (): Memory => ({ ...memory, ...look(readLedger(place), false), reread });
  return { ...memory, reread };
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
