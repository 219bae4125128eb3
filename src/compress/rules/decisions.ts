// What the user decided: answered questions, settled choices, corrections and plans sent back.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { Answered, PreparedSession, Refused, Turn } from '../session/prepared-session.ts';
import { appeal } from './words/language.ts';
import { asking, exclusion, inWhichOrder, noAnswer, proceeding } from './words/ruling-words.ts';
import { chosenOption, takesUp } from './options.ts';
import { isCorrected, isSettled, replacesAnswer, settle } from './settled-choices.ts';
import { keepText, raise } from './kept-text.ts';
import { ownWords } from './own-words.ts';
import { makeDraft } from './drafts.ts';
import { plain, readLines } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { isTakenBack } from './taken-back.ts';
import { makeTitle } from './titles.ts';
import { isWorkReplaced } from './edited-lines.ts';
import { contentOf, shared, subjectOf, wordsIn } from './words/content-words.ts';

const quotedMax = 3;
/** Of a refused call in a title. */
const callMaxChars = 90;

export function decisionsOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const drafts: Draft[] = [];
  for (const [index, turn] of session.turns.entries()) {
    const later = session.turns.slice(index + 1);
    for (const step of turn.steps) {
      if (step.kind === 'answered' && !isTakenBack(`${step.question} ${step.chosen}`, step.chosen, later))
        drafts.push(...answer(step, turn));
      if (step.kind === 'refused') drafts.push(...refused(step, turn, later, timeline));
      if (step.kind === 'plan' && step.verdict === 'refused')
        drafts.push(...sentBack(step.reason, 'The user sent the plan back', turn, later));
    }
    const before = session.turns[index - 1];
    if (before === undefined) continue;
    const settled =
      isSettled(before, turn) || isCorrected(before, turn) || replacesAnswer(turn, session.turns.slice(0, index));
    if (settled && !isWorkReplaced(turn, session)) drafts.push(...settle(before, turn, timeline));
  }
  return drafts;
}

/** The part before the colon may be a question. */
const titleOf = (text: string): string | undefined =>
  makeTitle(text.replace(/^([^:：]+[:：])/, '"$1"'), true)?.title.replace(/^"([^"]+)"/, '$1');

function answer(step: Answered, turn: Turn): Draft[] {
  const sentences = readLines(step.question).flatMap((line) => line.sentences);
  const asked = sentences.find((sentence) => /[?？]$/.test(sentence)) ?? sentences[0] ?? '';
  const question = plain(asked)
    .replace(/[?？\s]+$/, '')
    .replace(/^¿/, '');
  const subject = step.subject === '' ? question : topicOf(step.subject, question);
  // How to go on, or what comes first, was for that moment, unless the answer is in the user's own words.
  const isOfMoment = proceeding.test(`${step.subject}: ${question}`) || inWhichOrder.test(question);
  if (noAnswer.test(step.chosen) || (isOfMoment && step.why !== '')) return [];
  const chosen =
    pointedAt(step) ?? plain(step.chosen).replace(/\s*\((?:recommended|empfohlen|recomendado|recommandé)\)/i, '');
  // "Anything but cookies" takes none of the others.
  const isExcluding = step.why === '' && exclusion.test(chosen);
  const others = isExcluding ? [] : step.notChosen.filter((other) => step.why !== '' || !takesUp(chosen, other));
  // Against the one other option an answer says more.
  const against = others.length === 1 ? [`${subject}: ${chosen}, not ${plain(others[0]!)}`] : [];
  const short = `${subject}: ${chosen}`;
  // A header and an answer are a topic, however short.
  const topic = wordsIn(short).length < 3 ? short : titleOf(short);
  const title = [...against.map(titleOf), topic, titleOf(`${question}: ${chosen}`)].find((each) => each !== undefined);
  if (title === undefined) return [];
  const about = `Asked: ${step.question.replace(/[?？]\s*$/, '')}`;
  // A title leaves out what stands in brackets.
  const whole = title.includes(chosen) ? '' : `Chosen: ${chosen}`;
  const reason = step.why === '' ? whole : `${chosen}: ${step.why}`;
  return [
    makeDraft('answer', turn, 'decision', title, {
      description: reason === '' ? about : reason,
      body: reason === '' ? '' : about,
      // An answer in the user's own words may take up some of an option.
      facts: others.map((other) => `not taken: ${other}`),
    }),
  ];
}

