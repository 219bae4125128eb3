// Stretches of work within a session.
import type { Event } from '../../domain/event.ts';

export const endsTask = /^\s*\S+\s+(?:\w+\s+)?(?:close|done|complete|finish|resolve)\b/;

/** Where stretches of work end: after a commit, a closed task, at a prompt, at a compaction. */
export function markEpisodes(events: readonly Event[]): number[] {
  let episode = 0;
  let hasWork = false;
  return events.map((event) => {
    if ((event.kind === 'prompt' || event.kind === 'boundary') && hasWork) {
      episode++;
      hasWork = false;
    }
    const mine = episode;
    if (event.kind === 'edit') hasWork = true;
    const ends =
      (event.kind === 'command' && event.ok && (event.commit !== undefined || endsTask.test(event.command))) ||
      (event.kind === 'task' && event.status === 'completed');
    if (ends && hasWork) {
      episode++;
      hasWork = false;
    }
    return mine;
  });
}
