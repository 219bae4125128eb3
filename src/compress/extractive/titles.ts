// Titles as a colleague would write them: one clause of the session's own words, at most 90 characters.
import { titleMaxChars } from '../../domain/record.ts';
import { dangling, pointing } from './cues.ts';
import { plainText, raiseFirst, splitSentences } from './sentences.ts';
import { clip } from './words.ts';

const breaks = [
  /\s[—–]\s/g,
  /\s-\s/g,
  /;\s/g,
  /\.\s/g,
  /:\s/g,
  /,\s(?=(?:so|but|and|because|which|since|while|not|instead|rather)\b)/gi,
  /\s(?=(?:because|since|so that|rather than|instead of|which|while|when|after|before)\b)/gi,
  /,\s/g,
  /\s(?=and\b)/gi,
];
const trailing =
  /[\s,;:–—-]+$|\s+(?:and|or|but|so|the|a|an|of|to|in|on|at|by|for|with|from|that|which|is|are|was|as|because|via|using|both)$/i;

/** Openings of a clause that hangs on another one, or speaks of the writer. */
const unfit =
  /^(?:(?:because|since|when|while|after|before|if|as)\b(?!.{8,}, )|so|rather|instead|which|not|or|i|we|my|our|you|your|given|with|all|no new|good|great|now|currently)\b/i;

/** Words that announce a finding without being one. */
const contentless =
  /^(?:the |one |another )?(?:\w+ )?(?:issue|problem|bug|reason|cause|culprit|catch|fix|thing) (?:here |in this \w+ )?(?:is|was)(?: that)?:? (?=\S)|^(?:\w+ )?fix in this session: |^root cause(?: is| was)?(?: that)?:? (?=\S)/i;

/** The writer as the doer: `We keep x` reads as `Keep x`. */
const ownDoing =
  /^(?:we|i) (?!am\b|are\b|was\b|were\b|have\b|had\b|can\b|could\b|need\b|will\b|would\b|should\b|do\b|did\b|don't\b|didn't\b|think\b|see\b|also\b|just\b|still\b)(?=\p{Ll})/iu;

/** `feat(scope)!: subject (#12)` → kind `feat`, `Subject`. */
export function readSubject(subject: string): { prefix: string; text: string } {
  const match = /^(\w+)(?:\([^)]*\))?!?:\s+(.*)$/.exec(subject);
  const text = (match?.[2] ?? subject).replace(/\s*\((?:#\d+|[\w.-]*\d[\w.-]*|[a-z]+-[a-z0-9.]+)\)\s*$/i, '');
  return { prefix: match?.[1]?.toLowerCase() ?? '', text: raiseFirst(text.trim()) };
}

function tidy(text: string): string {
  let title = text.trim();
  for (let before = ''; before !== title;) {
    before = title;
    title = title.replace(trailing, '');
  }
  title = title
    .replace(/[.。]$/, '')
    .replace(contentless, '')
    .replace(ownDoing, '');
  if ((title.split('`').length - 1) % 2 === 1) title = title.replace(/`/g, '');
  if ((title.match(/\(/g)?.length ?? 0) > (title.match(/\)/g)?.length ?? 0))
    title = title.slice(0, title.lastIndexOf('(')).trim();
  return raiseFirst(title);
}

/** Which letters stand in code, quotes or brackets: no title is cut there. */
function insideOf(text: string): boolean[] {
  let depth = 0;
  let code = false;
  return [...text].map((letter) => {
    if (letter === '`') code = !code;
    else if (!code && '([{'.includes(letter)) depth++;
    else if (!code && ')]}'.includes(letter)) depth = Math.max(0, depth - 1);
    return code || depth > 0;
  });
}

function isTitle(title: string): boolean {
  if (title.length > titleMaxChars || title.length < 18 || title.split(/\s+/).length < 3) return false;
  if (/[;,]\s*(?:i|we|it|they|this|that|you)\s+\w+$/i.test(title)) return false;
  if (/\b(?:I|my)\b/.test(title)) return false;
  return !dangling.test(title) && !unfit.test(title) && !pointing.test(title);
}

/** One clause of the text that can stand alone, the longest that fits; undefined when none can. */
export function makeTitle(text: string): string | undefined {
  const sentence = plainText(text);
  const first = splitSentences(sentence)[0] ?? sentence;
  for (const whole of [first, first.replace(/\s*\((?:[^()]|\([^)]*\)){8,}\)/g, '')]) {
    if (isTitle(tidy(whole))) return tidy(whole);
    const inside = insideOf(whole);
    const cuts = breaks
      .flatMap((pattern) => [...whole.matchAll(pattern)])
      .filter((match) => inside[match.index] !== true);
    const heads = cuts
      .map((match) => tidy(whole.slice(0, match.index)))
      .filter((title) => isTitle(title) && title.length > 28);
    heads.sort((a, b) => b.length - a.length);
    if (heads[0] !== undefined) return heads[0];
    const tails = cuts
      .map((match) => tidy(whole.slice(match.index + match[0].length)))
      .filter((title) => isTitle(title) && title.length > 28);
    tails.sort((a, b) => b.length - a.length);
    if (tails[0] !== undefined) return tails[0];
  }
  return unfit.test(first) || dangling.test(first) || pointing.test(first)
    ? undefined
    : clip(tidy(first), titleMaxChars);
}
