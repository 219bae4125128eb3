// Counts sessions that no model has processed.
import { listSpool } from '../capture/spool.ts';
import { listWaiting } from '../capture/waiting.ts';
import type { Memory } from '../memory/open.ts';
import { readTextOrEmpty } from '../store/lenient-files.ts';

/** Number of the spool's newest events to read; a session has many. */
const filesMax = 2_000;
/** The session's id is at the beginning of a payload. */
const headChars = 2_048;

/** Sessions processed by rules only; with `manual`, also those with events in the spool. */
export function countWaitingSessions({ paths, settings }: Pick<Memory, 'paths' | 'settings'>): number {
  const sessions = new Set(listWaiting(paths).map(({ session }) => session));
  if (settings.learn.when === 'manual')
    for (const { path } of listSpool(paths).slice(-filesMax)) {
      const session = /"session_id"\s*:\s*"([^"]+)"/.exec(readTextOrEmpty(path).slice(0, headChars))?.[1];
      if (session !== undefined) sessions.add(session);
    }
  return sessions.size;
}
