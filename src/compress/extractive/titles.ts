// Titles as a colleague would write them: one clause of the session's own words, at most 90 characters.
import { titleMaxChars } from '../../domain/record.ts';
import { dangling } from './cues.ts';
import { plainText, raiseFirst } from './sentences.ts';
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
  title = title.replace(/[.。]$/, '');
  if ((title.split('`').length - 1) % 2 === 1) title = title.replace(/`/g, '');
  if ((title.match(/\(/g)?.length ?? 0) > (title.match(/\)/g)?.length ?? 0))
    title = title.slice(0, title.lastIndexOf('(')).trim();
  return raiseFirst(title);
}

/** One clause of the text that can stand alone, or undefined when none can. */
export function makeTitle(text: string): string | undefined {
  const sentence = plainText(text).replace(/\s*\((?:[^()]|\([^)]*\)){12,}\)/g, '');
  const first = /^(.{20,}?[^.])\.\s/.exec(sentence)?.[1] ?? sentence;
  const label = /^((?:\S+\s+){2,11}\S+?):\s/.exec(first)?.[1];
  const options = [label, first].filter((option) => option !== undefined);
  for (const pattern of breaks) {
    for (const match of first.matchAll(pattern))
      options.push(first.slice(0, match.index), first.slice(match.index + match[0].length));
  }
  for (const option of options) {
    const title = tidy(option);
    if (title.length > titleMaxChars || title.length < 18 || title.split(/\s+/).length < 3) continue;
    if (
      dangling.test(title) ||
      /^(?:because|since|so|rather|instead|which|when|while|after|before|not)\b/i.test(title) ||
      /^(?:i|we|my)\b/i.test(title)
    )
      continue;
    return title;
  }
  if (dangling.test(first) || /^(?:i|we|my)\b/i.test(first)) return undefined;
  return clip(tidy(first), titleMaxChars);
}
