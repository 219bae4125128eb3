// What a session has already received: the context block, and which records. One small folder per session.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, makeMark, readTextOrEmpty } from '../store/lenient-files.ts';
import { fileNameOf } from './file-name.ts';

/** A file in the session's folder. */
export function sessionFile(paths: MemoryPaths, session: string, name: string): string {
  return join(paths.privateDir, 'told', fileNameOf(session), name);
}

/** True when this call made the mark, false when it existed. Never throws; false if it cannot be written. */
export function markOnce(paths: MemoryPaths, session: string, mark: string): boolean {
  return makeMark(sessionFile(paths, session, mark));
}

export function hasMark(paths: MemoryPaths, session: string, mark: string): boolean {
  return existsSync(sessionFile(paths, session, mark));
}

export function clearMark(paths: MemoryPaths, session: string, mark: string): void {
  rmSync(sessionFile(paths, session, mark), { force: true });
}

/** Ids (or `file PATH`) that this session has been shown. */
export function readSeen(paths: MemoryPaths, session: string): Set<string> {
  return new Set(
    readTextOrEmpty(sessionFile(paths, session, 'seen'))
      .split('\n')
      .filter(Boolean),
  );
}

/** Never throws: telling the session twice is harmless. */
export function addSeen(paths: MemoryPaths, session: string, keys: readonly string[]): void {
  if (keys.length > 0) appendPrivate(sessionFile(paths, session, 'seen'), keys.map((key) => `${key}\n`).join(''));
}
