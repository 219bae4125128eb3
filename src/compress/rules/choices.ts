// What the agent says that it chose, with its reason: neither the tree nor the log tells why.
import type { Draft } from '../../domain/draft.ts';
import type { Edited, PreparedSession, Turn } from '../session/prepared-session.ts';
import { citesOf, unique } from './cites.ts';
import { isAbandoned } from './decisions.ts';
import { keptLines, makeDraft } from './kept-text.ts';
import { because, chose } from './language.ts';
import { plain } from './sentences.ts';
import type { Timeline } from './timeline.ts';
import { makeTitle } from './titles.ts';

/** A shorter clause before the reason names nothing. */
const choiceMinChars = 15;
const pronoun =
  /(?<![\p{L}])(?:it|this|that|them|these|those|es|das|dies|ihn|le|la|les|lo|los|las|isso|questo)(?![\p{L}])/iu;

/** Where the user had asked, or an edit of the turn stands, and the user does not object. */
export function choicesOf(session: PreparedSession, timeline: Timeline): Draft[] {
  return session.turns.flatMap((turn, index) => {
    const edits = turn.steps.filter(
      (step): step is Edited => step.kind === 'edit' && session.end.files.some(({ path }) => path === step.path),
    );
    const isAsked = /[?？]\s*$/.test(turn.prompt.trim()) || edits.length > 0;
    return isAsked && !isAbandoned(turn, session.turns.slice(index + 1)) ? chosen(turn, edits, session, timeline) : [];
  });
}

function chosen(turn: Turn, edits: readonly Edited[], session: PreparedSession, timeline: Timeline): Draft[] {
  const sentence = keptLines(turn.closing, timeline.closingAt(turn), timeline)
    .filter(({ kind }) => kind === 'prose' || kind === 'item')
    .flatMap(({ sentences }) => sentences.map(plain))
    .find((each) => chose.test(each) && because.test(each));
  const clauses = (sentence ?? '').split(/[;；]\s*/);
  const choice = clauses.find((clause) => chose.test(clause));
  if (choice === undefined) return [];
  const end = because.exec(choice)?.index ?? choice.length;
  const title =
    end < choiceMinChars ? undefined : makeTitle(choice.slice(0, end).replace(/[\s,，、]+$/, ''), true)?.title;
  if (title === undefined) return [];
  const [path, ...others] = edits.map((edit) => edit.path).filter(unique);
  const isUnclear = pronoun.test(title) && path !== undefined && others.length === 0;
  const reason = [choice.slice(end), ...clauses.filter((clause) => clause !== choice)].join('; ');
  return [
    makeDraft(
      'decision',
      `${title.replace(/^I(?:'ve| have)? (\p{Ll})/u, (_all, first: string) => first.toUpperCase())}${isUnclear ? ` (in \`${path}\`)` : ''}`,
      {
        description: reason.replace(/^\p{Ll}/u, (first) => first.toUpperCase()),
        cites: citesOf(edits, session),
        importance: 0.7,
        confidence: 0.75,
        place: 'shared',
        turn: turn.number,
        evidence: 'agent',
      },
    ),
  ];
}
