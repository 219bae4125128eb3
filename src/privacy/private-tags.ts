// Finds tags whose content must not be kept, in one linear scan: nested, unclosed, upper case, JSON-escaped, as entities, with
// invisible characters inside. An unclosed tag extends to the end of the field. In doubt, text is removed.

export interface Stripped {
  text: string;
  /** Some text was removed. */
  wasPrivate: boolean;
  /** Only white space was outside: the turn must not be stored. */
  isAllPrivate: boolean;
}

/** Tags around text that hosts generate, and around our own injected text. */
export const hostTags: readonly string[] = [
  'system-reminder',
  'task-notification',
  'command-name',
  'command-message',
  'command-args',
  'command-contents',
  'local-command-stdout',
  'local-command-stderr',
  'local-command-caveat',
  'user-prompt-submit-hook',
  'session-start-hook',
  'post-tool-use-hook',
  'environment_details',
  'environment_context',
  'user_instructions',
  'ide_opened_file',
  'ide_selection',
  'new-diagnostics',
  'persisted-output',
  'antml:thinking',
  'thinking',
  'claude-mem-context',
  'repomem',
  'repomem-context',
  'bash-input',
  'bash-stdout',
  'bash-stderr',
  'user-memory-input',
  'teammate-message',
  'repomem-memory',
];

const privateTag: ReadonlySet<string> = new Set(['private']);
const mark = '[private]';
/** Longer tags are treated as ending after their name. */
const maxTagChars = 256;
const maxNameChars = 40;

interface Token {
  end: number;
  name: string;
  isClosing: boolean;
}

/** Replaces `<private>…</private>` in all its spellings by `[private]`; returns '' when everything was private. */
export function stripPrivate(text: string): Stripped {
  const ranges = findPrivate(text).map(({ start, end }): [number, number] => [start, end]);
  if (ranges.length === 0) return { text, wasPrivate: false, isAllPrivate: false };
  const outside = cut(text, ranges, ' ');
  if (isBlank(outside)) return { text: '', wasPrivate: true, isAllPrivate: true };
  return { text: cut(text, ranges, mark), wasPrivate: true, isAllPrivate: false };
}

export interface PrivatePart {
  start: number;
  end: number;
  /** Without a closing tag: the text that follows elsewhere may belong to it. */
  isOpen?: true;
  /** Without an opening tag: the beginning was cut off, or is elsewhere. */
  isHeadless?: true;
}

/**
 * Private passages in order. Without a closing tag a passage extends to the end of the text, without an opening tag back to the
 * previous passage.
 */
export function findPrivate(text: string): PrivatePart[] {
  const parts: PrivatePart[] = [];
  for (const { start, end, ...lack } of findTagged(text, privateTag)) {
    // In backticks a tag is only mentioned.
    const isQuoted = text[start - 1] === '`' && text[start + (lack.tagLength ?? 0)] === '`';
    if (lack.isStray) parts.push(isQuoted ? { start, end } : { start: parts.at(-1)?.end ?? 0, end, isHeadless: true });
    else parts.push(lack.isUnclosed && !isQuoted ? { start, end, isOpen: true } : { start, end });
  }
  return parts;
}

/** Removes the given tags with their content; `isAllPrivate`: nothing else was there. */
export function stripHostTags(text: string, tags: readonly string[] = hostTags): Stripped {
  const names = new Set(tags.map((tag) => tag.toLowerCase()));
  let rest = text;
  // Removal may join the halves of another tag; deeper nesting is treated as an attack.
  for (let pass = 0; pass < 4; pass++) {
    const ranges = findTagged(rest, names).map(({ start, end }): [number, number] => [start, end]);
    if (ranges.length === 0) {
      const wasPrivate = pass > 0;
      return { text: rest, wasPrivate, isAllPrivate: wasPrivate && isBlank(rest) };
    }
    rest = cut(rest, ranges, '');
  }
  return { text: '', wasPrivate: true, isAllPrivate: true };
}

interface Tagged {
  start: number;
  end: number;
  /** Length of the opening tag. */
  tagLength?: number;
  isStray?: true;
  isUnclosed?: true;
}

