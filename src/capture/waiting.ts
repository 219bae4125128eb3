// Sessions that no model was asked about yet: one small file each, written when the rules passed over the session and removed when
// a model was asked. A file's time is that of the last pass.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { fileNameOf } from './file-name.ts';

/** A session that said nothing for so long counts as ended: it was killed, or its user went away. */
export const silenceMs = 30 * 60_000;

export interface WaitingSession {
  session: string;
  /** Milliseconds since the epoch: its last pass. */
  lastMs: number;
}

const folderOf = (paths: MemoryPaths): string => join(paths.privateDir, 'waiting');
const fileOf = (paths: MemoryPaths, session: string): string => join(folderOf(paths), fileNameOf(session));

export function markWaiting(paths: MemoryPaths, session: string): void {
  mkdirSync(folderOf(paths), { recursive: true, mode: 0o700 });
  writeFileSync(fileOf(paths, session), session, { mode: 0o600 });
}

export function clearWaiting(paths: MemoryPaths, session: string): void {
  rmSync(fileOf(paths, session), { force: true });
}

/** The longest silent first. */
export function listWaiting(paths: MemoryPaths): WaitingSession[] {
  const waiting: WaitingSession[] = [];
  for (const name of namesIn(folderOf(paths))) {
    const file = join(folderOf(paths), name);
    try {
      waiting.push({ session: readFileSync(file, 'utf8'), lastMs: statSync(file).mtimeMs });
    } catch {
      // Another compressor asked about it just now.
    }
  }
  return waiting.sort((a, b) => a.lastMs - b.lastMs);
}

/** Whether a session waits that was silent long enough to count as ended. */
export function hasSilentSession(paths: MemoryPaths, nowMs: number): boolean {
  return namesIn(folderOf(paths)).some((name) => {
    const stat = statSync(join(folderOf(paths), name), { throwIfNoEntry: false });
    return stat !== undefined && nowMs - stat.mtimeMs >= silenceMs;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
