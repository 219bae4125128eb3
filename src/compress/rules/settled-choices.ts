// Choices that the user made in a prompt: the agent put them, or the user sent back what was done.
import type { Draft } from '../../domain/draft.ts';
import { namesIn } from '../plan/names.ts';
import type { Turn } from '../session/prepared-session.ts';
import { contentOf, shared, subjectOf, wordsIn } from './words/content-words.ts';
import { hasEdit } from './edited-lines.ts';
import { cutText, keepText, keptLines } from './kept-text.ts';
import { ownWords } from './own-words.ts';
import { makeDraft } from './drafts.ts';
import { advice, affirmation, appeal, defect, didNotWork, guess, mended, offer, refusal } from './words/language.ts';
import { inWhichOrder, postponed } from './words/ruling-words.ts';
import { chosenOption, optionsOf, takesUp, type Option } from './options.ts';
import { isQuestion, plain, writeLines } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { isTakenBack } from './taken-back.ts';
import { hasName, makeTitle } from './titles.ts';

const quotedMax = 3;
/** Of a prompt that chooses. */
const promptMaxChars = 400;
/** Of an account that does not name the choice. */
const accountMaxChars = 300;
/** A longer answer explains; advice in it is beside the point. */
const choiceMaxChars = 1_200;

const asks = ({ closing }: Turn): boolean => /[?？]["*)]*$/.test(closing.trim());

/** The agent weighed options instead of doing what was asked. */
const isChoice = (turn: Turn): boolean =>
  !hasEdit(turn) &&
  ((isQuestion(turn.prompt) && optionsOf(turn.closing).filter(({ isNamed }) => isNamed).length >= 2) ||
    (advice.test(turn.closing) && turn.closing.length < choiceMaxChars));

/** What the agent put to the user: options, advice, names, and its last line where that is a question. */
function offeredIn(turn: Turn): string {
  const lines = turn.closing.trim().split('\n');
  if (!isChoice(turn)) return asks(turn) ? (lines.at(-1) ?? '') : '';
  const advised = lines.filter((line) => advice.test(line));
  return [...optionsOf(turn.closing).map(({ name }) => name), ...advised].join('\n');
}

/** The agent put a choice and did nothing yet, and the prompt makes it. */
export function isSettled(before: Turn, turn: Turn): boolean {
  // A longer prompt is a task of its own.
  if (turn.prompt.length > promptMaxChars || isQuestion(turn.prompt) || hasEdit(before)) return false;
  if (postponed.test(turn.prompt) || guess.test(turn.prompt)) return false;
  const options = optionsOf(before.closing);
  if (!isChoice(before) && !asks(before)) return false;
  // "Shall I mend it?" "Yes." is leave, and no choice.
  if (!isChoice(before) && offer.test(before.closing.trim().split('\n').at(-1)!) && isBareYes(turn.prompt))
    return false;
  // "Which of the findings shall I fix first?"
  if (inWhichOrder.test(before.closing.trim().split('\n').at(-1)!)) return false;
  if (chosenOption(turn.prompt, options) !== undefined) return true;
  // "Redis is down, can you restart it first?"
  if (isReport(turn.prompt)) return false;
  if (shared(subjectOf(turn.prompt), subjectOf(offeredIn(before))) >= 1) return true;
  return (
    affirmation.test(turn.prompt) &&
    shared(subjectOf(turn.closing), subjectOf(`${before.prompt}\n${before.closing}`)) >= 2
  );
}

const isReport = (prompt: string): boolean => [defect, didNotWork, mended, appeal].some((cue) => cue.test(prompt));

const isBareYes = (prompt: string): boolean => affirmation.test(prompt) && contentOf(prompt).size <= 1;

/** The user refused what was just done, and it was done otherwise. */
export function isCorrected(before: Turn, turn: Turn): boolean {
  return refusal.test(turn.prompt) && hasEdit(before) && hasEdit(turn) && ownWords(turn.prompt).length > 0;
}

/** The user wants otherwise what they had answered before. */
export function replacesAnswer(turn: Turn, before: readonly Turn[]): boolean {
  return before.some(({ steps }) =>
    steps.some(
      (step) => step.kind === 'answered' && isTakenBack(`${step.question} ${step.chosen}`, step.chosen, [turn]),
    ),
  );
}

/** Titled by the agent's sentence that takes the choice up, else by the user's that names it, else by the option. */
export function settle(before: Turn, turn: Turn, timeline: Timeline): Draft[] {
  const options = optionsOf(before.closing);
  const chosen = isSettled(before, turn) && options.length > 1 ? chosenOption(turn.prompt, options) : undefined;
  // "Ok, do that" says yes to what was advised.
  const theme = subjectOf(isBareYes(turn.prompt) ? offeredIn(before) : turn.prompt);
  // Of the alternatives that the user asked about, the one that the prompt names.
  const alternatives = isQuestion(before.prompt) ? subjectOf(before.prompt) : new Set<string>();
  const named = new Set([...theme].filter((word) => alternatives.has(word)));
  const isAbout = (sentence: string): boolean =>
    chosen === undefined
      ? shared(subjectOf(sentence), theme) >= 2 || shared(subjectOf(sentence), named) >= 1
      : takesUp(sentence, chosen.name || chosen.text);
  const kept = keepText(turn.closing, timeline.closingAt(turn), timeline, isAbout);
  const words = ownWords(turn.prompt)
    .filter((sentence) => wordsIn(sentence).length > 3 && !timeline.isOverturned(sentence, timeline.closingAt(turn)))
    .slice(0, quotedMax);
  const others = options
    .filter((option) => option !== chosen && option.isNamed)
    .map(({ name, text }) => plain(name || text));
  const title = kept?.title.title ?? ownTitle(before, words, chosen) ?? optionTitle(chosen, others);
  if (title === undefined) return [];
  const notTaken = others.filter((name) => !takesUp(`${turn.prompt}\n${title}`, name));
  const quoted = words.map((sentence) => `the user: ${sentence.replace(/\s+/g, ' ')}`);
  const told = keptLines(turn.closing, timeline.closingAt(turn), timeline);
  const body = kept?.body ?? cutText(writeLines(told), accountMaxChars);
  return [
    makeDraft('settled', turn, 'decision', title, {
      description: chosen === undefined || title.includes(chosen.text) ? '' : plain(chosen.text),
      body: body.trim(),
      facts: [...quoted, ...notTaken.map((name) => `not taken: ${name}`)],
    }),
  ];
}

/** The user's sentence that takes the option up, or of an answer to a question one with a name of what was asked. */
function ownTitle(before: Turn, words: readonly string[], chosen: Option | undefined): string | undefined {
  const offered = new Set(asks(before) ? namesIn(offeredIn(before)) : []);
  const isTelling = (sentence: string): boolean =>
    chosen === undefined
      ? namesIn(sentence).some((name) => offered.has(name))
      : takesUp(sentence, chosen.name || chosen.text);
  const titles = words.filter(isTelling).map((sentence) => makeTitle(sentence, true)?.title);
  return titles.find((title) => title !== undefined);
}

function optionTitle(chosen: Option | undefined, others: readonly string[]): string | undefined {
  if (chosen === undefined) return undefined;
  const against = others.length === 0 ? [] : [`${plain(chosen.name)}, not ${others.join(' or ')}`];
  return [...(chosen.name === '' ? [] : against), plain(chosen.text)]
    .map((text) => makeTitle(text, true)?.title)
    .find((title) => title !== undefined && hasName(title, true));
}