/** Ranges from an opening tag to the end of its closing tag; a stray closing tag is a range of its own. */
function findTagged(text: string, names: ReadonlySet<string>): Tagged[] {
  const ranges: Tagged[] = [];
  let open = '';
  let start = 0;
  let tagLength = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const after = skipOpener(text, at);
    if (after === at) continue;
    const token = readTag(text, after, names);
    if (token === undefined) continue;
    if (depth === 0) {
      tagLength = token.end - at;
      if (token.isClosing) ranges.push({ start: at, end: token.end, tagLength, isStray: true });
      else {
        open = token.name;
        start = at;
        depth = 1;
      }
    } else if (token.name === open) {
      depth += token.isClosing ? -1 : 1;
      if (depth === 0) ranges.push({ start, end: token.end, tagLength });
    }
    at = token.end - 1;
  }
  if (depth > 0) ranges.push({ start, end: text.length, tagLength, isUnclosed: true });
  return ranges;
}

function readTag(text: string, from: number, names: ReadonlySet<string>): Token | undefined {
  let at = skipFiller(text, from);
  const slash = skipSlash(text, at);
  const isClosing = slash > at;
  at = skipFiller(text, slash);
  let name = '';
  while (at < text.length && name.length < maxNameChars) {
    const code = text.charCodeAt(at);
    const after = isInvisible(code) ? at + 1 : skipColour(text, at, code);
    if (after > at) at = after;
    else {
      const letter = plainLetter(code);
      if (letter === 0) break;
      name += String.fromCharCode(letter);
      at++;
    }
  }
  if (!names.has(name)) return undefined;
  const limit = Math.min(text.length, at + maxTagChars);
  for (let end = at; end < limit; end++) {
    const after = skipCloser(text, end);
    if (after > end) return { end: after, name, isClosing };
    if (skipOpener(text, end) > end) break;
  }
  return { end: at, name, isClosing };
}

/** A character of a tag's name in lower case, half width; 0 for anything else. */
function plainLetter(code: number): number {
  const half = code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code;
  if (half >= 65 && half <= 90) return half + 32;
  const isName = (half >= 97 && half <= 122) || (half >= 48 && half <= 58) || half === 45 || half === 95;
  return isName ? half : 0;
}

function skipFiller(text: string, from: number): number {
  let at = from;
  while (at < text.length && at - from < maxNameChars) {
    const code = text.charCodeAt(at);
    if (code > 32 && code !== 0xa0 && code !== 0x9b && !isInvisible(code)) break;
    at = Math.max(at + 1, skipColour(text, at, code));
  }
  return at;
}

const colour = /(?:\u001b\[|\u009b)[\d;:]{0,16}m/y;

function skipColour(text: string, at: number, code: number): number {
  if (code !== 0x1b && code !== 0x9b) return at;
  colour.lastIndex = at;
  return colour.test(text) ? colour.lastIndex : at;
}

function isInvisible(code: number): boolean {
  return (
    code === 0xad ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0x34f ||
    code === 0x180e ||
    code === 0xdb40 ||
    (code >= 0xdc00 && code <= 0xdc7f)
  );
}

const escapedOpener = /(?:\\+(?:u003c|x3c|u\{3c\}|0?74)|&(?:amp;){0,3}(?:lt|#0{0,4}60|#x0{0,4}3c);?|%(?:25)?3c)/iy;
const escapedCloser = /(?:\\+(?:u003e|x3e|u\{3e\}|0?76)|&(?:amp;){0,3}(?:gt|#0{0,4}62|#x0{0,4}3e);?|%(?:25)?3e)/iy;
const escapedSlash = /(?:\\+(?:u002f|x2f|0?57|\/)|&(?:amp;){0,3}(?:sol|#0{0,4}47|#x0{0,4}2f);?|%(?:25)?2f)/iy;

function skipOpener(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 60 || code === 0xff1c || code === 0xfe64 || code === 0x2039 || code === 0x3008) return at + 1;
  return skipEscaped(text, at, code, escapedOpener);
}

function skipCloser(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 62 || code === 0xff1e || code === 0xfe65 || code === 0x203a || code === 0x3009) return at + 1;
  return skipEscaped(text, at, code, escapedCloser);
}

function skipSlash(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 47 || code === 0xff0f) return at + 1;
  return skipEscaped(text, at, code, escapedSlash);
}

function skipEscaped(text: string, at: number, code: number, pattern: RegExp): number {
  if (code !== 92 && code !== 38 && code !== 37) return at;
  // In a long run of backslashes only the last few can belong to an escape.
  if (code === 92 && text.charCodeAt(at + 1) === 92 && text.charCodeAt(at + 8) === 92) return at;
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function cut(text: string, ranges: readonly [number, number][], filler: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, end] of ranges) {
    parts.push(text.slice(from, start));
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join(filler);
}

function isBlank(text: string): boolean {
  return /^[\s\u200b-\u200f\u2060-\u206f\ufeff\u00ad]*$/.test(text);
}
