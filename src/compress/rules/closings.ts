// What the agent said at the end of each turn, as it stands and as far as it still holds. Local.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { citesOfTurn } from './cites.ts';
import { isSettled } from './decisions.ts';
import { keepLines, keepText, makeDraft } from './kept-text.ts';
import type { Timeline } from './timeline.ts';

/** Of a session's closings together. */
const allMaxChars = 13_000;
/** What one record has no room for is told in a second one, if it is so much. */
const restMinChars = 200;

/** `told` are the drafts made so far: what one of them holds is not told again. */
export function closingsOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  const drafts = session.turns.flatMap((turn, index) => {
    const next = session.turns[index + 1];
    // The decision tells what came of the choice; the arguments for what was not taken are nobody's knowledge.
    return next !== undefined && isSettled(turn, next) ? [] : closing(turn, session, timeline, told);
  });
  const latest = [...drafts].reverse();
  let room = allMaxChars;
  const kept = latest.filter(({ title, body }) => (room -= title.length + body.length) >= 0);
  return kept.reverse();
}

function closing(turn: Turn, session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  // Its result comes later, with another word.
  const last = turn.steps.at(-1);
  if (last?.kind === 'ran' && last.unproven === 'background') return [];
  if (isSentBack(turn)) return [];
  const kept = keepText(turn.closing, timeline.closingAt(turn), timeline);
  if (kept === undefined) return [];
  const { title, body, left } = kept;
  const isTold = told.some(
    (draft) =>
      draft.turn === turn.number &&
      draft.evidence !== 'commit' &&
      holds(draft, title.title) &&
      (body.length < 100 || holds(draft, body)),
  );
  if (isTold) return [];
  const hasDeed = turn.steps.some(({ kind }) => kind === 'edit' || kind === 'commit');
  const more = { importance: 0.35, confidence: 0.6, place: 'local', turn: turn.number, evidence: 'agent' } as const;
  const rest = left.length === 0 ? undefined : keepLines(left);
  return [
    makeDraft(hasDeed ? 'progress' : 'discovery', title.title, {
      ...more,
      body,
      cites: citesOfTurn(turn, `${title.title}\n${body}`, session),
      isClosing: true,
    }),
    ...(rest === undefined || rest.body.length < restMinChars
      ? []
      : [makeDraft('discovery', rest.title.title, { ...more, body: rest.body, importance: 0.3 })]),
  ];
}

/** What a refused plan said is nobody's. */
function isSentBack({ steps }: Turn): boolean {
  const plans = steps.filter((step) => step.kind === 'plan');
  return plans.length > 0 && plans.every((plan) => plan.verdict === 'refused');
}

function holds(draft: Draft, text: string): boolean {
  return [draft.title, draft.description, draft.body, ...draft.facts].join('\n').includes(text);
}
