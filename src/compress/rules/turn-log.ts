// What a session said and did turn by turn, as far as it still holds at its end: closing texts, and commits on the way to which something
// was said. Local.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { Committed, PreparedSession, Turn } from '../session/prepared-session.ts';
import { addClosing, closingLines, isSentBack, isTalk, type TurnLog } from './closings.ts';
import { commitText, readSubject } from './commit-messages.ts';
import { hasDeed } from './edited-lines.ts';
import { bodyMaxChars, cutText, keptLines } from './kept-text.ts';
import { holds, makeDraft } from './drafts.ts';
import { remarksOn } from './remarks.ts';
import type { Timeline } from './session-order.ts';
import { changedIn, editedIn, failedLater, retriedIn } from './work.ts';

/** What was said on the way to one commit or closing. */
const remarksMax = 8;

/** `told` are the drafts made so far: what one of them holds is not told again. */
export function logOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): TurnLog[] {
  return session.turns.map((turn) => {
    const others = told.filter((draft) => draft.turn === turn.number);
    const isTold = (sentence: string): boolean => others.some((draft) => holds(draft, sentence));
    const log: TurnLog = { turn, drafts: [], texts: [], hints: [] };
    let remarks: string[] = [];
    const untold: string[] = [];
    for (const [at, step] of turn.steps.entries()) {
      if (step.kind === 'said') {
        // A stop hook may have held the turn that the agent had ended.
        const isFinal = step.isFinal === true || turn.steps[at + 1]?.kind === 'held';
        if (!isFinal) remarks.push(...remarksOn(turn, at, session, timeline).filter((remark) => !isTold(remark)));
        else if (!isSentBack(turn))
          addClosing(log, keptLines(step.text, timeline.stepAt(step), timeline), { said: [], shown: [] }, session);
      }
      if (step.kind !== 'commit') continue;
      const draft = remarks.length === 0 ? undefined : commitDraft(step, turn, remarks, timeline);
      if (draft === undefined) untold.push(...remarks);
      else log.drafts.push(draft);
      // What was said on the way to one commit is not told of the next.
      remarks = [];
    }
    const facts = {
      said: [...[...untold, ...remarks].slice(-remarksMax), ...failedLater(turn, session)],
      shown: retriedIn(turn),
    };
    if (turn.closing === '' && turn === session.turns.at(-1))
      log.drafts.push(...changeDraft(turn, [...facts.said, ...facts.shown], session));
    if (turn.closing !== '') addClosing(log, closingLines(turn, session, timeline, isTold), facts, session);
    // What a look at the work said of it, and something was done since.
    if (!hasDeed(turn) && !isTalk(turn) && timeline.isFollowed(timeline.closingAt(turn))) log.texts = [];
    return log;
  });
}

/** Of a session that was killed in its last turn: a line that an edit changed. */
function changeDraft(turn: Turn, facts: readonly string[], session: PreparedSession): Draft[] {
  const title = changedIn(session, turn).find((each) => each.length <= titleMaxChars);
  return title === undefined
    ? []
    : [makeDraft('onTheWay', turn, 'discovery', title, { facts: [...editedIn(session, turn), ...facts] })];
}

/** A commit that says why, with the message as it stands and what was said on the way to it. */
function commitDraft(commit: Committed, turn: Turn, remarks: readonly string[], timeline: Timeline): Draft | undefined {
  const body = commitText(commit, timeline);
  const { type, text } = readSubject(commit.subject);
  if (body === undefined || text.length > titleMaxChars) return undefined;
  return makeDraft('onTheWay', turn, type, text.replace(/\.$/, ''), {
    body: cutText(body, bodyMaxChars),
    facts: [...(commit.id === undefined ? [] : [`commit ${commit.id}`]), ...remarks.slice(-remarksMax)],
  });
}
