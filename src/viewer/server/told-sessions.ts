import { join } from 'node:path';
import { toldFile, type Telling } from '../../capture/session-marks.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn, readJsonLines } from '../../store/lenient-files.ts';

interface ToldSession {
  /** The folder's name: the session's id as a file name. */
  session: string;
  /** Oldest first. */
  lines: Telling[];
}

/** Logs of all sessions whose marks still exist; incomplete lines are skipped. */
export function readTold(paths: MemoryPaths): ToldSession[] {
  const folder = join(paths.privateDir, 'told');
  return namesIn(folder)
    .map((session) => ({ session, lines: readJsonLines(join(folder, session, toldFile)).filter(isTelling) }))
    .filter(({ lines }) => lines.length > 0);
}

function isTelling(value: unknown): value is Telling {
  if (typeof value !== 'object' || value === null) return false;
  const { at, moment, ids, tokens } = value as Partial<Telling>;
  return typeof at === 'string' && typeof moment === 'string' && typeof tokens === 'number' && Array.isArray(ids);
}
