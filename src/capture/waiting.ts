// Sessions not yet processed by a model: one small file each, written when the rules have processed the session and removed after a
// model has. The file's mtime is that of the last run.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { namesIn, readTextOrEmpty } from '../store/lenient-files.ts';
import { fileNameOf } from './session-marks.ts';

/** A session without events for so long counts as ended: it was killed or left open. */
export const silenceMs = 30 * 60_000;

export interface WaitingSession {
  session: string;
  /** Milliseconds since the epoch: time of its last run. */
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

/** Sorted by last run, oldest first. */
export function listWaiting(paths: MemoryPaths): WaitingSession[] {
  const waiting = namesIn(folderOf(paths)).flatMap((name): WaitingSession[] => {
    const file = join(folderOf(paths), name);
    const lastMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    // Another compressor may just have processed it.
    return lastMs === undefined ? [] : [{ session: readTextOrEmpty(file), lastMs }];
  });
  return waiting.sort((a, b) => a.lastMs - b.lastMs);
}

/** Whether a waiting session has been silent long enough to count as ended. */
export function hasSilentSession(paths: MemoryPaths, nowMs: number): boolean {
  return listWaiting(paths).some(({ lastMs }) => nowMs - lastMs >= silenceMs);
}
