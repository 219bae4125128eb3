// Answers that the user took back later.
import type { Turn } from '../session/prepared-session.ts';
import { otherWay, refusal } from './language.ts';
import { shared, subjectOf } from './content-words.ts';

/** A later prompt that wants it another way and names what was chosen. */
export function isReplaced(subject: string, chosen: string, later: readonly Turn[]): boolean {
  return later.some(
    ({ prompt }) =>
      (otherWay.test(prompt) || refusal.test(prompt)) &&
      isNamedIn(subjectOf(chosen), subjectOf(prompt.replace(otherWay, ' '))) &&
      shared(subjectOf(subject), subjectOf(prompt.replace(otherWay, ' '))) >= 1,
  );
}

/** A third of the subject's words, one at least. */
function isNamedIn(subject: ReadonlySet<string>, prompt: ReadonlySet<string>): boolean {
  return shared(subject, prompt) >= Math.max(1, subject.size / 3);
}