/** A subject of one word with the noun before it in the question: "Visibility" of "specify gist visibility" is "Gist visibility". */
function topicOf(subject: string, question: string): string {
  const all: readonly string[] = question.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? [];
  const before = all[all.indexOf(subject.toLowerCase()) - 1] ?? '';
  return contentOf(before).size > 0 && !asking.test(before) ? raise(`${before} ${subject.toLowerCase()}`) : subject;
}

/** "The second": what it points at, of options that the host lists in order. */
function pointedAt({ chosen, notChosen, why }: Answered): string | undefined {
  const options = notChosen.map((text, index) => ({ label: String(index + 1), name: '', text, isNamed: true }));
  const isByName = notChosen.some((other) => takesUp(chosen, other));
  return why !== '' || isByName ? undefined : chosenOption(chosen, options)?.text;
}

/** What the user sent back with a reason: their words for whoever tries the same again, under a statement of theirs or what came back. */
function sentBack(reason: string, what: string, turn: Turn, later: readonly Turn[]): Draft[] {
  const words = ownWords(reason).filter(
    (sentence) =>
      wordsIn(sentence).length > 1 &&
      !/\p{Extended_Pictographic}/u.test(sentence) &&
      !isTakenBack(sentence, sentence, later),
  );
  const own = words.find((sentence) => makeTitle(sentence) !== undefined);
  const made = own === undefined ? undefined : makeTitle(own);
  const room = titleMaxChars - what.length - 4;
  const quoted = words.find((sentence) => makeTitle(sentence, true, room) !== undefined);
  const quote = quoted === undefined ? undefined : makeTitle(quoted, true, room);
  const title = made?.title ?? (quote && `${what}: "${quote.title.replaceAll('"', "'")}"`);
  if (title === undefined) return [];
  const rest = made === undefined ? (quote?.rest === '' ? '' : plain(quoted!)) : made.rest;
  const others = words.filter((sentence) => sentence !== (own ?? quoted));
  return [
    makeDraft('sentBack', turn, 'decision', title, {
      description: rest === '' ? (others[0] ?? '') : rest,
      body: (rest === '' ? others.slice(1) : others).slice(0, quotedMax).join('\n\n'),
    }),
  ];
}

/** A refused call; the tool's name leads its file or command. Shared where the turn's closing says what was done for that reason. */
function refused(step: Refused, turn: Turn, later: readonly Turn[], timeline: Timeline): Draft[] {
  const { what, reason } = step;
  const call = what.replace(/^(?:Bash|Shell) /, '').replaceAll('`', "'");
  const short = call.length > callMaxChars ? call.split(' ').slice(0, 2).join(' ') : call;
  const [draft] = sentBack(reason, `The user refused \`${short}\``, turn, later);
  if (draft === undefined) return [];
  const told = { ...draft, facts: [`refused: ${what}`] };
  const words = subjectOf(reason);
  const borneOut = keepText(
    turn.closing,
    timeline.closingAt(turn),
    timeline,
    (sentence) => shared(subjectOf(sentence), words) >= Math.max(2, words.size * 0.4),
  );
  // Of two refusals in a turn the later one says what is wanted.
  const isLast = turn.steps.findLast(({ kind }) => kind === 'refused') === step;
  // "Can you use another shell?" was for that moment.
  const isTask = /^(?:Bash|Shell) /.test(what) && ownWords(reason, true).some((sentence) => appeal.test(sentence));
  if (borneOut === undefined) return isLast && !isTask ? [{ ...told, importance: 0.45, place: 'local' }] : [];
  const quoted = ownWords(reason).slice(0, quotedMax);
  return [
    {
      ...told,
      title: borneOut.title.title,
      description: borneOut.title.rest,
      body: '',
      facts: [...quoted.map((sentence) => `the user: ${sentence}`), ...told.facts],
    },
  ];
}
