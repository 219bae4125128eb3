// What the user decided: answered questions, settled choices, corrections and plans sent back.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Refused, Turn } from '../session/prepared-session.ts';
import { advice, affirmation, appeal, offer, postponed, refusal } from './language.ts';
import { keepText, makeDraft, ownWords } from './kept-text.ts';
import { isQuestion, plain, readLines } from './sentences.ts';
import { isTakenBack, type Timeline } from './session-order.ts';
import { hasName, makeTitle, type Title } from './titles.ts';
import { hasEdit, isWorkReplaced } from './edited-lines.ts';
import { contentOf, isUnspaced, shared, subjectOf, wordsIn } from './content-words.ts';

const quotedMax = 3;
/** A longer answer explains; advice in it is beside the point. */
const choiceMaxChars = 1_200;
/** A longer sentence is a draft of something, not a ruling. */
const rulingMaxChars = 200;
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
    if (before === undefined || turn.closing === '' || isQuestion(turn.prompt)) continue;
    const settled =
      isSettled(before, turn) || isCorrected(before, turn) || replacesAnswer(turn, session.turns.slice(0, index));
    if (settled && !isWorkReplaced(turn, session)) drafts.push(...settle(before, turn, timeline));
  }
  return drafts;
}

function answer(step: Turn['steps'][number] & { kind: 'answered' }, turn: Turn): Draft[] {
  const sentences = readLines(step.question).flatMap((line) => line.sentences);
  const asked = sentences.find((sentence) => /[?？]$/.test(sentence)) ?? sentences[0] ?? '';
  const question = plain(asked)
    .replace(/[?？\s]+$/, '')
    .replace(/^¿/, '');
  const subject = step.subject === '' ? question : step.subject;
  const chosen = plain(step.chosen).replace(/\s*\((?:recommended|empfohlen|recomendado|recommandé)\)/i, '');
  const others = step.notChosen.filter((other) => step.why !== '' || shared(contentOf(other), contentOf(chosen)) === 0);
  // Against the one other option an answer says more.
  const against = others.length === 1 ? [`${subject}: ${chosen}, not ${plain(others[0]!)}`] : [];
  const title = [...against, `${subject}: ${chosen}`, `${question}: ${chosen}`]
    .filter((text) => text.length <= titleMaxChars || !against.includes(text))
    .map((text) => makeTitle(text.replace(/^([^:：]+[:：])/, '"$1"'), true)?.title.replace(/^"([^"]+)"/, '$1'))
    .find((each) => each !== undefined && hasName(each));
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

/** What the user sent back with a reason: their words for whoever tries the same again, under a statement of theirs or what came back. */
function sentBack(reason: string, what: string, turn: Turn, later: readonly Turn[]): Draft[] {
  const words = ownWords(reason).filter(
    (sentence) =>
      sentence.length <= rulingMaxChars &&
      wordsIn(sentence).length > 1 &&
      !/\p{Extended_Pictographic}/u.test(sentence) &&
      !isTakenBack(sentence, sentence, later),
  );
  if (!words.some((sentence) => makeTitle(sentence, true) !== undefined)) return [];
  const own = words.find((sentence) => makeTitle(sentence) !== undefined);
  const made = own === undefined ? undefined : makeTitle(own);
  const room = titleMaxChars - what.length - 4;
  const quoted = words.find((sentence) => makeTitle(sentence, true, room) !== undefined);
  const quote = quoted === undefined ? undefined : makeDemand(quoted, room);
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

/** Of a sentence that is too long its last clause, where that stands alone: the demand follows the reason. */
function makeDemand(sentence: string, room: number): Title | undefined {
  const whole = makeTitle(sentence, true, room);
  const last = plain(sentence)
    .split(/[,;，；]\s*/)
    .at(-1)!;
  const demand = whole?.rest === '' ? undefined : makeTitle(last, true, room);
  return demand?.rest === '' ? { title: demand.title, rest: sentence } : whole;
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

const asks = ({ closing }: Turn): boolean => /[?？]["*)]*$/.test(closing.trim());

/** The agent weighed options instead of doing what was asked. */
const isChoice = (turn: Turn): boolean =>
  !hasEdit(turn) &&
  ((isQuestion(turn.prompt) && optionsOf(turn.closing).length >= 2) ||
    (advice.test(turn.closing) && turn.closing.length < choiceMaxChars));

/** What the agent put to the user: options, advice, names, and its last line where that is a question. */
function offeredIn(turn: Turn): string {
  const lines = turn.closing.trim().split('\n');
  if (!isChoice(turn)) return asks(turn) ? (lines.at(-1) ?? '') : '';
  const advised = lines.filter((line) => advice.test(line));
  return [...optionsOf(turn.closing), ...advised].join('\n');
}

/** The agent put a choice and did nothing yet, and the prompt makes it. */
export function isSettled(before: Turn, turn: Turn): boolean {
  if (isQuestion(turn.prompt) || turn.prompt.length > 400 || hasEdit(before) || postponed.test(turn.prompt))
    return false;
  const options = optionsOf(before.closing);
  if (!isChoice(before) && !asks(before)) return false;
  // "Shall I mend it?" "Yes." is leave, and no choice.
  if (!isChoice(before) && offer.test(before.closing.trim().split('\n').at(-1)!) && isBareYes(turn.prompt))
    return false;
  const words = new Set(wordsIn(turn.prompt).filter((word) => word.length > 2 || isUnspaced(word)));
  if (options.some((option) => wordsIn(option).some((word) => words.has(word)))) return true;
  if (shared(subjectOf(turn.prompt), subjectOf(offeredIn(before))) >= 1) return true;
  if (affirmation.test(turn.prompt))
    return shared(subjectOf(turn.closing), subjectOf(`${before.prompt}\n${before.closing}`)) >= 2;
  // Asked back before a task was begun: what the user says then settles it.
  return asks(before) && !isQuestion(before.prompt) && !hasEdit(turn) && turn.prompt.length <= 120;
}

const isBareYes = (prompt: string): boolean => affirmation.test(prompt) && contentOf(prompt).size <= 1;

/** The user refused what was just done, and it was done otherwise. */
function isCorrected(before: Turn, turn: Turn): boolean {
  return refusal.test(turn.prompt) && hasEdit(before) && hasEdit(turn) && ownWords(turn.prompt).length > 0;
}

/** The user wants otherwise what they had answered before. */
function replacesAnswer(turn: Turn, before: readonly Turn[]): boolean {
  return before.some(({ steps }) =>
    steps.some(
      (step) => step.kind === 'answered' && isTakenBack(`${step.question} ${step.chosen}`, step.chosen, [turn]),
    ),
  );
}

/** Leading names of a list of options. */
function optionsOf(text: string): string[] {
  return readLines(text).flatMap(({ kind, sentences }) => {
    const lead = /^\*\*([^*]{1,40})\*\*/.exec(sentences[0] ?? '')?.[1]?.replace(/[:：]$/, '');
    return (kind === 'item' || kind === 'heading') && lead !== undefined && lead.split(' ').length <= 4 ? [lead] : [];
  });
}

function settle(before: Turn, turn: Turn, timeline: Timeline): Draft[] {
  const asked = `${offeredIn(before)}\n${before.prompt}`;
  const theme = subjectOf(isSettled(before, turn) ? asked : `${turn.prompt}\n${asked}`);
  const isAbout = (sentence: string): boolean => shared(subjectOf(sentence), theme) >= 1;
  const at = timeline.closingAt(turn);
  const kept = keepText(turn.closing, at, timeline, isAbout);
  // "Left at 0." says nothing alone: the agent's reason that the user accepted does.
  const accepted =
    kept ?? keepText(before.closing, timeline.closingAt(before), timeline, (sentence) => !advice.test(sentence));
  if (accepted === undefined) return [];
  const words = ownWords(turn.prompt)
    .filter((sentence) => wordsIn(sentence).length > 3 || hasName(sentence))
    .slice(0, quotedMax);
  if (kept === undefined && words.length === 0) return [];
  const body = kept === undefined ? [plain(turn.closing.split('\n')[0] ?? '')] : [kept.body];
  const notTaken = optionsOf(before.closing).filter(
    (option) => shared(subjectOf(option), subjectOf(accepted.title.title)) === 0 && !names(turn.prompt, option),
  );
  const quoted = words.map((sentence) => `the user: ${sentence.replace(/\s+/g, ' ')}`);
  return [
    makeDraft('settled', turn, 'decision', accepted.title.title, {
      body: body.join('\n\n').trim(),
      facts: [...quoted, ...notTaken.map((option) => `not taken: ${plain(option)}`)],
    }),
  ];
}

function names(text: string, option: string): boolean {
  const words = new Set([...contentOf(option), ...namesIn(option).map((name) => name.toLowerCase())]);
  const folded = text.toLowerCase();
  return [...words].some((word) => folded.includes(word)) || folded.includes(option.toLowerCase());
}
