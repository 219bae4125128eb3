// Attempts that were taken back, with the reason that the agent gives at the end of the turn.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { keepText, makeDraft } from './kept-text.ts';
import type { Timeline } from './session-order.ts';

/** A closing of less gives no reason. */
const reasonMinChars = 60;

export function deadEndsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) => {
    const paths = takenBack(turn, session);
    if (paths.length === 0 || turn.closing.length < reasonMinChars) return [];
    const kept = keepText(turn.closing, timeline.closingAt(turn), timeline);
    if (kept === undefined) return [];
    return [
      makeDraft('dead-end', kept.title.title, {
        body: kept.body,
        concepts: ['trade-off'],
        importance: 0.85,
        confidence: 0.85,
        place: 'shared',
        turn: turn.number,
        evidence: 'command',
      }),
    ];
  });
}

/** Paths that the turn put back for good; none where it did something else that stands. */
function takenBack(turn: Turn, session: PreparedSession): string[] {
  const back = turn.steps.flatMap((step) => (step.kind === 'ran' ? (step.putBack ?? []) : []));
  const stands = (path: string): boolean =>
    !back.includes(path) && session.end.files.some((file) => file.path === path);
  if (turn.steps.some((step) => step.kind === 'commit' || (step.kind === 'edit' && stands(step.path)))) return [];
  const own = turn.steps.flatMap((step) => (step.kind === 'edit' ? [step.path] : []));
  const undone = session.end.reverted.filter((path) => own.includes(path));
  return [...back, ...undone];
}
