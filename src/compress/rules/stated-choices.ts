// Choices that the agent says it made, with its reason: neither the tree nor the log tells why. Shared.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { citesOfTurn, hasDeed, isWorkReplaced } from './edited-lines.ts';
import { isTitledByFailure } from './fixes.ts';
import { keptLines, raise } from './kept-text.ts';
import { holds, makeDraft } from './drafts.ts';
import { chose, guess, reason } from './words/language.ts';
import { isQuestion, plain } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { makeTitle } from './titles.ts';

/** A longer sentence explains more than one thing. */
const sentenceMaxChars = 300;

export function statedChoicesOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn) => {
    if (!(hasDeed(turn) || isQuestion(turn.prompt)) || isWorkReplaced(turn, session)) return [];
    const sentences = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line) =>
      line.kind === 'prose' || line.kind === 'item' ? line.sentences : [],
    );
    return sentences.flatMap((sentence) =>
      sentence.length <= sentenceMaxChars && !guess.test(sentence) ? choiceIn(sentence, turn, session) : [],
    );
  });
}

/** The clause up to its reason is the title, in the first person where the language has it so; the rest is the gist. */
function choiceIn(sentence: string, turn: Turn, session: PreparedSession): Draft[] {
  const clauses = sentence.split(/[;；]\s*/);
  const clause = clauses.find((text) => chose.test(text) && reason.test(text));
  if (clause === undefined) return [];
  const end = reason.exec(clause)!.index;
  const chosen = clause.slice(0, end).replace(/[\s,，、]+$/u, '');
  const title = (makeTitle(chosen) ?? makeTitle(chosen, true))?.title;
  if (title === undefined) return [];
  const others = clauses.filter((other) => other !== clause).map(plain);
  const why = clause.slice(end).replace(/[.。]$/u, '');
  return [
    makeDraft('stated', turn, 'decision', title, {
      description: raise([plain(why), ...others].filter(Boolean).join('; ')),
      concepts: ['trade-off'],
      cites: citesOfTurn(turn, turn.closing, session),
    }),
  ];
}

/** A cure whose cause the agent tells with its choice alone is one record with it: the decision, with what proves the cure. */
export function joinFixes(choices: readonly Draft[], fixes: readonly Draft[]): Draft[] {
  const joined = new Set<Draft>();
  const decisions = choices.map((choice) => {
    const fix = fixes.find((each) => each.turn === choice.turn && isTitledByFailure(each) && holds(each, choice.title));
    if (fix === undefined) return choice;
    joined.add(fix);
    return { ...choice, body: fix.body, facts: fix.facts };
  });
  return [...fixes.filter((fix) => !joined.has(fix)), ...decisions];
}
