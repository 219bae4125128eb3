// Attempts that were taken back, with the reason for it: neither the tree nor the log tells why. Shared.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { isRestoring } from './edited-lines.ts';
import { keepLines, keptLines, leave } from './kept-text.ts';
import { ownWords } from './own-words.ts';
import { makeDraft } from './drafts.ts';
import { nextTry, otherWay, pending, reason, staying } from './words/language.ts';
import type { Timeline } from './session-order.ts';
import { makeTitle } from './titles.ts';

/** What is tried next, or to be done, is no dead end. */
const isToCome = (sentence: string): boolean => pending.test(sentence) || nextTry.test(sentence);
const isReason = (sentence: string): boolean => reason.test(sentence);
/** What stands beside the attempt is no dead end. */
const isNotLeft = (sentence: string): boolean => !staying.test(sentence);

/** Attempts that were taken back, with the reason that the agent gives at the end of the turn, else the user's. */
export function deadEndsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) => {
    if (!isTakenBack(turn, session)) return [];
    const lines = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line) =>
      line.kind === 'blank' ? [line] : leave(line, isToCome),
    );
    const kept = keepLines(lines, isReason) ?? keepLines(lines, isNotLeft);
    if (kept !== undefined)
      return [
        makeDraft('takenBack', turn, 'dead-end', kept.title.title, {
          body: kept.body.split('\n\n')[0]!,
          concepts: ['trade-off'],
        }),
      ];
    const said = ownWords(turn.prompt).find((sentence) => otherWay.test(sentence));
    const title = said === undefined ? undefined : makeTitle(said, true);
    if (title === undefined) return [];
    return [makeDraft('takenBack', turn, 'dead-end', title.title, { description: title.rest, evidence: 'user' })];
  });
}

/** The turn put back what it or an earlier one did, and did nothing else that stands. */
function isTakenBack({ steps }: Turn, session: PreparedSession): boolean {
  const back = steps.flatMap((step) => (step.kind === 'ran' ? (step.putBack ?? []) : []));
  const edits = steps.filter((step) => step.kind === 'edit');
  if (steps.some(({ kind }) => kind === 'commit')) return false;
  if (edits.length > 0 && edits.every((edit) => isRestoring(edit, session))) return true;
  return back.length > 0 && edits.every(({ path }) => back.includes(path));
}
