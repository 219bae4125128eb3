// Whether a statement repeats something that the session overturned, and whether it describes it as past. Pure.
import { stemmedWords } from '../../index/words.ts';
import { namesIn } from './names.ts';
import { containment } from './similarity.ts';

/** Minimum share of an overturned line's words for a statement on the same subject. */
const sameMatter = 0.6;
const sameMatterWithoutNames = 0.75;

/** Words of the past, of refusal and of correction, in common languages. */
const past =
  /\b(?:was|were|had|until|no longer|not|never|nor|without|instead|rather than|formerly|previously|earlier|before|used to|replaced|removed|refused|rejected|reverted|dropped|superseded|ruled out|given up|tried|failed|fixed|war|waren|wurden?|nicht|keine?n?|statt|früher|vorher|bis|abgelehnt|verworfen|fue|era|ya no|no|nunca|sin|antes|en lugar|en vez|rechazad[oa]|était|n'est|pas|plus|jamais|sans|avant|au lieu|refusée?|rejetée?|foi|não|deixou|sem|recusad[oa]|rejeitad[oa])\b|n't\b|不再|不是|不用|没有|曾|以前|之前|改为|拒绝|ではなく|ない|以前|だった|やめ/iu;

export function isToldAsPast(text: string): boolean {
  return past.test(text);
}

/** Whether the statement repeats the claim in `line`: all of its names, and most of its words. */
export function sharesNames(statement: string, line: string): boolean {
  const names = tokensOf(line).filter(isName);
  const words = new Set(stemmedWords(line));
  if (words.size < 2) return false;
  const share = containment(words, new Set(stemmedWords(statement)));
  if (names.length === 0) return share >= sameMatterWithoutNames;
  const tokens = new Set(tokensOf(statement));
  return names.every((name) => tokens.has(name)) && share >= sameMatter;
}

/** Whole words including inner signs, so that `utf-8` does not match `utf-8-sig`. */
function tokensOf(text: string): string[] {
  const tokens = text.match(/[\p{L}\p{N}_$@.](?:[\p{L}\p{N}_$@]|[.,/:\\-](?=[\p{L}\p{N}_$@]))*/gu) ?? [];
  return tokens.map((token) => (namesIn(token).length > 0 ? token : token.toLowerCase()));
}

function isName(token: string): boolean {
  return /[\d_$@./:\\-]/.test(token) || namesIn(token).length > 0;
}
