// Finds tokens of the table: a fast scan for the start of every prefix, then the row's own pattern at that position.

import { crc32 } from 'node:zlib';
import { isPlaceholderToken, isWordy } from './placeholder.ts';
import { appShapes } from './shapes-apps.ts';
import { codeShapes } from './shapes-code.ts';
import type { Shape } from './shapes.ts';
import { compileBody, compileTail, escapeLiteral } from './shapes.ts';

export interface Found {
  rule: string;
  start: number;
  end: number;
}

export const shapes: readonly Shape[] = [...codeShapes, ...appShapes];

interface Row {
  shape: Shape;
  pattern?: RegExp;
  lead?: RegExp;
  /** Matches the rest of a token longer than its pattern; absent for a fixed length. */
  tail?: RegExp | undefined;
}

/** Rows by the first two letters of their prefix, longest prefix first. */
const buckets = new Map<string, Row[]>();
for (const shape of shapes.toSorted((a, b) => b.prefix.length - a.prefix.length)) {
  const pair = shape.prefix.slice(0, 2);
  const bucket = buckets.get(pair);
  if (bucket === undefined) buckets.set(pair, [{ shape }]);
  else bucket.push({ shape });
}

let prefixes: RegExp | undefined;

/** One pattern for all positions of prefixes: up to four letters of each, plus the first part of the body for shorter ones. */
function compilePrefixes(): RegExp {
  const byFirst = new Map<string, Set<string>>();
  for (const { prefix, lead, body } of shapes) {
    const rest = escapeLiteral(prefix.slice(1, 4));
    const next = body[0];
    const isShort = prefix.length < 4 && lead === undefined && typeof next === 'object';
    const first = escapeLiteral(prefix.slice(0, 1));
    const known = byFirst.get(first) ?? new Set();
    byFirst.set(first, known.add(isShort ? `${rest}(?=[${next[0]}]{${next[1]}})` : rest));
  }
  return new RegExp([...byFirst].map(([first, rests]) => `${first}(?:${[...rests].join('|')})`).join('|'), 'g');
}

/** Tokens whose prefix is in `[from, to)`; a token may end after `to`. */
export function findShapes(text: string, from: number, to: number): Found[] {
  const found: Found[] = [];
  prefixes ??= compilePrefixes();
  prefixes.lastIndex = from;
  for (let hit = prefixes.exec(text); hit !== null && hit.index < to; hit = prefixes.exec(text)) {
    const at = hit.index;
    let next = at + 1;
    for (const row of buckets.get(text.slice(at, at + 2)) ?? []) {
      const match = matchRow(text, at, row);
      if (match === undefined) continue;
      found.push(match);
      next = Math.max(next, match.end);
      break;
    }
    prefixes.lastIndex = next;
  }
  return found;
}

function matchRow(text: string, at: number, row: Row): Found | undefined {
  const { shape } = row;
  if (!text.startsWith(shape.prefix, at)) return undefined;
  const start = startOf(text, at, row);
  if (start === undefined) return undefined;
  if (row.pattern === undefined) {
    row.pattern = compileBody(shape);
    row.tail = compileTail(shape);
  }
  row.pattern.lastIndex = at + shape.prefix.length;
  if (!row.pattern.test(text)) return undefined;
  let end = row.pattern.lastIndex;
  if (row.tail === undefined && isLetter(text.charCodeAt(end)) && isLetter(text.charCodeAt(end - 1))) return undefined;
  const body = text.slice(start, at) + text.slice(at + shape.prefix.length, Math.min(end, at + 160));
  if (isPlaceholderToken(body) && !(shape.checksum !== undefined && hasChecksum(body))) return undefined;
  // A short prefix is weak evidence: the rest must look random.
  if (shape.prefix.length < 4 && (isWordy(body) || (!/\d/.test(body) && !/[_-]$/.test(shape.prefix)))) return undefined;
  if (row.tail !== undefined) {
    row.tail.lastIndex = end;
    row.tail.test(text);
    end = Math.max(end, row.tail.lastIndex);
  }
  return { rule: shape.id, start, end };
}

/** Start of the token, at its prefix or lead; undefined inside a longer word. */
function startOf(text: string, at: number, row: Row): number | undefined {
  const lead = row.shape.lead;
  if (lead === undefined) {
    const first = row.shape.prefix.charCodeAt(0);
    return !isLetter(first) || isBoundary(text, at) ? at : undefined;
  }
  row.lead ??= new RegExp(`[${lead[0]}]`);
  const most = lead[2] ?? 512;
  let start = at;
  while (start > 0 && at - start < most && row.lead.test(text.charAt(start - 1))) start--;
  // The lead must not include a letter of an escape, such as the n of
  // .
  for (; start <= at - lead[1]; start++)
    if (isBoundary(text, start) || !row.lead.test(text.charAt(start - 1))) return start;
  return undefined;
}

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

const escapeBefore =
  /(?:\\[nrtbfv0ae]|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|%[0-9a-f]{2}|\[[0-9;]{0,12}m|&(?:quot|amp|lt|gt|apos|#\d{1,4});?)$/i;

/**
 * Whether a word can begin at `at`: at the text's start, after a non-letter, or after an escape (`
 * `, `%3D`, `\u003d`, `\x1b[32m`).
 */
export function isBoundary(text: string, at: number): boolean {
  if (at === 0 || !isLetter(text.charCodeAt(at - 1))) return true;
  return escapeBefore.test(text.slice(Math.max(0, at - 16), at));
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six letters are the CRC-32 of the others in base 62: a valid one proves a real token, even if it looks like an example. */
function hasChecksum(body: string): boolean {
  let rest = crc32(body.slice(0, -6));
  let written = '';
  for (let digit = 0; digit < 6; digit++) {
    written = base62.charAt(rest % 62) + written;
    rest = Math.floor(rest / 62);
  }
  return body.endsWith(written);
}
