// Size-limited log files of background errors; `repomem doctor` reads them.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { showControls } from '../privacy/invisible.ts';

const maxBytes = 256 * 1024;
const lineMaxChars = 2000;

function logFile(paths: MemoryPaths, name: string): string {
  return join(paths.privateDir, 'log', `${name}.log`);
}

/** Appends one line `<time> <message>` to `<privateDir>/log/<name>.log`; a full log is moved to `<name>.old.log`. Never throws. */
export function appendLog(paths: MemoryPaths, name: string, now: Date, message: string): void {
  try {
    const file = logFile(paths, name);
    if (!existsSync(file)) mkdirSync(join(paths.privateDir, 'log'), { recursive: true, mode: 0o700 });
    else if (statSync(file).size > maxBytes) renameSync(file, file.replace(/\.log$/, '.old.log'));
    const line = showControls(message.replace(/\s*\n\s*/g, ' | ').slice(0, lineMaxChars));
    appendFileSync(file, `${now.toISOString()} ${line}\n`, { mode: 0o600 });
  } catch {
    // A full or read-only disk must not break a hook; doctor checks the disk itself.
  }
}

/** The newest lines of one log, oldest first; [] when there is none. */
export function readLog(paths: MemoryPaths, name: string, maxLines: number): string[] {
  try {
    return readFileSync(logFile(paths, name), 'utf8').split('\n').filter(Boolean).slice(-maxLines);
  } catch {
    return [];
  }
}
