// The prose of a commit message: what templates, tools and people add around the statement goes, and with it the words that only led to it. Pure.
import { plainText } from './markdown.ts';

export interface Block {
  kind: 'text' | 'item' | 'heading' | 'gone';
  /** One line. Of what is gone, such as code: ''. */
  text: string;
}

/** A shorter line ends where its writer ended it. */
const wrappedMinChars = 60;

const named =
  /^(?:[A-Z][A-Za-z]*(?:[- ][A-Za-z]+){0,2}[- ]by:|[A-Z][A-Za-z]*(?:-[A-Z]?[a-z]+)+:|(?:cc|link|url|refs?|bug|bugs|commit|test plan|change-id|pr-url|reviewed-on|release note|differential revision|git-svn-id|ticket|backport)s?:|cc @|r\? @|\/[a-z][a-z-]*(?: |$)|co-authored|\(?cherry[- ]picked|🤖|revert "|\[\^)/i;
const credit = /^[A-Z][a-z]+(?: out)? by [A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}(?: (?:on|in|at) \S+)?\.?$/;
const closing = /^(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?|see(?: also)?|part of|follow-?up to)\b/i;
const pointer =
  /\b(?:fix(?:e[sd])?|closes?d?|resolve[sd]?|re(?:f|late|gress|vert|place)\w*|references?|see(?: also)?|part of|address(?:es)?|updates?|issue|pr|pull request|bug|follow-?up|followup|introduced|broken|caused|complet\w*|based on|supers\w+|continu\w+|stacked|depend\w*|thread|discuss\w*|more|details?|the|this|that|commits?|and|or|of|on|in|by|to|from|for|with|since|also|after|comment)\b/gi;
const reference = /https?:\/\/\S+|[\w./-]*#\d+|\b[0-9a-f]{7,40}\b|\b[A-Z]{2,}-\d+\b|\[\d+\]/g;

/** Of its words none is left when issues, commits and addresses are taken out. */
function isPointer(text: string): boolean {
  const without = text.replace(reference, ' ');
  return without !== text && !/[a-z\p{Lo}]{2,}/iu.test(without.replace(pointer, ' '));
}

/** An address on a line of its own ends a sentence that the line above began. */
function isTrailer(line: string, open: Block | undefined): boolean {
  if (named.test(line) || credit.test(line)) return true;
  return isPointer(line) && (closing.test(line) || open === undefined || /[.!?:;)]$/.test(open.text));
}

const skippedSection =
  /\b(?:test\w*|review\w*|verif\w*|reproduc\w*|steps|check ?list|screen ?shots?|user-facing|release[- ]?notes?|change ?log|types? of|what type|which issue\w*|related|references?|links?|to-?do|follow-?ups?|credits?|documentation|docs|notes?|ai|llm|disclosure|environment|before|after|preview|validation|summary by)\b/i;

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

export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]["”')`]*)\s+(?=["“'(`*]*[\p{Lu}\p{N}`_[#-])|(?<=[。！？；])/u).filter(Boolean);
}

/** One of several that make sense together: its reason is told by another, or holds until the next. */
export const isOfSeries =
  /\b(?:next|following|subsequent|upcoming|later|future|preceding|previous) (?:few |two |three )?(?:commits?|cls?|patch(?:es)?|patch series|prs?|pull requests?|steps?|changes)\b|\b(?:this|the|patch) series\b|\btemporary (?:step|measure)\b/i;

