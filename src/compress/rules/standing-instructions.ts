// Standing instructions: the user's own sentence, where it is a rule for later work and no task of its turn.
import type { Draft } from '../../domain/draft.ts';
import type { ObservationType } from '../../domain/types.ts';
import type { KnownRecord } from '../providers/provider.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { conjunction, pronoun } from './words/language.ts';
import { alwaysOrNever, alwaysSo, experience, fromNowOn, notOurWay, ourWay, remember } from './words/ruling-words.ts';
import { keepText, raise } from './kept-text.ts';
import { ownWords } from './own-words.ts';
import { makeDraft } from './drafts.ts';
import { plain } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { overrules } from './taken-back.ts';
import { hasName, makeTitle } from './titles.ts';
import { contentOf, shared, subjectOf } from './words/content-words.ts';

interface Rule {
  sentence: string;
  turn: Turn;
  isRule: boolean;
  /** Known records that it takes back. */
  overruled: KnownRecord[];
  type: ObservationType;
}

/** `known`: what the user may take back of earlier sessions. */
export function instructionsOf(session: PreparedSession, timeline: Timeline, known: readonly KnownRecord[]): Draft[] {
  const said = session.turns.flatMap((turn) =>
    ownWords(turn.prompt).map((sentence) => ({ sentence, turn, isRule: isRule(sentence) })),
  );
  const rulings = known.filter(({ type }) => type === 'pattern' || type === 'decision');
  const rules = said.flatMap(({ sentence, turn, ...each }): Rule[] => {
    const takesBack = (ruling: string): boolean => overrules(sentence, ruling, each.isRule);
    const overruled = rulings.filter(({ title }) => takesBack(title));
    const takesRuleBack = said.some((old) => old.turn.number < turn.number && old.isRule && takesBack(old.sentence));
    const takesAnswerBack = answersBefore(session, turn).some((ruling) => overrules(sentence, ruling, false));
    if (!each.isRule && overruled.length === 0 && !takesRuleBack && !takesAnswerBack) return [];
    const isPattern = each.isRule || takesRuleBack || overruled[0]?.type === 'pattern';
    return [{ sentence, turn, isRule: each.isRule, overruled, type: isPattern ? 'pattern' : 'decision' }];
  });
  const last = rules.filter(
    ({ sentence, turn }) =>
      !rules.some((later) => later.turn.number > turn.number && overrules(later.sentence, sentence, later.isRule)),
  );
  return [
    ...last.flatMap((rule) => draftOf(rule, timeline)),
    ...session.turns.flatMap((turn) => asked(turn, timeline)),
  ];
}

/** What the user had answered, with the question's subject. */
const answersBefore = ({ turns }: PreparedSession, { number }: Turn): string[] =>
  turns
    .filter((turn) => turn.number < number)
    .flatMap(({ steps }) =>
      steps.flatMap((step) => (step.kind === 'answered' ? [`${step.subject} ${step.chosen}`] : [])),
    );

/** In a longer prompt nobody can tell what a sentence points at. */
const pointedMaxChars = 400;
/** A longer sentence tells of more than a rule. */
const ruleMaxChars = 200;
const cues: readonly RegExp[] = [fromNowOn, alwaysOrNever, alwaysSo, ourWay, notOurWay];

/** A cue for all later work, or a sentence that begins with always or never, or how it is done here and how not. */
function isRule(sentence: string): boolean {
  const bare = plain(sentence);
  if (bare.length > ruleMaxChars) return false;
  return toRemember(bare) !== undefined || (!experience.test(bare) && cues.some((cue) => cue.test(bare)));
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

/** Without what leads to it: "Btw", and a task before "from now on". */
function ruleOf(sentence: string): string {
  const places = cues.flatMap((cue) => cue.exec(sentence)?.index ?? []);
  const own = sentence.slice(Math.min(...places, sentence.length));
  const isApart = /[;,:–—-]\s*(?:(?:and|but|und|aber|et|mais|y|pero|e|ma)\s+)?$/iu.test(
    sentence.slice(0, sentence.length - own.length),
  );
  return (isApart && contentOf(own).size >= 2 && !pronoun.test(own) ? own : sentence).replace(conjunction, '');
}

function draftOf({ sentence, turn, overruled, type }: Rule, timeline: Timeline): Draft[] {
  const said = plain(sentence);
  const own = makeTitle(toRemember(said) ?? ruleOf(said), true);
  if (own === undefined) return [];
  const about = subjectOf(`${sentence}\n${turn.prompt}`);
  const isAbout = (each: string): boolean => shared(subjectOf(each), about) >= 1;
  // The agent's sentence that takes the rule up, if it is a statement.
  const restated = keepText(turn.closing, timeline.closingAt(turn), timeline, isAbout)?.title;
  // A sentence that points at another one ("never run it") is understood with the agent's answer only.
  const isPointing = pronoun.test(sentence);
  if (isPointing && turn.prompt.length > pointedMaxChars) return [];
  const isBare = isPointing && namesIn(own.title).length < namesIn(restated?.title ?? '').length;
  const title = isBare ? restated!.title : own.title;
  return [
    makeDraft('instruction', turn, type, title, {
      supersedes: overruled.map(({ id }) => id),
      description: isBare ? said : raise(own.rest),
      body: restated === undefined || isBare ? '' : [restated.title, restated.rest].filter(Boolean).join(', '),
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
