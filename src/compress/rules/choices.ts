// What a closing gives a reason for: a choice, what must stay as it is, an attempt that was taken back. Neither the tree nor the log
// tells why. Shared.
import type { Draft } from '../../domain/draft.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { citesOfTurn, hasDeed, isRestoring, isWorkReplaced } from './edited-lines.ts';
import { holds, keepLines, keptLines, leave, makeDraft, ownWords, raise } from './kept-text.ts';
import {
  chose,
  constraint,
  contrast,
  guess,
  nextTry,
  otherWay,
  pending,
  pronoun,
  putBack,
  staying,
  reason,
} from './language.ts';
import { isQuestion, plain } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { shared, subjectOf } from './content-words.ts';
import { makeTitle, type Title } from './titles.ts';

/** A longer sentence explains more than one thing. */
const sentenceMaxChars = 300;
/** The file that an unclear title is given. */
const placed = / \(in `[^`]+`\)$/;
/** A closing of less gives no reason. */
const reasonMinChars = 60;
/** A shorter clause before the reason names nothing. */
const choiceMinChars = 15;

/** `told` are the drafts made so far: a ruling among them that says the same is enough. */
export function choicesOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  return session.turns.flatMap((turn) => {
    if (!(hasDeed(turn) || isQuestion(turn.prompt)) || isWorkReplaced(turn, session)) return [];
    const rulings = told.filter((draft) => draft.turn === turn.number && draft.type !== 'bugfix');
    const sentences = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line) =>
      line.kind === 'prose' || line.kind === 'item' ? line.sentences : [],
    );
    return sentences.flatMap((sentence) => {
      const isShort = sentence.length <= sentenceMaxChars && !guess.test(sentence);
      if (!isShort || rulings.some((draft) => holds(draft, sentence))) return [];
      return reasoned(sentence, turn, session);
    });
  });
}

/** An explanation tells no rule: what is not told as chosen counts in a turn that did something. */
function reasoned(sentence: string, turn: Turn, session: PreparedSession): Draft[] {
  const clauses = sentence.split(/[;；]\s*/);
  const isChoice = (text: string): boolean =>
    reason.test(text) && (chose.test(text) || (hasDeed(turn) && contrast.test(text)));
  const choice = clauses.find(isChoice);
  const clause = choice ?? clauses.find((text) => hasDeed(turn) && isConstraint(text));
  if (clause === undefined) return [];
  // The reason is the gist, where enough is left for a title.
  const end = choice === undefined ? clause.length : (reason.exec(clause)?.index ?? clause.length);
  // "I decided" goes from an English title; elsewhere the choice is told in the first person.
  const titleOf = (text: string): Title | undefined =>
    makeTitle(text) ?? (choice === undefined ? undefined : makeTitle(text, true));
  const short = end < choiceMinChars ? undefined : titleOf(clause.slice(0, end).replace(/[\s,，、]+$/u, ''));
  const title = short ?? titleOf(clause);
  if (title === undefined) return [];
  const rest = short === undefined ? title.rest : clause.slice(end).replace(/[.。]$/u, '');
  const others = clauses.filter((other) => other !== clause).map(plain);
  const cites = citesOfTurn(turn, turn.closing, session);
  // "Raised it rather than …": the file says what.
  const isUnclear = pronoun.test(title.title);
  const place = isUnclear && cites.length === 1 ? ` (in \`${cites[0]!.path}\`)` : '';
  return [
    makeDraft('reasoned', turn, choice === undefined ? 'gotcha' : 'decision', `${title.title}${place}`, {
      description: raise([plain(rest), ...others].filter(Boolean).join('; ')),
      concepts: ['trade-off'],
      cites,
    }),
  ];
}

const isConstraint = (text: string): boolean => reason.test(text) && constraint.test(text) && namesIn(text).length > 0;

/** A failure whose cause and choice the agent tells in one sentence is one record: the decision, with what proves the cure. */
export function joinFixes(drafts: readonly Draft[], { turns }: PreparedSession): Draft[] {
  const joined = new Map<Draft, Draft>();
  for (const choice of drafts) {
    if (choice.type !== 'decision' || choice.evidence !== 'agent') continue;
    const words = subjectOf(choice.title.replace(placed, ''));
    const closing = plain(turns.find(({ number }) => number === choice.turn)?.closing ?? '');
    const tells = (text: string): boolean => shared(words, subjectOf(text)) >= words.size * 0.8;
    // A title of the closing's is a cause of its own, unless it tells the choice; its first letter may have been raised.
    const hasCause = ({ title }: Draft): boolean => closing.includes(title.slice(1)) && !tells(title);
    const fix = drafts.find(
      (draft) =>
        draft.type === 'bugfix' &&
        draft.turn === choice.turn &&
        !hasCause(draft) &&
        tells(`${draft.title}\n${draft.description}\n${draft.body}`),
    );
    if (fix !== undefined) joined.set(choice, fix);
  }
  const gone = new Set(joined.values());
  return drafts
    .filter((draft) => !gone.has(draft))
    .map((draft) => {
      const fix = joined.get(draft);
      return fix === undefined ? draft : { ...draft, body: fix.body, facts: [...draft.facts, ...fix.facts] };
    });
}

/** What is tried next, or to be done, is no dead end. */
const isToCome = (sentence: string): boolean => pending.test(sentence) || nextTry.test(sentence);

const isReverted = (sentence: string): boolean => reason.test(sentence) || putBack.test(sentence);
/** What stands beside the attempt is no dead end. */
const isNotLeft = (sentence: string): boolean => !staying.test(sentence);

/** Attempts that were taken back, with the reason that the agent gives at the end of the turn, else the user's. */
export function deadEndsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) => {
    if (!isTakenBack(turn, session)) return [];
    const lines = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line) =>
      line.kind === 'blank' ? [line] : leave(line, isToCome),
    );
    const kept =
      turn.closing.length < reasonMinChars ? undefined : (keepLines(lines, isReverted) ?? keepLines(lines, isNotLeft));
    if (kept !== undefined)
      return [
        makeDraft('takenBack', turn, 'dead-end', kept.title.title, {
          body: kept.body.split('\n\n')[0]!,
          concepts: ['trade-off'],
        }),
      ];
    const said = ownWords(turn.prompt).find(
      (sentence) => otherWay.test(sentence) && makeTitle(sentence, true) !== undefined,
    );
    if (said === undefined) return [];
    const title = makeTitle(said, true)!;
    return [makeDraft('takenBack', turn, 'dead-end', title.title, { description: title.rest, evidence: 'user' })];
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
  return back.length > 0 && !edits.some(({ path }) => stands(path));
}