/** Of the work and those who do it, of what comes later, of where to read on: nothing of the code. */
const aside = new RegExp(
  [
    String.raw`\b(?:let (?:me|us) know|happy to|what you think|defer to ci|(?:please|easier to|to ease|to simplify|for|worth) review\w*|review(?:er|ers|ed by| feedback| comments?)\b|i guess|btw|llms?|reviewable|ai[- ]assist\w*|my fork|feel free|squash\w*|commit[- ]by[- ]commit|best read|separate (?:prs?|commits?)|thanks?|kudos|(?:hard|difficult|easy|unable|possible) to test|no tests? cases?|not tested|untested|failing tests?|i wonder|not (?:sure|certain)|no idea|i would like|ought to work|i(?:'m| am) (?:not|currently|still)|pointed out by|spotted by|reported (?:by|in)|suggested by|inspired by|backport\w*|checksrc|ci (?:run|jobs?|pass\w*)|cherry-pick\w*)\b`,
    String.raw`\b(?:next|upcoming|future) (?:releases?|versions?|work|changes)\b|^see\b.*\bfor (?:more|details|further|the)\b|\b(?:what type of pr|what this pr does|which issue|does this pr introduce|why we need it|special notes for)\b`,
    String.raw`\b(?:last|first|second|third|earlier|two|three|other|these|stacked) (?:few )?(?:commits?|patch(?:es)?|prs?|pull requests?)\b`,
    String.raw`\bonce (?:it|this|that) (?:lands|merges|is merged)\b|\bwill (?:be )?(?:follow|come)\w* (?:later|soon|next|in a)\b|\bfollow-?ups?\b`,
    String.raw`^(?:also,? |additionally,? |and |i(?:'ve|'d| have)? |we(?:'ve)? |this (?:pr|commit|patch|change) )?(?:also )?(?:add|updat|extend|adapt|adjust|includ|chang|fix|verif|cover)\w*\b[^.]{0,60}\b(?:unit |regression |integration |e2e )?(?:tests?|test ?\d+|coverage|changelog|documentation|docs|release notes?)\b`,
    String.raw`^(?:perhaps|maybe|hopefully|presumably)\b`,
    String.raw`^(?:(?:built and |manually )?tested\b|tests? (?:pass|were|are|added|included)|all tests|verified\b|verif(?:y|ies) |see (?:the |also |https?:|#|discussion|issue|pr )|refer to |look at |n\/a|none\.?$|no response|for more (?:details|information))`,
    String.raw`\bwe(?:'ll| will)\b.*\b(?:additional\w*|more|rest|remaining|other)\b|^additionally, we will\b|\bfeels like\b|\bfor now\b|\bat (?:this time|the moment)\b|\b(?:is|are|do|does|has|have)(?: not|n't) (?:\w+ )?(?:currently|yet)\b|\bcurrently (?:not|unused)\b|\bin (?:the )?(?:near |long )?(?:future|run)\b|\beventually\b|\btodo\b|\?$|^no tests?\b`,
    String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b`,
  ].join('|'),
  'i',
);

/** Leads to something: without it there is nothing left of it. */
const leadIn =
  /\b(?:following|below|examples?|this|these|here|consider|results?|output|include[sd]?|including|list|changes|benchmark\w*|before|after|instead|invocation|there (?:is|are)|structure|syntax|usage|details|trace|log|gives?|shows?|yields?|looks?|cases)\b|^\W*(?:\S+\s+){0,5}\S+$/i;
const ledByPhrase = /[,;(]?\s*\b(?:for (?:example|instance)|e\.g\.?|i\.e\.?|such as|namely|as follows?)\s*[:：]$/i;
/** Whose end its writer forgot. */
const dangling = /\b(?:have|has|is|are|the|an?|to|of|and|or|but|with|for|by|in|as|that|which|because)$/i;
/** Leads to items without which the rest is not understood. */
const counts =
  /(?:\b(?:options?|ways?|cases?|reasons?|problems?|conditions?|scenarios?|alternatives?|approaches|rules?|either|means?|because|when|if|one of|two|three)\b[^.]*[:：]|[\p{L}\p{N}])$/iu;
/** A shorter sentence says nothing without what it leads to. */
const ledMinChars = 24;
/** Speaks of what went. */
const pointsAtGone =
  /\b(?:the|as|see|shown|mentioned|an?|code|output|trace|example) (?:\w+ )?(?:above|below)\b|^the above\b|\b(?:after|in|from|see) (?:step|line|figure) \d|\bthis (?:payload|output|example|trace)\b/i;
const following =
  /^(?:because of (?:that|this)|(?:this|that) (?!pr\b|commit|patch|change|cl\b|fix)|so|thus|therefore|otherwise|in that case|then)\b/i;
const pronoun = /^(?:it|this|that|they|these|those|which|then|here)\b/i;
/** What is said besides the title's matter is another's. */
const besides = /^(?:also|other|bonus|additionally|in addition|misc\w*|minor|notes?|while (?:at it|here|we))\b/i;

interface Part {
  kind: 'text' | 'list' | 'gone' | 'heading';
  /** Of a list its items. */
  texts: string[];
  /** An item of it went that may be needed. */
  isTorn?: boolean;
}

/** Paragraphs, and lists with their items on lines of their own; what is left of the blocks without asides, steps and lead-ins to nothing. */
export function proseOf(blocks: readonly Block[], isStep: (item: string) => boolean): string {
  const parts = partsOf(blocks);
  const hasGone = parts.some(({ kind }) => kind === 'gone');
  const kept: Part[] = [];
  let isCut = false;
  for (const [index, part] of parts.entries()) {
    const last = kept.at(-1);
    if (part.kind === 'gone' || part.kind === 'heading')
      isCut = closeLead(kept, part.kind) || (isCut && last === undefined);
    else if (part.kind === 'list') {
      const isLed =
        last?.kind === 'text' && parts[index - 1]?.kind === 'text' && !/[.!?。]["”')`]*$/.test(last.texts[0]!);
      const telling = part.texts.filter((text) => !isStep(text));
      if (isLed && besides.test(last.texts[0]!)) kept.pop();
      else if (
        isLed &&
        (part.isTorn ||
          part.texts.length === 0 ||
          (telling.length * 3 < part.texts.length && !counts.test(last.texts[0]!)))
      )
        isCut = closeLead(kept, 'gone');
      else if (isLed) kept.push(part);
      else if (telling.length > 0 && telling.length * 3 >= part.texts.length)
        kept.push({ kind: 'list', texts: telling });
    } else {
      const all = sentencesOf(part.texts[0]!).filter((one) => !hasGone || !pointsAtGone.test(one));
      // What it begins with is told of what went.
      const isTorn = parts[index - 1]?.kind === 'gone' ? /^[a-z,;)]/ : /^(?:and|or|but|which|that)\b|^[,;)]/;
      const said = [...((isCut && pronoun.test(all[0] ?? '')) || isTorn.test(all[0] ?? '') ? all.slice(1) : all)];
      isCut = false;
      const isRest = parts[index - 1]?.kind === 'list' && /^[a-z]/.test(said[0] ?? '');
      if (said.length === 0 || isRest) continue;
      if (last !== undefined && /\b(?:following|below|example|e\.g)\b.*[:：]$/i.test(last.texts[0]!))
        closeLead(kept, 'gone');
      if (dangling.test(said.at(-1)!) && parts[index + 1]?.kind !== 'list') said.pop();
      if (said.length > 0) kept.push({ kind: 'text', texts: [said.join(' ')] });
    }
  }
  closeLead(kept, 'end');
  if (besides.test(kept[0]?.texts[0] ?? '')) return '';
  return kept
    .map(({ kind, texts }) => (kind === 'list' ? texts.map((text) => `- ${text}`).join('\n') : texts[0]!))
    .join('\n\n');
}

