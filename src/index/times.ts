// "When did …?" is answered by a record that names a time. The index keeps a mark for those.
import { monthNames } from './words.ts';

/** A term that no text can hold: words have no `#`. */
export const timeMark = '#time';

/** How much more such a record counts when a time is asked. */
export const timeWeight = 1.25;

const asks =
  /^\W*(?:when|how long|since when|until when|(?:on |in |at )?(?:what|which) (?:day|date|time|week|month|year))\b/i;
// "may" and "march" are other words as well.
const months = monthNames.filter((name) => name !== 'may' && name !== 'march').join('|');
const tells = new RegExp(
  String.raw`\b(?:yesterday|today|tonight|tomorrow|ago|last|next|since|until|days?|weeks?|weekends?|months?|years?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|${months}|summer|winter|spring|autumn|recently|soon|\d{4}-\d{2}(?:-\d{2})?)\b`,
  'i',
);

export function asksTime(question: string): boolean {
  return asks.test(question);
}

export function tellsTime(text: string): boolean {
  return tells.test(text);
}
