// The prose of a commit message: of its sentences those that say something of the code and are understood by themselves. Pure.
import { bodyMaxChars } from '../domain/record.ts';
import { isPointer, wrappedMinChars, type Block } from './commit-blocks.ts';

export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]["”')`]*)\s+(?=["“'(`*]*[\p{Lu}\p{N}`_[#-])|(?<=[。！？；])\s*/u).filter(Boolean);
}

function joined(sentences: readonly string[]): string {
  return sentences
    .filter(Boolean)
    .join(' ')
    .replace(/(?<=[。！？；]) /g, '')
    .trim();
}

/** One of several that make sense together: its reason is told by another, or holds until the next. */
export const isOfSeries =
  /\b(?:next|following|subsequent|upcoming|later|future|preceding|previous) (?:few |two |three )?(?:commits?|cls?|patch(?:es)?|patch series|prs?|pull requests?|steps?|changes)\b|\b(?:this|the|patch) series\b|\btemporary (?:step|measure|solution|fix|workaround|hack)\b|\b(?:in|of) this branch\b|\bthis prepares\b|\bprerequisite\b|\bso prepare\b|\bin preparation\b|\bprep(?:aration|aratory)? work\b/i;

/** Of the work and those who do it, of what comes later, of where to read on: nothing of the code. */
const aside = new RegExp(
  [
    String.raw`\b(?:let (?:me|us) know|happy to|what you think|defer to ci|(?:please|easier to|to ease|to simplify|for|worth) review\w*|review(?:er|ers|ed by| feedback| comments?)\b|i guess|btw|llms?|reviewable|ai[- ]assist\w*|my fork|feel free|squash\w*|commit[- ]by[- ]commit|best read|separate (?:prs?|commits?)|thanks?|kudos|(?:hard|difficult|easy|unable|possible) to test|no tests? cases?|not tested|untested|failing tests?|i wonder|not (?:sure|certain)|no idea|i would like|i(?:'ll| will| don't know| can't| found|'d rather| plan to| was wondering|'m making| wrote this)|as of now|band-?aid|another day|fully baked|copypasta|with luck|ought to work|i(?:'m| am) (?:not|currently|still|also)|open to (?:\w+ing|other|suggestions|ideas)|merged? until|on main too|for main too|seems breaking|pointed out by|spotted by|reported (?:by|in)|suggested by|inspired by|backport\w*|checksrc|ci (?:run|jobs?|pass\w*)|cherry-pick\w*|(?:git[- ])?bisect\w*)\b`,
    String.raw`\b(?:next|upcoming|future) (?:releases?|versions?|work|changes)\b|^see\b.*\bfor (?:more|details|further|the|why)\b|\b(?:what type of pr|what this pr does|which issue|does this pr introduce|why we need it|special notes for)\b`,
    String.raw`\b(?:last|first|second|third|earlier|two|three|other|these|stacked) (?:few )?(?:commits?|patch(?:es)?|prs?|pull requests?)\b`,
    String.raw`\bonce (?:it|this|that) (?:lands|merges|is merged)\b|\bwill (?:be )?(?:follow|come)\w* (?:later|soon|next|in a)\b|\bwill be (?:address|handl|fix)ed\b|^we(?:'ll| will) (?:add|need|use|move|make|do|update|remove|keep)\b|\bfollow[- ]?ups?\b`,
    String.raw`^(?:also,? |additionally,? |and |i(?:'ve|'d| have)? |we(?:'ve)? |this (?:pr|commit|patch|change) )?(?:also )?(?:add|updat|extend|adapt|adjust|includ|chang|fix|verif|cover)\w*\b[^.]{0,60}\b(?:unit |regression |integration |e2e )?(?:tests?|test ?\d+|coverage|changelog|documentation|docs|release notes?)\b`,
    String.raw`^(?:perhaps|maybe|might|hopefully|presumably)\b|^(?:repro\w*|before|after)\b[^.,]{0,40}:`,
    String.raw`^(?:(?:built and |manually )?tested\b|tests? (?:pass|was|were|are|added|included)|(?:all|several|some|two|three|the) (?:unit )?tests?\b|verified\b|verif(?:y|ies) |see (?:the |also |https?:|#|discussion|issue|pr )|refer to |look at |n\/a|none\.?$|no response|for more (?:details|information))`,
    String.raw`\bwe(?:'ll| will)\b.*\b(?:additional\w*|more|rest|remaining|other)\b|^additionally, we will\b|\bfeels like\b|\bfor now\b|\bat (?:this time|the moment)\b|\b(?:is|are|do|does|has|have)(?: not|n't) (?:(?!know)\w+ )?(?:currently|yet)\b|\bonce (?:that|this|it)['’]s in\b|^e\.g\.$|\bcurrently (?:not|unused)\b|\bin (?:the )?(?:near |long )?(?:future|run)\b|\b(?:eventually|todo|soon)\b|\?$|^no tests?\b`,
    String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b`,
  ].join('|'),
  'i',
);

/** Leads to something: without it there is nothing left of it. */
const leadIn =
  /\b(?:following|below|examples?|this|these|here|consider|results?|output|include[sd]?|including|list|changes|benchmark\w*|before|after|instead|invocation|there (?:is|are)|structure|syntax|usage|details|trace|log|gives?|shows?|yields?|looks?|cases)\b|^\W*(?:\S+\s+){0,5}\S+$/i;
const ledByPhrase = /[,;(]?\s*\b(?:for (?:example|instance)|e\.g\.?|i\.e\.?|such as|namely|as follows?)\s*[:：]$/i;
/** Whose end its writer forgot. */
const dangling =
  /\b(?:have|has|is|are|be|the|an?|to|of|and|or|but|with|for|by|in|as|from|into|than|via|like|that|which|when|where|because|becom(?:es?|ing)|run(?:s|ning)?|us(?:es?|ing)|allowing|doing|invoking|say(?:s|ing)?|looks?|does)$/i;
/** Leads to items without which the rest is not understood. */
const counts =
  /(?:\b(?:options?|ways?|cases?|reasons?|problems?|conditions?|scenarios?|specifically|alternatives?|approaches|rules?|either|means?|because|when|if|one of|two|three)\b[^.]*[:：]|[\p{L}\p{N}])$/iu;
/** A shorter sentence says nothing without what it leads to. */
const ledMinChars = 24;
/** Speaks of what went. */
const pointsAtGone =
  /\b(?:the|as|see|shown|mentioned|an?|code|output|trace|example) (?:\w+ )?(?:above|below)\b|^the above\b|\b(?:after|in|from|see) (?:step|line|figure) \d|\bthis (?:payload|output|example|trace)\b/i;
const following =
  /^(?:because of (?:that|this)|(?:this|that) (?!pr\b|commit|patch|change|cl\b|fix)|so|thus|hence|therefore|otherwise|in that case|then)\b/i;
const pronoun = /^(?:it|this|that|they|these|those|which|then|here|now|afterwards|as a result)\b/i;
/** Points back, wherever in a sentence: understood only beside the one before it. */
const pointsBack =
  /^(?:also|besides|but|however|still|anyway|instead|again|even so|alternatively|now|without (?:the|this|that|it)|afterwards|as a result|when re-?\w+ing)\b|^(?:\S+\s+){0,5}(?:this|that|these|those)(?! (?:pr|commit|patch|change|cl|fix)\b)(?=\s(?!\w+ing\b)|[.,;])/i;
/** Begins a sentence about the state before the commit. */
const untilThen = /^(?:right now|currently|at present|as it stands|as things stand),?\s+|^today,\s+/i;
/** Begins an alternative that was not taken. */
const alternative = /^(?:alternatively|another (?:option|approach|way|idea)|(?:we|one) (?:could|might)(?: also)?)\b/i;
const rejection = /\b(?:but|however|though|not|n't|unfortunately|instead of|worse|too|only)\b/i;
/** How the rest of what went begins, by what stands before it. */
const startOf: Record<Part['kind'], RegExp> = {
  gone: /^[a-z,;)]/,
  list: /^[a-z,;)]/,
  heading: /^(?:and|or|but|which|that|also)\b|^[,;)]/,
  text: /^(?:and|or|but|which|that)\b|^[,;)]/,
};
/** What is said besides the title's matter is another's. */
const besides =
  /^\W*(?:and )?(?:also|other|bonus|additionally|in addition|misc\w*|minor|notes?|while (?:at it|here|we))\b/i;

interface Part {
  kind: 'text' | 'list' | 'gone' | 'heading';
  /** Of a list its items. */
  texts: string[];
  /** An item of it went that may be needed. */
  isTorn?: boolean;
  /** Stands under a heading that says what was done. */
  isSolution?: boolean;
}

const solution = /^(?:the )?(?:solution|fix|resolution|approach|implementation|proposed changes?|what changed)\b/i;
/** Begins a paragraph that tells the solution, in a message without headings. */
const doing =
  /^(?:(?:so|thus|therefore|hence|to fix|let['’]?s|this (?:commit|patch|change))\b|(?:fix|address|solve|avoid|handle|prevent|teach|instead|rework|adapt|make|use|add|drop|move|switch|stop)\b(?! (?:is|was|are|were)\b))/i;
/** Share of a body that the text before the solution may take where not all of it fits. */
const motiveMaxShare = 0.6;

/** Paragraphs, and lists with their items on lines of their own; without asides, steps of the work and lead-ins to nothing. */
export function proseOf(blocks: readonly Block[], isStep: (item: string) => boolean): string {
  const parts = partsOf(blocks);
  const hasGone = parts.some(({ kind }) => kind === 'gone');
  const kept: Part[] = [];
  // The last sentence led to what went: what follows may be told of that.
  let isCut = false;
  for (const [index, part] of parts.entries()) {
    const before = parts[index - 1]?.kind;
    const last = kept.at(-1);
    if (part.kind === 'gone' || part.kind === 'heading')
      isCut = closeLead(kept, part.kind) || (isCut && last === undefined);
    else if (part.kind === 'list') {
      const lead = last?.kind === 'text' && before === 'text' && !isEnded(last.texts[0]!) ? last.texts[0]! : undefined;
      isCut = addList(kept, part, lead, isStep);
    } else {
      const all = sentencesOf(part.texts[0]!).filter((one) => !hasGone || !pointsAtGone.test(one));
      const isTorn = (isCut && pronoun.test(all[0] ?? '')) || startOf[before ?? 'text'].test(all[0] ?? '');
      const said = isTorn ? all.slice(following.test(all[1] ?? '') ? 2 : 1) : all;
      if (dangling.test(said.at(-1) ?? '') && parts[index + 1]?.kind !== 'list') said.pop();
      if (
        last !== undefined &&
        /\b(?:following|below|example|e\.g|output|trace|here|lines?)\b.*[:：]$|(?:^|[.!?]\s+)(?:\S+\s+){0,3}\S+[:：]$/i.test(
          last.texts[0]!,
        )
      )
        closeLead(kept, 'gone');
      if (said.length > 0) kept.push({ ...part, texts: [joined(said)] });
      isCut = false;
    }
  }
  closeLead(kept, 'end');
  if (besides.test(kept[0]?.texts[0] ?? '')) return '';
  return withSolution(kept.map((part) => ({ ...part, texts: [textOf(part)] }))).join('\n\n');
}

function textOf({ kind, texts }: Part): string {
  return kind === 'list' ? texts.map((text) => `- ${text}`).join('\n') : texts[0]!;
}

/** All of a text that fits; else its beginning and the solution. */
function withSolution(parts: readonly Part[]): string[] {
  const sizeOf = (some: readonly Part[]): number => some.reduce((size, { texts }) => size + texts[0]!.length + 2, 0);
  const flagged = parts.filter(({ isSolution }) => isSolution === true);
  const last = parts.findLast(({ texts }) => doing.test(texts[0]!));
  const own = flagged.length > 0 || last === undefined ? flagged : [last];
  const motive = parts.filter((part) => !own.includes(part));
  if (own.length > 0 && sizeOf(parts) > bodyMaxChars)
    while (motive.length > 1 && sizeOf(motive) > bodyMaxChars * motiveMaxShare) motive.pop();
  return parts.filter((part) => own.includes(part) || motive.includes(part)).map(({ texts }) => texts[0]!);
}

/** The list of what was done goes, the list of reasons stays whole. True when its lead went with it. */
function addList(kept: Part[], part: Part, lead: string | undefined, isStep: (item: string) => boolean): boolean {
  const telling = part.texts.filter((text) => !isStep(text));
  const isTelling = telling.length > 0 && telling.length * 3 >= part.texts.length;
  if (lead === undefined) {
    if (isTelling) kept.push({ ...part, texts: telling });
    return false;
  }
  if (besides.test(lead)) {
    kept.pop();
    return false;
  }
  const isTorn = part.isTorn === true || part.texts.some((text) => text.endsWith(':'));
  if (isTorn || part.texts.length === 0 || !(isTelling || counts.test(lead))) return closeLead(kept, 'gone');
  kept.push(part);
  return false;
}

/** To what is asked before it, which is no statement. */
function isAnswer(sentences: readonly string[], at: number): boolean {
  return at > 0 && sentences[at - 1]!.endsWith('?');
}

/** Without asides, and without what follows from a sentence that went. */
function withoutAsides(all: readonly string[]): string[] {
  const said: string[] = [];
  for (const [at, one] of all.entries()) {
    const isAfterGone = at > 0 && said.at(-1) !== all[at - 1];
    const isTorn = isAfterGone && (following.test(one) || pointsBack.test(one));
    const isOpen = alternative.test(one) && !rejection.test(`${one} ${all[at + 1] ?? ''}`);
    if (!isTorn && !isOpen && !aside.test(one) && !isPointer(one) && !isAnswer(all, at)) said.push(one);
  }
  return said.map((one) => one.replace(untilThen, 'Before this, '));
}

function isEnded(text: string): boolean {
  return /[.!?。]["”')`]*$/.test(text);
}

