// Size-limited log files of background errors; `repomem doctor` reads them.
import { renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, readTextOrEmpty } from '../store/lenient-files.ts';
import { showControls } from '../privacy/invisible.ts';

const maxBytes = 256 * 1024;
const lineMaxChars = 2000;

function logFile(paths: MemoryPaths, name: string): string {
  return join(paths.privateDir, 'log', `${name}.log`);
}

/** Appends one line `<time> <message>` to `<privateDir>/log/<name>.log`; a full log is moved to `<name>.old.log`. Never throws. */
export function appendLog(paths: MemoryPaths, name: string, now: Date, message: string): void {
  const file = logFile(paths, name);
  const line = showControls(message.replace(/\s*\n\s*/g, ' | ').slice(0, lineMaxChars));
  if ((attempt(() => statSync(file))?.size ?? 0) > maxBytes)
    attempt(() => renameSync(file, file.replace(/\.log$/, '.old.log')));
  appendPrivate(file, `${now.toISOString()} ${line}\n`);
}

/** The newest lines of one log, oldest first; [] when there is none. */
export function readLog(paths: MemoryPaths, name: string, maxLines: number): string[] {
  return readTextOrEmpty(logFile(paths, name)).split('\n').filter(Boolean).slice(-maxLines);
}
