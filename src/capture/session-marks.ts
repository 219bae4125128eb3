// What a session has already received: the context block, and which records. One small folder per session.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { fileNameOf } from './file-name.ts';

const keepMs = 30 * 86_400_000;

function folderOf(paths: MemoryPaths, session: string): string {
  return join(paths.privateDir, 'told', fileNameOf(session));
}

/** True when this call made the mark, false when it existed. Never throws; false if it cannot be written. */
export function markOnce(paths: MemoryPaths, session: string, mark: string): boolean {
  try {
    const folder = folderOf(paths, session);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, mark.replace(/[^\w-]/g, '_')), '', { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

export function hasMark(paths: MemoryPaths, session: string, mark: string): boolean {
  return existsSync(join(folderOf(paths, session), mark.replace(/[^\w-]/g, '_')));
}

export function clearMark(paths: MemoryPaths, session: string, mark: string): void {
  rmSync(join(folderOf(paths, session), mark.replace(/[^\w-]/g, '_')), { force: true });
}

/** Ids (or `id path` pairs) that this session has been shown. */
export function readSeen(paths: MemoryPaths, session: string): Set<string> {
  try {
    return new Set(
      readFileSync(join(folderOf(paths, session), 'seen'), 'utf8')
        .split('\n')
        .filter(Boolean),
    );
  } catch {
    return new Set();
  }
}

export function addSeen(paths: MemoryPaths, session: string, keys: readonly string[]): void {
  if (keys.length === 0) return;
  try {
    const folder = folderOf(paths, session);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    appendFileSync(join(folder, 'seen'), keys.map((key) => `${key}\n`).join(''), { mode: 0o600 });
  } catch {
    // Telling the session twice is harmless.
  }
}

export function sweepSessionMarks(paths: MemoryPaths, now: Date): void {
  const folder = join(paths.privateDir, 'told');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat && now.getTime() - stat.mtimeMs > keepMs) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
