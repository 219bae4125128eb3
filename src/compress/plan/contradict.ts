// Whether two statements on the same subject contradict each other. Conservative and pure: the result asks a person to check.
import { stemmedWords } from '../../index/words.ts';
import { namesIn } from './names.ts';
import type { Statement } from './similarity.ts';
import { jaccard } from './similarity.ts';

const negation =
  /\b(?:not|no longer|never|cannot|without|stopped|isn't|aren't|doesn't|don't|didn't|won't|can't|mustn't|shouldn't|wasn't|removed|disabled|forbidden|fails?)\b|n't\b/gi;
const replacement = /\b(?:instead of|rather than|in favou?r of|over)\b/i;
/** Numbers with units, quoted values, code. */
const value =
  /`[^`\n]{1,60}`|"[^"\n]{1,60}"|\b\d+(?:[.,:]\d+)*(?:\s?(?:ms|s|min|h|kb|mb|gb|kib|mib|%|px|days?|hours?|minutes?|seconds?))?\b/gi;
const correction =
  /\b(?:no longer|was wrong|were wrong|turned out|actually|in fact|correct(?:ion|ed|s)|instead of what|contrary to|not .{1,40} as (?:assumed|thought|noted|said)|has since|now (?:uses?|is|runs?|needs?|raises?|returns?))\b/i;

/** Lists without repetition: an import holds those of ten thousand records, and a set takes five times as much. */
export interface Claimed {
  isNegated: boolean;
  values: readonly string[];
  words: readonly string[];
  /** Identifiers, in lower case. */
  names: readonly string[];
  /** The words right before and right after "instead of". */
  sides?: [string, string];
}

function readSentence(sentence: string): Claimed {
  const negations = sentence.match(negation)?.length ?? 0;
  const values = (sentence.match(value) ?? []).map((text) => text.toLowerCase().replace(/\s+/g, ''));
  const bare = sentence.replace(value, ' ').replace(negation, ' ');
  const claimed: Claimed = {
    isNegated: negations % 2 === 1,
    values,
    words: [...new Set(stemmedWords(bare))],
    names: [...new Set(namesIn(sentence).flatMap((name) => (/\p{L}/u.test(name) ? [name.toLowerCase()] : [])))],
  };
  const [head = '', tail, more] = sentence.split(replacement, 3);
  if (tail === undefined || more !== undefined) return claimed;
  const [before, after] = [stemmedWords(head).at(-1), stemmedWords(tail)[0]];
  if (before !== undefined && after !== undefined) claimed.sides = [before, after];
  return claimed;
}

const without = (values: readonly string[], others: readonly string[]): string[] =>
  values.filter((each) => !others.includes(each));

function excludes(a: Claimed, words: ReadonlySet<string>, b: Claimed): boolean {
  // Fewer than three common words are not a common subject; a common name is stronger evidence than words.
  if (words.size < 3 || b.words.length < 3) return false;
  const likeness = jaccard(words, b.words);
  if (likeness < 0.5 || (likeness < 0.75 && !a.names.some((name) => b.names.includes(name)))) return false;
  if (a.sides !== undefined && b.sides !== undefined && a.sides[0] === b.sides[1] && a.sides[1] === b.sides[0])
    return true;
  if (a.isNegated !== b.isNegated) return a.values.join(' ') === b.values.join(' ');
  const [own, other] = [without(a.values, b.values), without(b.values, a.values)];
  return own.length === 1 && other.length === 1;
}

function sentencesOf(statement: Statement): string[] {
  return [statement.title, statement.description, ...statement.facts].flatMap((text) =>
    text.split(/(?<=[.;!?])\s+/).filter((sentence) => sentence.trim() !== ''),
  );
}

export function claimsOf(statement: Statement): Claimed[] {
  return sentencesOf(statement).map(readSentence);
}

/** The caller has checked that both cite the same files or have the same subject. */
export function isContradiction(newer: Statement, older: Statement): boolean {
  return isOpposed(claimsOf(newer), claimsOf(older));
}

export function isOpposed(claims: readonly Claimed[], others: readonly Claimed[]): boolean {
  return claims.some((claimed) => {
    const words = new Set(claimed.words);
    return others.some((other) => excludes(claimed, words, other));
  });
}

/** The newer statement itself says that something was different before. */
export function isCorrection(newer: Statement): boolean {
  return correction.test([newer.title, newer.description, ...newer.facts].join('\n'));
}
