// What the user takes back: an answer in a later prompt of the session, a ruling of this session or an earlier one.
import { readSentence } from '../plan/contradict.ts';
import type { Turn } from '../session/prepared-session.ts';
import { contentOf, shared, subjectOf, tellingWords } from './words/content-words.ts';
import { appeal, defect, didNotWork, mended, otherWay, refusal } from './words/language.ts';
import { additional, alwaysOrNever, fromNowOn, permission, replacing, retraction } from './words/ruling-words.ts';
import { isQuestion } from './words/sentences.ts';

/** An answer that the user took back: a later prompt wants it another way and names what was chosen. */
export function isTakenBack(subject: string, chosen: string, later: readonly Turn[]): boolean {
  return later.some(
    ({ prompt }) =>
      (otherWay.test(prompt) || refusal.test(prompt) || retraction.test(prompt)) &&
      // "What would 90 days instead of 30 cost?"
      (!isQuestion(prompt) || appeal.test(prompt) || refusal.test(prompt)) &&
      isNamedIn(subjectOf(chosen), subjectOf(prompt.replace(otherWay, ' '))) &&
      shared(subjectOf(subject), subjectOf(prompt.replace(otherWay, ' '))) >= 1,
  );
}

/**
 * A sentence of the user's that takes an earlier ruling back: it says so and names a third of what the ruling names, or is the same rule
 * with another word in one place.
 */
export function overrules(sentence: string, ruling: string, isRule: boolean): boolean {
  const [old, now] = [ruling, sentence].map((text) =>
    tellingWords(text.replace(fromNowOn, ' ').replace(alwaysOrNever, ' ')),
  ) as [Set<string>, Set<string>];
  if (isQuestion(sentence) || additional.test(sentence)) return false;
  const both = shared(old, now);
  const isSwap = both > 0 && old.size - both === 1 && now.size - both === 1;
  if (isRule && (isSwap || hasOtherValue(sentence, ruling) || isOpposite(sentence, ruling))) return true;
  // "The webhook no longer works, can you fix it?" is a report.
  const isReport = [didNotWork, defect, mended, appeal, /\b(?:works?|look into)\b/i].some((cue) => cue.test(sentence));
  return !isReport && (retraction.test(sentence) || (isRule && replacing.test(sentence))) && isNamedIn(old, now);
}

/** "Never bump the sdk", "you can bump the sdk from here on"; the other way round "never …". Another use of the words is no opposite. */
function isOpposite(sentence: string, ruling: string): boolean {
  const [now, old] = [readSentence(sentence), readSentence(ruling)];
  const isOther = old.isNegated
    ? !now.isNegated && permission.test(sentence)
    : now.isNegated && alwaysOrNever.test(sentence);
  const [words, before] = [contentOf(sentence), contentOf(ruling)];
  return isOther && shared(words, before) >= Math.max(2, Math.min(words.size, before.size) * 0.5);
}

/** "Store amounts as `bigint`", "store amounts as `numeric`" */
function hasOtherValue(sentence: string, ruling: string): boolean {
  const [values, olds] = [sentence, ruling].map((text) => new Set(text.match(/`[^`]+`|\d+/g))) as [
    Set<string>,
    Set<string>,
  ];
  const [words, before] = [sentence, ruling].map((text) => contentOf(text.replace(/`[^`]+`|\d+/g, ' '))) as [
    Set<string>,
    Set<string>,
  ];
  if (values.size === 0 || olds.size === 0 || shared(values, olds) > 0) return false;
  return shared(words, before) >= Math.max(2, Math.min(words.size, before.size) * 0.6);
}

/** A third of the subject's words, one at least. */
function isNamedIn(subject: ReadonlySet<string>, prompt: ReadonlySet<string>): boolean {
  return shared(subject, prompt) >= Math.max(1, subject.size / 3);
}
