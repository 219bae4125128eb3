// Attempts that were taken back, with the reason that the agent gives at the end of the turn.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { isRestoring } from './edited-lines.ts';
import { keepText, makeDraft } from './kept-text.ts';
import type { Timeline } from './session-order.ts';

/** A closing of less gives no reason. */
const reasonMinChars = 60;

export function deadEndsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) => {
    if (turn.closing.length < reasonMinChars || !isTakenBack(turn, session)) return [];
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

/** The turn put back what it or an earlier one did, and did nothing else that stands. */
function isTakenBack({ steps }: Turn, session: PreparedSession): boolean {
  const back = steps.flatMap((step) => (step.kind === 'ran' ? (step.putBack ?? []) : []));
  const edits = steps.filter((step) => step.kind === 'edit');
  if (steps.some(({ kind }) => kind === 'commit')) return false;
  if (edits.length > 0 && edits.every((edit) => isRestoring(edit, session))) return true;
  const stands = (path: string): boolean =>
    !back.includes(path) && session.end.files.some((file) => file.path === path);
  if (edits.some(({ path }) => stands(path))) return false;
  return back.length > 0 || edits.some(({ path }) => session.end.reverted.includes(path));
}
