// Redacts secrets in a text: each is replaced by `[REDACTED:rule]`, never by a hash; text that could not be scanned in time is removed too.

import { createHash } from 'node:crypto';
import { findAssignments } from './find-assignments.ts';
import { findKeyBlocks } from './find-blocks.ts';
import { findLogins, findPairs } from './find-logins.ts';
import { findShapes, type Found } from './find-shapes.ts';
import { findKnown, findRecurring } from './known-values.ts';
import { isWordy } from './placeholder.ts';
import { findPhrases } from './find-phrases.ts';
import { changedRanges, replaceRanges, unfold } from './unfold.ts';

/** UTF-16 offsets in the original text. */
export type Finding = Found;

export interface RedactOptions {
  /** Known secret values, at least 6 characters each; see knownValuesFrom. */
  knownValues?: readonly string[];
  /** Values found in other texts; see recurringValues. */
  recurring?: readonly string[];
  /** Fingerprints (see fingerprint) of exact values that a reviewed file allows. */
  allow?: ReadonlySet<string>;
  /** Milliseconds, monotonic. Without a clock there is no time limit. */
  clock?: () => number;
  limitMs?: number;
}

/** Each window is searched with what follows it: larger ones search less twice, smaller ones notice the time limit sooner. */
const windowChars = 128 * 1024;
/** Windows overlap by this much, so that a token across a border is found. */
const overlapChars = 1024;
/** What begins in a window ends within this much after it: a key block, at most. */
const aheadChars = 40 * 1024;
const defaultLimitMs = 2000;

const finders: readonly ((text: string, from: number, to: number) => Found[])[] = [
  findKeyBlocks,
  findShapes,
  findLogins,
  findPairs,
  findAssignments,
  findPhrases,
];

/** Never throws; idempotent. Findings hold rule and position, never the value. */
export function redact(text: string, options: RedactOptions = {}): { text: string; findings: Finding[] } {
  if (text.length < 6) return { text, findings: [] };
  const findings = findSecrets(text, options);
  if (findings.length === 0) return { text, findings };
  let result = replaceFound(text, findings);
  // A replacement can expose neighbouring text: repeat until nothing is found.
  for (let pass = 0; pass < 6; pass++) {
    const more = findSecrets(result, options);
    if (more.length === 0) return { text: result, findings };
    result = replaceFound(result, more);
  }
  return { text: '[REDACTED:unscanned]', findings };
}

/** First 16 hex digits of the SHA-256 of a value, as used in allow-lists. */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}

/** Ranges in order, without overlaps. A value found once is found wherever it recurs. */
export function findSecrets(text: string, options: RedactOptions = {}): Finding[] {
  const { clock, limitMs = defaultLimitMs, allow } = options;
  const deadline = clock === undefined ? Infinity : clock() + limitMs;
  const isLate = (): boolean => clock !== undefined && clock() > deadline;
  const found = scan(text, options, isLate);
  // Also searches the text as a terminal, browser or parser would read it, where that differs.
  const plain = unfold(text);
  for (const [from, to] of plain ? changedRanges(plain) : [])
    for (const { rule, start, end } of scan(plain!.text.slice(from, to), options, isLate))
      found.push({ rule, start: plain!.at[from + start]!, end: plain!.at[from + end]! });
  const findings = mergeFound(text, found, allow);
  const again = findRecurring(text, recurringValues(text, findings));
  return again.length === 0 ? findings : mergeFound(text, [...findings, ...again], allow);
}

function scan(text: string, options: RedactOptions, isLate: () => boolean): Found[] {
  const found = [...findKnown(text, options.knownValues ?? []), ...findRecurring(text, options.recurring ?? [])];
  for (let from = 0; from < text.length; from += windowChars) {
    const start = Math.max(0, from - overlapChars);
    // A pattern without a match in the window would search to the end of the text, each time.
    const left = Math.max(0, start - overlapChars);
    const piece = text.slice(left, from + windowChars + aheadChars);
    for (const find of finders) {
      if (isLate()) return [...found.filter((one) => one.end <= start), { rule: 'unscanned', start, end: text.length }];
      for (const one of find(piece, start - left, from + windowChars - left)) {
        const end = one.end === piece.length ? endOfRun(text, left + one.end) : left + one.end;
        found.push({ rule: one.rule, start: left + one.start, end });
      }
    }
  }
  return found;
}

/** A token that is longer than the part of the text that was looked at ends with its letters. */
function endOfRun(text: string, at: number): number {
  let end = at;
  while (end < text.length && /[^\s"'`]/.test(text.charAt(end))) end++;
  return end;
}

/** Findings that are not single values, or are already known. */
const unlearned = /^(?:unscanned|private-key|password-hash|known-value)$/;
const maxRecurring = 200;

/** Found values to mask wherever they recur: no words, no phrases, and none too short. */
export function recurringValues(text: string, findings: readonly Found[]): string[] {
  const values = new Set<string>();
  for (const { rule, start, end } of findings) {
    const value = text.slice(start, end);
    if (unlearned.test(rule) || value.length < 6 || value.length > 1024 || /\s/.test(value)) continue;
    if (values.size < maxRecurring && (/\d/.test(value) || /[^\w.-]/.test(value) || !isWordy(value))) values.add(value);
  }
  return [...values];
}

/** Masks the values wherever they recur; see recurringValues. */
export function maskRecurring(text: string, values: readonly string[]): string {
  const found = findRecurring(text, values);
  return found.length === 0 ? text : replaceFound(text, mergeFound(text, found));
}

/** Neither a finding nor what overlapping ones cover together may be an allowed value. */
function mergeFound(text: string, found: readonly Found[], allow: ReadonlySet<string> = new Set()): Finding[] {
  const isKept = ({ start, end }: Found): boolean =>
    allow.size === 0 || !allow.has(fingerprint(text.slice(start, end)));
  const merged: Finding[] = [];
  for (const one of found.filter(isKept).toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last !== undefined && one.start < last.end) last.end = Math.max(last.end, one.end);
    else merged.push({ ...one });
  }
  return merged.filter(isKept);
}

function replaceFound(text: string, findings: readonly Finding[]): string {
  return replaceRanges(text, findings, ({ rule }) => `[REDACTED:${rule}]`);
}
