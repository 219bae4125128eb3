// Turns that the user took back: the host writes the new branch after the old one, into the same transcript.
import type { Event } from '../../domain/event.ts';

/**
 * Events without the turns that were taken back. Of two prompts that follow the same message, everything from the earlier one up
 * to the later one is gone; one that follows none begins anew, unless the host compacted what was before.
 */
export function dropTakenBack(events: readonly Event[]): Event[] {
  let kept: Event[] = [];
  for (const event of events) {
    const follows = event.kind === 'prompt' ? event.follows : undefined;
    if (follows !== undefined) {
      const first = kept.findIndex((earlier) => isBranch(earlier, follows));
      if (first >= 0) kept = kept.slice(0, first);
    }
    if (event.kind === 'summary') kept = kept.map(forgetRoot);
    kept.push(event);
  }
  return kept;
}

function isBranch(event: Event, follows: string): boolean {
  return event.kind === 'prompt' && (event.follows === follows || (follows === '' && event.follows === undefined));
}

/** What a compaction closed is not what a later beginning takes back. */
function forgetRoot(event: Event): Event {
  return event.kind === 'prompt' ? { ...event, follows: 'compacted' } : event;
}
