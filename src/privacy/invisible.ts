// Cleans record texts for display to a model: no invisible characters, and nothing that opens or closes markup, fences or a host's tags.

/** A fast test for text that cleanLine may change; it may match more than necessary. */
const unclean = /[^\x20-\x7e]|<| {2}|^ | $|`{3}|~{3}|[-=*_+]{3}|-->|\]\]>/;

/** One line: newlines and runs of white space become one space. At most `maxChars` UTF-16 units, including `…`. */
export function cleanLine(text: string, maxChars = Infinity): string {
  if (!unclean.test(text)) return cutText(text, maxChars);
  const line = removeInvisible(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/`{3,}/g, "'''")
    .replace(/~{3,}/g, '~~')
    .replace(/(^|\s)(?:-{3,}|={3,}|\*{3,}|_{3,}|\+{3,})(?=\s|$)/g, '$1—');
  return cutText(escapeMarkup(line), maxChars);
}

/** Multi-line text: newlines, tabs and code fences are kept; tags that a host could obey, comments and invisible characters are not. */
export function cleanText(text: string): string {
  return removeInvisible(text.replace(/\r\n?|[\u2028\u2029\u0085\v\f]/g, '\n'))
    .replace(hostLike, '&lt;')
    .replace(/<(?=[!?])|＜/g, '&lt;')
    .replace(/--+(?=>)/g, '$&\\');
}

/** Cuts at `maxChars` without splitting a surrogate pair, an emoji sequence or a letter from its marks. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  if (maxChars < 1) return '';
  let end = maxChars - 1;
  while (end > 0 && joinsLeft(text, end)) end--;
  return text.slice(0, end).trimEnd() + '…';
}

/** Removes invisible and direction-changing characters; emoji sequences and joined scripts are kept. */
export function removeInvisible(text: string): string {
  if (!/[^\t\n\r\x20-\x7e]/.test(text)) return text;
  return text
    .replace(terminalCodes, '')
    .replace(/[\u2028\u2029\u0085]/g, '\n')
    .toWellFormed()
    .replace(unseen, (found: string, at: number, whole: string) => (isNeeded(found, at, whole) ? found : ''));
}

/**
 * Escapes all control, direction and invisible characters except newlines, tabs and our own colours, so that foreign text can neither
 * control the terminal nor hide on it.
 */
export function showControls(text: string): string {
  return text.replace(shown, (found: string, at: number, whole: string) => {
    if (found === '\r') return '';
    if (found.startsWith('\u001b[') || isNeeded(found, at, whole)) return found;
    const codes = Array.from({ length: found.length }, (_, unit) => found.charCodeAt(unit).toString(16));
    return codes.map((code) => (code.length < 3 ? `\\x${code.padStart(2, '0')}` : `\\u${code}`)).join('');
  });
}

/** Whether `removeInvisible` would remove the character at this position. */
export function isUnseenAt(text: string, at: number): boolean {
  const found = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return unseenOne.test(found) && !isNeeded(found, at, text);
}

const unseenSet =
  '\\u0000-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e' +
  '\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\ufdd0-\\ufdef\\ufffe\\uffff' +
  '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';
/** Candidates only; isUnseenAt decides by context. */
export const unseen = new RegExp(`[${unseenSet}]`, 'gu');
const unseenOne = new RegExp(`^[${unseenSet}]$`, 'u');
const shown = new RegExp(`\\u001b\\[(?:0|1|2|33)m|[\\r\\v\\f\\u0085\\u2028\\u2029${unseenSet}]`, 'gu');
const terminalCodes =
  /(?:\u001b\[|\u009b)[0-?]{0,32}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b\n]{0,512}(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]/g;

const emojiBefore = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator})\ufe0f?$/u;
const joinedBefore =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}\p{Script=Khmer}]\p{M}*$/u;

function isNeeded(found: string, at: number, whole: string): boolean {
  const code = found.codePointAt(0) ?? 0;
  if (code !== 0x200c && code !== 0x200d && code !== 0xfe0f && code !== 0xfe0e) return false;
  const before = whole.slice(Math.max(0, at - 8), at);
  const after = whole.slice(at + 1, at + 5);
  if (code === 0x200d && emojiBefore.test(before) && /^\p{Extended_Pictographic}/u.test(after)) return true;
  if (code === 0xfe0f || code === 0xfe0e)
    return /\p{Extended_Pictographic}$/u.test(before) || after.startsWith('\u20e3');
  return joinedBefore.test(before) && /^\p{L}/u.test(after);
}

const hostLike =
  /[<＜﹤](?=[\s\u00a0]{0,8}[/／]?[\s\u00a0]{0,8}(?:[a-z]{1,40}[-_:][\w:-]{1,40}|system|assistant|user|human|instructions?|context|repomem|memory|private|thinking|function|tool|invoke|result|script|style|iframe)\b)/gi;

/** Escapes anything that a parser could take for a tag, comment or entity. */
function escapeMarkup(line: string): string {
  return line
    .replace(/[<＜﹤](?=\s{0,8}[/／!?]?\s{0,8}[\p{L}_:])|[<＜﹤](?=[/／!?])/gu, '&lt;')
    .replace(/--+(?=>)/g, '—')
    .replace(/\]\](?=>)/g, '] ]');
}

function joinsLeft(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code >= 0xdc00 && code <= 0xdfff) return true;
  if (text.charCodeAt(at - 1) === 0x200d || code === 0x200d) return true;
  const next = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return /^[\p{M}\p{Emoji_Modifier}\ufe0f]$/u.test(next);
}
