// Pauses of capture: time spans, of one session or of all. An event is judged by the time it arrived, not by when it is read.
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { readJson } from '../store/lenient-files.ts';

export interface Pause {
  /** Absent: every session of this repository. */
  session?: string;
  /** ISO 8601; an open pause has no end. */
  from: string;
  to?: string;
}

const keepMs = 30 * 86_400_000;

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'pauses.json');
}

/** Never throws; [] without pauses. */
export function readPauses(paths: MemoryPaths): Pause[] {
  const value = readJson(fileOf(paths));
  return Array.isArray(value) ? value.filter((one: Pause | null) => typeof one?.from === 'string') : [];
}

/** Opens or closes a pause; drops pauses that ended over a month ago. Returns whether anything changed. */
export function setPause(paths: MemoryPaths, session: string | undefined, isPaused: boolean, now: Date): boolean {
  const at = now.toISOString();
  const pauses = readPauses(paths).filter(({ to }) => to === undefined || now.getTime() - Date.parse(to) < keepMs);
  const ends = (pause: Pause): boolean => session === undefined || pause.session === undefined;
  const open = pauses.filter((pause) => !pause.to && (pause.session === session || (!isPaused && ends(pause))));
  if (isPaused === open.length > 0) return false;
  if (isPaused) pauses.push({ ...(session !== undefined && { session }), from: at });
  for (const pause of open) pause.to = at;
  writeFileAtomic(fileOf(paths), JSON.stringify(pauses), { mode: 0o600, dirMode: 0o700 });
  return true;
}

/** Pure: whether the session was paused at that moment (ISO 8601). */
export function isPausedAt(pauses: readonly Pause[], session: string, at: string): boolean {
  return pauses.some(
    (pause) =>
      (pause.session === undefined || pause.session === session) &&
      pause.from <= at &&
      (pause.to === undefined || at <= pause.to),
  );
}