function partsOf(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  let isSolution = false;
  for (const { kind, text } of blocks) {
    if (kind === 'heading') isSolution = solution.test(text);
    const all = sentencesOf(text);
    // A fault that is known is often mended later.
    const isStale = kind === 'text' && /\bknown (?:issue|bug|problem)s?\b/i.test(text);
    const clean = joined(isStale ? [] : withoutAsides(all));
    const isBare = !/\p{L}{2,} \p{L}{2,}|\p{Lo}{4,}/u.test(clean);
    const last = parts.at(-1);
    if (kind === 'heading' || kind === 'gone') parts.push({ kind, texts: [] });
    else if (isBare && kind === 'text' && !clean.endsWith(':')) parts.push({ kind: 'heading', texts: [] });
    else if (kind === 'text') parts.push({ kind: 'text', texts: [clean], isSolution });
    else if (isBare || /^\[[ x]\]/i.test(clean)) {
      const isTorn = aside.test(text) && !/\b(?:tests?|docs|changelog)\b/i.test(text);
      if (last?.kind !== 'list') parts.push({ kind: 'list', texts: [], isTorn });
      else if (isTorn) last.isTorn = true;
    } else if (last?.kind === 'list') last.texts.push(clean);
    else parts.push({ kind: 'list', texts: [clean], isSolution });
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
  last.texts = [joined([...said, end])];
  if (last.texts[0] === '') kept.pop();
  return !isKept;
}
