// What a closing gives a reason for, of a turn that did something: a choice against something else, and what must stay as it is. Shared.
import type { Draft } from '../../domain/draft.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { citesOfTurn } from './cites.ts';
import { holds, keptLines, makeDraft, raise } from './kept-text.ts';
import { constraint, contrast, guess, pronoun, reason } from './language.ts';
import { plain } from './sentences.ts';
import type { Timeline } from './timeline.ts';
import { makeTitle } from './titles.ts';

/** A longer sentence explains more than one thing. */
const sentenceMaxChars = 300;

/** `told` are the drafts made so far: a ruling among them that says the same is enough. */
export function reasonsOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  return session.turns.flatMap((turn) => {
    if (!turn.steps.some(({ kind }) => kind === 'edit' || kind === 'commit')) return [];
    const rulings = told.filter((draft) => draft.turn === turn.number && draft.type !== 'bugfix');
    const sentences = keptLines(turn.closing, timeline.closingAt(turn), timeline)
      .filter(({ kind }) => kind === 'prose' || kind === 'item')
      .flatMap((line) => line.sentences);
    return sentences
      .filter((sentence) => sentence.length <= sentenceMaxChars && !guess.test(sentence))
      .filter((sentence) => !rulings.some((draft) => holds(draft, sentence)))
      .flatMap((sentence) => reasoned(sentence, sentences[sentences.indexOf(sentence) - 1] ?? '', turn, session));
  });
}

function reasoned(sentence: string, before: string, turn: Turn, session: PreparedSession): Draft[] {
  const clauses = sentence.split(/;\s+/);
  const clause = clauses.find((text) => reason.test(text) && contrast.test(text)) ?? clauses.find(isConstraint);
  const title = clause === undefined ? undefined : makeTitle(clause);
  if (clause === undefined || title === undefined) return [];
  const others = clauses.filter((other) => other !== clause).map(plain);
  // "Raised it rather than …": the sentence before says what.
  if (pronoun.test(title.title) && others.length === 0) others.push(plain(before));
  return [
    makeDraft(contrast.test(clause) ? 'decision' : 'gotcha', title.title, {
      description: raise([title.rest, ...others].filter(Boolean).join('; ')),
      concepts: ['trade-off'],
      cites: citesOfTurn(turn, turn.closing, session),
      importance: 0.6,
      confidence: 0.7,
      place: 'shared',
      turn: turn.number,
      evidence: 'agent',
    }),
  ];
}

const isConstraint = (text: string): boolean => reason.test(text) && constraint.test(text) && namesIn(text).length > 0;
