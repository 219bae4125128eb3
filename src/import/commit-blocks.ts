// The blocks of a commit message: paragraphs, items, headings; trailers and what a template asks of the change's own making go. Pure.
import { plainText } from './markdown.ts';

export interface Block {
  kind: 'text' | 'item' | 'heading' | 'gone';
  /** One line. Of what is gone, such as code: ''. */
  text: string;
}

/** A shorter line ends where its writer ended it. */
export const wrappedMinChars = 60;

const named =
  /^(?:[A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}[- ]by:|(?:cc|link|url|refs?|bug|bugs|commit|test plan|change-id|pr-url|reviewed-on|release note|differential revision|git-svn-id|ticket|backport)s?:|(?:bz#?\d+[;,]? ?)?ok (?:\w+@?[ ,]*){1,4}\.?$|cc @|r\? @|\/[a-z][a-z-]*(?: |$)|co-authored|\(?cherry[- ]picked|🤖|revert "|\[\^)/i;
const key = /^[A-Z][A-Za-z]*(?:-[A-Za-z]+)+:/;
const credit = /^[A-Z][a-z]+(?: out)? by [A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}(?: (?:on|in|at) \S+)?\.?$/;
const closing = /^(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?|see(?: also)?|part of|follow-?up to)\b/i;
const pointer =
  /\b(?:fix(?:e[sd])?|closes?d?|resolve[sd]?|re(?:f|late|gress|vert|place)\w*|references?|see(?: also)?|part of|address(?:es)?|updates?|issue|pr|pull request|bug|follow-?up|followup|introduced|broken|caused|complet\w*|based on|supers\w+|continu\w+|stacked|builds?|built|depend\w*|thread|discuss\w*|more|details?|the|this|that|commits?|and|or|of|on|in|by|to|from|for|with|since|also|after|comment)\b/gi;
const reference = /https?:\/\/\S+|[\w./-]*#\d+|\b[0-9a-f]{7,40}\b|\b[A-Z]{2,}-\d+\b|\[\d+\]/g;

/** Of its words none is left when issues, commits and addresses are taken out. */
export function isPointer(text: string): boolean {
  const without = text.replace(reference, ' ');
  return without !== text && !/[a-z\p{Lo}]{2,}/iu.test(without.replace(pointer, ' '));
}

/** An address on a line of its own ends a sentence that the line above began. */
function isTrailer(line: string, open: Block | undefined): boolean {
  if (named.test(line) || key.test(line) || credit.test(line)) return true;
  return isPointer(line) && (closing.test(line) || open === undefined || /[.!?:;)]$/.test(open.text));
}

const skippedSection =
  /\b(?:test\w*|review\w*|verif\w*|reproduc\w*|steps|check ?list|screen ?shots?|user-facing|release[- ]?notes?|change ?log|types? of|what type|which issue\w*|related|references?|links?|to-?do|follow-?ups?|credits?|documentation|docs|notes?|ai|llm|disclosure|environment|before|after|preview|validation|migration|plan|summary by)\b/i;

const tags =
  /<\/?(?:img|details|summary|br|p|a|b|i|picture|source|su[bp]|h\d|table|t[rdh]|[uo]l|li|div|span)\b[^>]*>/gi;

/** Blocks in their order, without trailers and the sections of a template that speak of the change's own making. */
export function blocksOf(body: string): Block[] {
  const text = body
    .replace(/<!--[\s\S]*?(?:-->|$)|~~[\s\S]*?~~|\*\[View all\s+comments\]\([^)]*\)\*/g, '')
    .replace(/\r/g, '')
    .replace(/^.*\breverts? commit [0-9a-f]{7,64}(?:,?\s+reversing\s+changes\s+made\s+to\s+[0-9a-f]+)?\.?/gim, '');
  const blocks: Block[] = [];
  let open: Block | undefined;
  // Where the words of the last list item begin; 0 outside of a list.
  let inset = 0;
  let isCode = false;
  let isTail = false;
  const push = (block: Block): void => void blocks.push((open = block));
  const drop = (): void => {
    if (blocks.at(-1)?.kind !== 'gone') blocks.push({ kind: 'gone', text: '' });
    open = undefined;
  };
  for (const line of text.split('\n')) {
    const bare = line.trim();
    const indent = line.search(/\S/);
    const item = /^(\s*(?:[-*+•]|\(?\d+[.)]|[a-z]\))\s+)(\S.*)$/.exec(line);
    const heading = /^(?:[-*]\s+)?#{1,6}\s+(.*)$|^\*\*([^*]+)\*\*:?$/.exec(bare);
    if (/^(?:```|~~~)/.test(bare)) {
      isCode = !isCode;
      drop();
    } else if (isCode) continue;
    else if (bare === '') open = undefined;
    else if (/^([-=~*_^])\1{2,}$/.test(bare)) {
      // Below a single line it makes that a heading.
      if (open?.kind === 'text' && open.text.length < wrappedMinChars) open.kind = 'heading';
      open = undefined;
    } else if (heading !== null && (item === null || bare.includes('# '))) {
      push({ kind: 'heading', text: (heading[1] ?? heading[2] ?? '').trim() });
      open = undefined;
      inset = 0;
    } else if ((isTail && item === null) || isTrailer(bare, open)) {
      isTail = line.length >= wrappedMinChars;
      open = undefined;
      continue;
    } else if (
      /^(?:[>|]|!\[|<img|at \S+ \(|\+\+\+|@@|\$ |diff --git)|\d+ {2,}\S|\S {2,}\S.*\d {2,}\S|\t\S.*\t/.test(bare)
    ) {
      drop();
      isTail = /^[>|]/.test(bare) && line.length >= wrappedMinChars;
      continue;
    } else if (item !== null && (inset > 0 || indent < 4)) {
      inset = item[1]!.length;
      push({ kind: 'item', text: item[2]!.trim() });
    } else if (inset > 0 && indent >= 2) {
      if (open === undefined && indent >= inset + 4) drop();
      else if (open === undefined) push({ kind: 'text', text: bare });
      else open.text += ` ${bare}`;
    } else if (indent >= 4 || (indent >= 2 && open === undefined)) drop();
    else if (open === undefined || (open.kind === 'item' && inset > 0 && indent === 0 && isNewLine(open, bare))) {
      inset = 0;
      push({ kind: 'text', text: bare });
    } else open.text += ` ${bare}`;
    isTail = false;
  }
  return withoutSections(blocks).map((block) => ({
    ...block,
    text: plainText(block.text.replace(tags, '').replace(/\[\^\w+\]/g, '')),
  }));
}

/** A line at the margin after a list's short item begins anew. */
function isNewLine({ text }: Block, line: string): boolean {
  return text.length < wrappedMinChars && /^[A-Z]/.test(line);
}

function withoutSections(blocks: readonly Block[]): Block[] {
  let isSkipped = false;
  return blocks.filter((block) => {
    if (block.kind === 'heading') isSkipped = skippedSection.test(block.text) && !/\bwhy\b/i.test(block.text);
    return !isSkipped;
  });
}
