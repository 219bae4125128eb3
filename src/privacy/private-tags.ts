// Finds tags whose content must not be kept: nested, unclosed, upper case, JSON-escaped, as entities, with invisible characters
// inside. An unclosed tag extends to the end of the field. In doubt, text is removed.

import { decode, halfWidth, replaceRanges } from './unfold.ts';

/** Tags around text that hosts generate, and around our own injected text. */
export const hostTags: readonly string[] = `
  system-reminder task-notification command-name command-message command-args command-contents local-command-stdout
  local-command-stderr local-command-caveat user-prompt-submit-hook session-start-hook post-tool-use-hook
  environment_details environment_context user_instructions ide_opened_file ide_selection new-diagnostics persisted-
  output antml:thinking thinking claude-mem-context repomem repomem-context bash-input bash-stdout bash-stderr user-
  memory-input teammate-message repomem-memory
`
  .trim()
  .split(/\s+/);

const privateTag = tagPattern(['private']);

/** Replaces `<private>…</private>` in all its spellings by `[private]`; text '' when only white space was outside. */
export function stripPrivate(text: string): { text: string; wasPrivate: boolean } {
  const ranges = findPrivate(text);
  if (ranges.length === 0) return { text, wasPrivate: false };
  const isAll = /^[\s\u200b-\u200f\u2060-\u206f\ufeff\u00ad]*$/.test(replaceRanges(text, ranges, () => ' '));
  return { text: isAll ? '' : replaceRanges(text, ranges, () => '[private]'), wasPrivate: true };
}

interface Range {
  start: number;
  end: number;
}

export interface PrivatePart extends Range {
  /** The tag that stands elsewhere: the text before or after this one may belong to the passage. */
  lacks?: 'start' | 'end';
}

/** Private passages in order. Without a closing tag a passage extends to the end of the text, without an opening tag back to the previous passage. */
export function findPrivate(text: string): PrivatePart[] {
  const parts: PrivatePart[] = [];
  for (const { start, end, tagEnd, lacks } of findTagged(text, privateTag)) {
    // In backticks a tag is only mentioned.
    const isQuoted = text[start - 1] === '`' && text[tagEnd] === '`';
    if (lacks === undefined || isQuoted) parts.push({ start, end });
    else parts.push({ start: lacks === 'start' ? (parts.at(-1)?.end ?? 0) : start, end, lacks });
  }
  return parts;
}

/** The text without the given tags and their content. */
export function stripHostTags(text: string, tags: readonly string[]): string {
  const pattern = tagPattern(tags);
  let rest = text;
  // Removal may join the halves of another tag; deeper nesting is treated as an attack.
  for (let pass = 0; pass < 4; pass++) {
    const ranges = findTagged(rest, pattern);
    if (ranges.length === 0) return rest;
    rest = replaceRanges(rest, ranges, () => '');
  }
  return '';
}

interface Tagged extends PrivatePart {
  /** End of the first tag. */
  tagEnd: number;
}

/** Ranges from an opening tag to the end of its closing tag; a stray closing tag is a range of its own. */
function findTagged(text: string, tag: RegExp): Tagged[] {
  const ranges: Tagged[] = [];
  const decoded = decode(text, spelling, ([whole, opener, closer, slash]) =>
    opener ? '<' : closer ? '>' : slash ? '/' : halfWidth(whole),
  );
  const original = (at: number): number => decoded?.at[at] ?? at;
  let open: { name: string; start: number; tagEnd: number } | undefined;
  let depth = 0;
  for (const { 0: whole, 1: slash, 2: written = '', index } of (decoded?.text ?? text).matchAll(tag)) {
    const [start, end, name] = [original(index), original(index + whole.length), written.toLowerCase()];
    if (open === undefined) {
      if (slash) ranges.push({ start, end, tagEnd: end, lacks: 'start' });
      else [open, depth] = [{ name, start, tagEnd: end }, 1];
    } else if (name === open.name) {
      depth += slash ? -1 : 1;
      if (depth > 0) continue;
      ranges.push({ start: open.start, end, tagEnd: open.tagEnd });
      open = undefined;
    }
  }
  if (open !== undefined) ranges.push({ start: open.start, end: text.length, tagEnd: open.tagEnd, lacks: 'end' });
  return ranges;
}

/** A tag of one of the names in a decoded text; without an end near it, it ends after its name. */
function tagPattern(names: readonly string[]): RegExp {
  return new RegExp(
    `<[\\0- \u00a0]{0,40}(/?)[\\0- \u00a0]{0,40}(${names.join('|')})(?![\\w:-])(?:[^<>]{0,256}>)?`,
    'gi',
  );
}

/** Spellings of `<`, `>` and `/`, full-width letters, and characters that do not show. */
const spelling =
  /([\ufe64\u2039\u3008]|\\{1,8}(?:u003c|x3c|u\{3c\}|0?74)|&(?:amp;){0,3}(?:lt|#0{0,4}60|#x0{0,4}3c);?|%(?:25)?3c)|([\ufe65\u203a\u3009]|\\{1,8}(?:u003e|x3e|u\{3e\}|0?76)|&(?:amp;){0,3}(?:gt|#0{0,4}62|#x0{0,4}3e);?|%(?:25)?3e)|(\\{1,8}(?:u002f|x2f|0?57|\/)|&(?:amp;){0,3}(?:sol|#0{0,4}47|#x0{0,4}2f);?|%(?:25)?2f)|[\uff01-\uff5e]|(?:\u001b\[|\u009b)[\d;:]{0,16}m|[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f|[\ufe00-\ufe0f]|\udb40[\udc00-\udc7f]/gi;
