// Decodes a text as it is displayed: without terminal codes and invisible characters, with escapes resolved, because these could hide a secret.

const folded =
  /(?:[\u001b\u009b]|\\{1,8}(?:u001b|x1b|033|e))(?:\[[0-?]{0,32}[ -/]{0,8}[@-~]|\][^\u0007\u001b\n]{0,512}(?:\u0007|\u001b\\))?|[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]|\u034f|[\u17b4-\u17b5]|[\u180b-\u180d]|[\ufe00-\ufe0f]|\\{1,8}u([0-9a-f]{4})|\\{1,8}x([2-7][0-9a-f])|%([2-7][0-9a-f])|&#(?:(\d{2,3})|x([0-9a-f]{2}));|[\uff01-\uff5e]/gi;

export interface Decoded {
  text: string;
  /** Offset in `text` (including its end) → offset in the original text. */
  at: Uint32Array;
  /** Offsets in `text` of what was replaced. */
  changes: number[];
}

/** Text on each side of a change that a secret can reach over. */
const aroundChars = 1024;
const lineMaxChars = 4096;

/** The text with each match of `pattern` (global) replaced, and the way back to the original offsets. Undefined when nothing matches. */
export function decode(
  text: string,
  pattern: RegExp,
  replace: (match: RegExpMatchArray) => string,
): Decoded | undefined {
  if (text.search(pattern) < 0) return undefined;
  const parts: string[] = [];
  const changes: number[] = [];
  const at = new Uint32Array(text.length + 1);
  let length = 0;
  let from = 0;
  const copy = (end: number): void => {
    parts.push(text.slice(from, end));
    for (; from < end; from++) at[length++] = from;
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    const plain = replace(match);
    changes.push(length);
    parts.push(plain);
    for (let each = 0; each < plain.length; each++) at[length++] = match.index;
    from = match.index + match[0].length;
  }
  copy(text.length);
  at[length] = text.length;
  return { text: parts.join(''), at, changes };
}

/** Each range (in order, without overlaps) replaced. */
export function replaceRanges<R extends { start: number; end: number }>(
  text: string,
  ranges: readonly R[],
  filler: (range: R) => string,
): string {
  let result = '';
  let from = 0;
  for (const range of ranges) {
    result += text.slice(from, range.start) + filler(range);
    from = range.end;
  }
  return result + text.slice(from);
}

/** Undefined when nothing changes. */
export function unfold(text: string): Decoded | undefined {
  return decode(text, folded, resolve);
}

/** Ranges of a decoded text around its changes, in whole lines where these are short. */
export function changedRanges({ text, changes }: Decoded): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const change of changes) {
    const last = ranges.at(-1);
    if (last !== undefined && change + aroundChars <= last[1]) continue;
    const left = Math.max(0, change - lineMaxChars);
    const from = left + text.slice(left, Math.max(0, change - aroundChars)).lastIndexOf('\n') + 1;
    const line = text.slice(change + aroundChars, change + lineMaxChars).indexOf('\n');
    const to = Math.min(text.length, change + (line < 0 ? lineMaxChars : aroundChars + line));
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else ranges.push([from, to]);
  }
  return ranges;
}

function resolve(match: RegExpMatchArray): string {
  const [whole, unicode, byte, percent, decimal, entity] = match;
  const hex = unicode ?? byte ?? percent ?? entity;
  const code = hex !== undefined ? parseInt(hex, 16) : Number(decimal ?? NaN);
  if (code >= 32 && code < 127) return String.fromCharCode(code);
  if (!Number.isNaN(code)) return code === 10 || code > 127 ? whole : '';
  return halfWidth(whole);
}

/** A full-width letter in its usual width; '' for anything else. */
export function halfWidth(letter: string): string {
  const code = letter.charCodeAt(0);
  return code >= 0xff01 && code <= 0xff5e ? String.fromCharCode(code - 0xfee0) : '';
}
