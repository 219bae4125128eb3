// Standing instructions: the user's own sentence, where it is a rule for later work and no task of its turn.
import type { Draft } from '../../domain/draft.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { alwaysOrNever, fromNowOn, ourWay, pronoun, remember } from './language.ts';
import { keepText, makeDraft, ownWords } from './kept-text.ts';
import { plain } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { hasName, makeTitle } from './titles.ts';
import { contentOf, shared, subjectOf } from './content-words.ts';

/** Of two rules on the same subject the later one counts. */
const sameSubject = 2;

interface Rule {
  sentence: string;
  turn: Turn;
}

export function instructionsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const rules: Rule[] = session.turns.flatMap((turn) =>
    ownWords(turn.prompt)
      .filter((sentence) => isRule(sentence))
      .map((sentence) => ({ sentence, turn })),
  );
  const last = rules.filter(
    ({ sentence, turn }) =>
      !rules.some(
        (later) =>
          later.turn.number > turn.number && shared(subjectOf(later.sentence), subjectOf(sentence)) >= sameSubject,
      ),
  );
  return [
    ...last.flatMap((rule) => draftOf(rule, timeline)),
    ...session.turns.flatMap((turn) => asked(turn, timeline)),
  ];
}

/** A cue for all later work, or a sentence that begins with always or never, or how it is done here and how not. */
function isRule(sentence: string): boolean {
  const bare = plain(sentence);
  return fromNowOn.test(bare) || alwaysOrNever.test(bare) || ourWay.test(bare) || toRemember(bare) !== undefined;
}

/** What is to be kept where the sentence itself says it: "Remember for later: deploys are on Mondays only". */
function toRemember(sentence: string): string | undefined {
  const found = remember.exec(sentence);
  if (found === null) return undefined;
  const rest = sentence.slice(found.index + found[0].length);
  const lead = /^(?:[^:：,.!?]{0,30}[:：,]|\s+(?:that|dass|que|che)\s)\s*/.exec(rest)?.[0];
  const told = lead === undefined ? '' : rest.slice(lead.length);
  return contentOf(told).size >= 2 ? told : undefined;
}

function draftOf({ sentence, turn }: Rule, timeline: Timeline): Draft[] {
  const said = plain(sentence);
  const own = makeTitle(toRemember(said) ?? sentence, true);
  if (own === undefined) return [];
  const about = subjectOf(`${sentence}\n${turn.prompt}`);
  const isAbout = (each: string): boolean => shared(subjectOf(each), about) >= 1;
  // The agent's sentence that takes the rule up, if it is a statement.
  const restated = keepText(turn.closing, timeline.closingAt(turn), timeline, isAbout)?.title;
  // A sentence that points at another one ("never run it") is understood with the agent's answer only.
  const isBare = pronoun.test(sentence) && namesIn(own.title).length < namesIn(restated?.title ?? '').length;
  const title = isBare ? restated!.title : own.title;
  const others = ownWords(turn.prompt).filter((other) => other !== sentence);
  return [
    makeDraft('instruction', turn, 'pattern', title, {
      description: isBare || own.rest !== '' ? said : '',
      body:
        restated === undefined || isBare
          ? others.map(plain).join('\n\n')
          : [restated.title, restated.rest].filter(Boolean).join(', '),
      place: hasName(title, true) ? 'shared' : 'local',
    }),
  ];
}

/** The user asked for the answer to be kept. */
function asked(turn: Turn, timeline: Timeline): Draft[] {
  if (!remember.test(turn.prompt) || ownWords(turn.prompt).some(isRule)) return [];
  const kept = keepText(turn.closing, timeline.closingAt(turn), timeline);
  if (kept === undefined) return [];
  return [
    makeDraft('toRemember', turn, 'architecture', kept.title.title, {
      body: kept.body,
    }),
  ];
}
