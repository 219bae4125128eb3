// Finds tokens of the table: a fast scan for the start of every prefix, then the row's own pattern at that position.

import { once } from '../domain/once.ts';
import { isPlaceholderToken, isWordy } from './placeholder.ts';
import { escapeLiteral, shapes, type Part, type Shape } from './shapes.ts';

export interface Found {
  rule: string;
  start: number;
  end: number;
}

interface Rule {
  shape: Shape;
  /** The part after the prefix; sticky. Made at the first text with the prefix: most are in no text. */
  body: () => RegExp;
  lead: RegExp | undefined;
  /** Matches the rest of a token longer than its pattern; absent for a fixed length. */
  tail: RegExp | undefined;
}

/** Maximum length per part in the pattern. */
const maxPart = 512;

const sourceOf = (part: string | Part): string =>
  typeof part === 'string' ? escapeLiteral(part) : `[${part[0]}]{${part[1]},${part[2] ?? maxPart}}`;

const readRules = once(() => {
  const rules = shapes
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
    .map((shape): Rule => {
      const last = shape.body.at(-1);
      return {
        shape,
        body: once(() => new RegExp(shape.body.map(sourceOf).join(''), 'y')),
        lead: shape.lead && new RegExp(`[${shape.lead[0]}]`),
        tail: typeof last === 'object' && last[2] === undefined ? new RegExp(`[${last[0]}]*`, 'y') : undefined,
      };
    });
  /** With the first part of the body after short prefixes, which are frequent. */
  const starts = shapes.map(({ prefix, lead, body: [next] }) => {
    const isShort = prefix.length < 4 && lead === undefined && typeof next === 'object';
    return escapeLiteral(prefix.slice(0, 4)) + (isShort ? `(?=[${next[0]}]{${next[1]}})` : '');
  });
  return { rules, prefixes: new RegExp([...new Set(starts)].sort().join('|'), 'g') };
});

/** Tokens whose prefix is in `[from, to)`; a token may end after `to`. */
export function findShapes(text: string, from: number, to: number): Found[] {
  const { rules, prefixes } = readRules();
  const found: Found[] = [];
  for (const { index } of matchesIn(prefixes, text, from, to)) {
    prefixes.lastIndex = index + 1;
    for (const rule of rules) {
      const match = matchRule(text, index, rule);
      if (match === undefined) continue;
      found.push(match);
      prefixes.lastIndex = Math.max(index + 1, match.end);
      break;
    }
  }
  return found;
}

function matchRule(text: string, at: number, rule: Rule): Found | undefined {
  const { prefix, id } = rule.shape;
  if (!text.startsWith(prefix, at)) return undefined;
  const start = startOf(text, at, rule);
  const pattern = rule.body();
  if (start === undefined || !matchAt(pattern, text, at + prefix.length)) return undefined;
  const end = pattern.lastIndex;
  if (rule.tail === undefined && isLetter(text.charCodeAt(end)) && isLetter(text.charCodeAt(end - 1))) return undefined;
  const body = text.slice(start, at) + text.slice(at + prefix.length, Math.min(end, at + 160));
  if (isPlaceholderToken(body)) return undefined;
  // A short prefix is weak evidence: the rest must look random.
  if (prefix.length < 4 && (isWordy(body) || (!/\d/.test(body) && !/[_-]$/.test(prefix)))) return undefined;
  return { rule: id, start, end: rule.tail && matchAt(rule.tail, text, end) ? rule.tail.lastIndex : end };
}

/** Start of the token, at its prefix or lead; undefined inside a longer word. */
function startOf(text: string, at: number, { shape, lead }: Rule): number | undefined {
  if (shape.lead === undefined || lead === undefined)
    return !isLetter(shape.prefix.charCodeAt(0)) || isBoundary(text, at) ? at : undefined;
  const [, min, max = maxPart] = shape.lead;
  let start = at;
  while (start > 0 && at - start < max && lead.test(text.charAt(start - 1))) start--;
  // The lead must not include a letter of an escape, such as the n of \n.
  for (; start <= at - min; start++) if (isBoundary(text, start) || !lead.test(text.charAt(start - 1))) return start;
  return undefined;
}

/** The matches of a global pattern that begin in `[from, to)`. The loop may move `lastIndex`. */
export function* matchesIn(pattern: RegExp, text: string, from: number, to: number): Generator<RegExpExecArray> {
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text)) yield match;
}

/** Whether a sticky pattern matches at the offset; its `lastIndex` is the end of the match. */
export function matchAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

const escapeBefore =
  /(?:\\[nrtbfv0ae]|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}|\[[0-9;]{0,12}m|&(?:quot|amp|lt|gt|apos|#\d{1,4});?)$/i;

/** Whether a word can begin at `at`: at the text's start, after a non-letter, or after an escape (`\n`, `%3D`, `\u003d`, `\x1b[32m`). */
export function isBoundary(text: string, at: number): boolean {
  if (at === 0 || !isLetter(text.charCodeAt(at - 1))) return true;
  return escapeBefore.test(text.slice(Math.max(0, at - 16), at));
}
