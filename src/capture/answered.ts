// Answers a hook only once if it is delivered twice (plugin plus settings, two hosts): an atomic marker per session, event and source.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { fileNameOf } from './file-name.ts';

/** Two deliveries of the same event come within moments; a later one is a new event. */
const windowMs = 3_000;

/** True for the first caller within the window. If no marker can be written (read-only disk), every caller may answer. */
export function claimAnswer(paths: MemoryPaths, session: string, event: string, now: Date): boolean {
  const folder = join(paths.privateDir, 'answered');
  const name = fileNameOf(session, event);
  const bucket = Math.floor(now.getTime() / windowMs);
  try {
    if (existsSync(join(folder, `${name}-${bucket - 1}`))) return false;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, `${name}-${bucket}`), '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    return codeOf(error) !== 'EEXIST';
  }
  return true;
}