function partsOf(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  for (const { kind, text } of blocks) {
    const all = sentencesOf(text);
    const kept = all.filter((sentence) => !aside.test(sentence) && !isPointer(sentence));
    // What follows from a sentence that went is not understood.
    const said = kept[0] !== all[0] && following.test(kept[0] ?? '') ? kept.slice(1) : kept;
    const clean = said.join(' ').trim();
    const isBare = !/\p{L}{2,} \p{L}{2,}|\p{Lo}{4,}/u.test(clean);
    const last = parts.at(-1);
    if (kind === 'heading' || kind === 'gone') parts.push({ kind, texts: [] });
    else if (isBare && kind === 'text' && !clean.endsWith(':')) parts.push({ kind: 'heading', texts: [] });
    else if (kind === 'text') parts.push({ kind: 'text', texts: [clean] });
    else if (isBare || /^\[[ x]\]/i.test(clean)) {
      const isTorn = aside.test(text) && !/\b(?:tests?|docs|changelog)\b/i.test(text);
      if (last?.kind !== 'list') parts.push({ kind: 'list', texts: [], isTorn });
      else if (isTorn) last.isTorn = true;
    } else if (last?.kind === 'list') last.texts.push(clean);
    else parts.push({ kind: 'list', texts: [clean] });
  }
  return parts;
}

/** Ends a last sentence that led to what went, or takes it away: then true. */
function closeLead(kept: Part[], next: 'gone' | 'heading' | 'end'): boolean {
  const last = kept.at(-1);
  if (last?.kind !== 'text' || /[.!?。；;)”"`'…*]$/.test(last.texts[0]!)) return false;
  const said = sentencesOf(last.texts[0]!);
  const lead = said.pop()!;
  const bare = lead.replace(ledByPhrase, '.');
  const isBare = /[\p{L}\p{N}/]$/u.test(lead) && !dangling.test(lead);
  const isWhole = isBare && (next === 'end' || (next === 'heading' && lead.length >= wrappedMinChars));
  const isLead = /[:：]$/.test(lead) && !dangling.test(lead.replace(/\s*[:：]$/, ''));
  const isKept = isWhole || (isLead && (bare === lead ? !leadIn.test(lead) : bare.length >= ledMinChars));
  const end = isKept ? bare.replace(/[:：]$/, '.') : '';
  last.texts = [[...said, end].filter(Boolean).join(' ')];
  if (last.texts[0] === '') kept.pop();
  return !isKept;
}
