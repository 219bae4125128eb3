// Whether two statements on the same subject contradict each other. Conservative and pure: the result asks a person to check.
import { stemmedWords } from '../../index/words.ts';
import { namesIn } from './names.ts';
import type { Statement } from './similarity.ts';
import { jaccard } from './similarity.ts';

/** Words that say that something is not so, in the languages of the rules; scripts without spaces have no word boundaries. */
export const negation =
  /(?<![\p{L}\p{N}_])(?:not|no|no longer|never|cannot|without|stopped|\p{L}+n't|removed|disabled|forbidden|fails?|nicht|kein\p{L}*|nie|ohne|pas|jamais|sans|nunca|sin|não|nem|sem|non|mai|senza)(?![\p{L}\p{N}_])|不|没|未|ない|ません|ではなく/giu;
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

export function readSentence(sentence: string): Claimed {
  const negations = sentence.match(negation)?.length ?? 0;
  const values = (sentence.match(value) ?? []).map((text) => text.toLowerCase().replace(/\s+/g, ''));
  const bare = sentence.replace(value, ' ').replace(negation, ' ');
  const names = namesIn(sentence).filter((name) => /\p{L}/u.test(name));
  const [head = '', tail, more] = sentence.split(replacement, 3);
  const isOnce = tail !== undefined && more === undefined;
  return {
    isNegated: negations % 2 === 1,
    values,
    words: [...new Set(stemmedWords(bare))],
    names: [...new Set(names.map((name) => name.toLowerCase()))],
    sides: isOnce ? [stemmedWords(head).at(-1) ?? '', stemmedWords(tail)[0] ?? ''] : undefined,
  };
}

const without = (values: readonly string[], others: readonly string[]): string[] =>
  values.filter((each) => !others.includes(each));

/** Whether one statement excludes the other: the opposite, or another value. `words` are a's, for many comparisons of it. */
export function excludes(a: Claimed, b: Claimed, words: ReadonlySet<string> = new Set(a.words)): boolean {
  // Few words are no subject; a common name is stronger evidence than words, and enough for another value.
  const isNamed = a.names.some((name) => b.names.includes(name));
  if (Math.min(words.size, b.words.length) < (isNamed && a.isNegated === b.isNegated ? 2 : 3)) return false;
  if (jaccard(words, b.words) < (isNamed ? 0.5 : 0.75)) return false;
  if (a.sides && b.sides && a.sides[0] === b.sides[1] && a.sides[1] === b.sides[0]) return true;
  if (a.isNegated !== b.isNegated) return a.values.join(' ') === b.values.join(' ');
  const [own, other] = [without(a.values, b.values), without(b.values, a.values)];
  return own.length === 1 && other.length === 1;
}

export function claimsOf({ title, description, facts }: Statement): Claimed[] {
  const sentences = [title, description, ...facts].flatMap((text) => text.split(/(?<=[.;!?])\s+/));
  return sentences.filter((sentence) => sentence.trim() !== '').map(readSentence);
}

/** The caller has checked that both cite the same files or have the same subject. */
export function isOpposed(claims: readonly Claimed[], others: readonly Claimed[]): boolean {
  return claims.some((claimed) => {
    const words = new Set(claimed.words);
    return others.some((other) => excludes(claimed, other, words));
  });
}

/** The newer statement itself says that something was different before. */
export function isCorrection({ title, description, facts }: Statement): boolean {
  return correction.test([title, description, ...facts].join('\n'));
}
