// Markdown or plain text into statements: headings become sections, list items stand alone (a short parent is put before its child),
// paragraphs are cut into sentences, code blocks are left out.
import { chatter, cuePatterns, dangling, intent, leads, openClaim, planTail, sectionKinds } from './cues.ts';

export interface Piece {
  text: string;
  /** The heading (or numbered top item) that it stands under, '' when none. */
  section: string;
  /** The short parent of a list item, which is put before it; '' when none. */
  lead: string;
  /** A plan (`Let me …`), not a finding. */
  isPlan: boolean;
  /** Which paragraph or list item of the text it stands in. */
  block: number;
}

const abbreviations =
  /(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|no|nr|z\.B|d\.h|bzw|ca|usw|p\.ex|Mr|Mrs|Dr|St|Inc|Ltd|v\d+)|(?<![\p{L}\p{N}_])\p{L})\.$/u;

/** Sentences of one paragraph; dots in code, numbers, paths and abbreviations do not end one. */
export function splitSentences(paragraph: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  let inCode = false;
  let depth = 0;
  for (let i = 0; i < paragraph.length; i++) {
    const letter = paragraph[i]!;
    if (letter === '`') inCode = !inCode;
    if (inCode) continue;
    if (letter === '(') depth++;
    if (letter === ')') depth = Math.max(0, depth - 1);
    const isWide = '。！？'.includes(letter);
    if (!isWide && !'.!?…'.includes(letter)) continue;
    let end = i + 1;
    while (end < paragraph.length && '.!?…。！？"\'”’»)`*'.includes(paragraph[end]!) && paragraph[end] !== '`') end++;
    const rest = paragraph.slice(end);
    if (!isWide && !/^\s+[\p{Lu}\p{Lo}\p{N}"'“‘«¿¡`*([]/u.test(rest) && rest.trim() !== '') continue;
    const sentence = paragraph.slice(start, end);
    if (!isWide && depth > 0 && rest.includes(')')) continue;
    if (letter === '.' && abbreviations.test(sentence.trimEnd())) continue;
    sentences.push(sentence.trim());
    start = end;
    depth = 0;
    i = end - 1;
  }
  const last = paragraph.slice(start).trim();
  if (last !== '') sentences.push(last);
  return sentences;
}

/** Markdown decoration off; words and code stay as they are. */
export function plainText(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : undecorate(part)))
    .join('')
    .replace(/\*\*/g, '')
    .trim();
}

function undecorate(text: string): string {
  return text
    .replace(/!?\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])/g, '$1')
    .replace(/^>\s?/, '')
    .replace(/<\/?(?:b|i|em|strong|br|p|div|span|details|summary)\b[^<>]{0,60}>/gi, '');
}

/** Opening words that carry no news cut off, first letter raised; undefined for chatter. */
export function trimSentence(sentence: string): string | undefined {
  let text = plainText(sentence)
    .replace(/^[-–—•·✓✔✅❌✗→\s]+/u, '')
    .replace(/\s*:$/, '');
  if (chatter.some((pattern) => pattern.test(text))) return undefined;
  for (let round = 0; round < 3; round++) {
    const before = text;
    for (const lead of leads) text = text.replace(lead, '');
    if (text === before) break;
  }
  const tail = planTail.exec(text);
  if (tail && tail.index > 0) {
    text = text.slice(0, tail.index);
    if (text.split(' ').length < 5 || /^(?:given|since|as|because|while|before|after|now that|if|when)\b/i.test(text))
      return undefined;
  }
  if (text.length < 12 && !/[`\d]/.test(text)) return undefined;
  if (chatter.some((pattern) => pattern.test(text))) return undefined;
  return raiseFirst(text);
}

/** A capital at the start of a plain word; identifiers stay as they are. */
export function raiseFirst(text: string): string {
  return /^\p{Ll}[\p{Ll}']*(?:[\s,;]|$)/u.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
}

interface Line {
  indent: number;
  bullet: boolean;
  text: string;
}

/** All statements of a text in order. Chatter is gone, dangling sentences are joined to the one before. */
export function splitStatements(markdown: string): Piece[] {
  const pieces: Piece[] = [];
  let section = '';
  let parents: Line[] = [];
  let paragraph: string[] = [];
  let block = 0;
  const add = (text: string, isItem: boolean): void => {
    let previous: Piece | undefined;
    block++;
    for (const sentence of splitSentences(text)) {
      const trimmed = trimSentence(sentence);
      if (trimmed === undefined || isCode(trimmed)) {
        previous = undefined;
        continue;
      }
      if (
        dangling.test(trimmed) &&
        !openClaim.test(trimmed) &&
        previous &&
        previous.text.length + trimmed.length < 320
      ) {
        previous.text = `${/[.!?…。]$/.test(previous.text) ? previous.text : `${previous.text}.`} ${trimmed}`;
        continue;
      }
      const owner = isItem && !previous ? parents.findLast((parent) => parent.text.endsWith(':')) : undefined;
      const isLabelled = isItem && !previous && /^\p{Lu}[\p{L} ]{2,30}: \S/u.test(trimmed);
      const lead = owner
        ? leadOf(owner.text)
        : isLabelled && /[`/_]|\w\.\w|[a-z][A-Z]/.test(section)
          ? leadOf(section.replace(/^\d+\.\s*/, ''))
          : '';
      previous = {
        text: lead === '' ? trimmed : `${lead}: ${trimmed}`,
        section,
        lead,
        block,
        isPlan: intent.test(plainText(sentence)) || /^next(?: steps?| up)?\s*[:,]/i.test(plainText(sentence)),
      };
      pieces.push(previous);
    }
  };
  let item: Line | undefined;
  const flush = (): void => {
    if (paragraph.length > 0) add(paragraph.join(' '), item !== undefined || parents.length > 0);
    if (item) parents.push(item);
    item = undefined;
    paragraph = [];
  };
  let fence = '';
  let cutAt = -1;
  for (const raw of markdown.split('\n')) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(raw)?.[1];
    if (fence !== '') {
      if (mark !== undefined && mark.startsWith(fence)) fence = '';
      continue;
    }
    if (/^\[… \d+ (?:characters|lines) cut …\]$/.test(raw.trim())) {
      flush();
      cutAt = pieces.length;
      continue;
    }
    if (mark !== undefined) {
      flush();
      if (cutAt >= 0 && raw.trim() === mark) {
        // The opening fence was cut away: what stood since was code.
        pieces.length = cutAt;
        cutAt = -1;
        continue;
      }
      cutAt = -1;
      fence = mark;
      continue;
    }
    const heading = /^#{1,6}\s+(.*)$/.exec(raw) ?? /^(?:\*\*([^*]+)\*\*|([A-Z][\w &/]{2,30})):?\s*$/.exec(raw);
    if (heading) {
      flush();
      section = plainText(heading[1] ?? heading[2] ?? '').replace(/:$/, '');
      parents = [];
      continue;
    }
    const listed = /^(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(.*)$/.exec(raw);
    if (listed) {
      const isChild = item !== undefined && listed[1]!.length > item.indent;
      if (isChild && item!.text.length < 100 && !/[.!?。]$/.test(item!.text) && leadOf(item!.text) !== '') {
        parents.push({ ...item!, text: `${item!.text}:` });
        item = undefined;
        paragraph = [];
      } else flush();
      const line: Line = { indent: listed[1]!.length, bullet: true, text: plainText(listed[2]!) };
      parents = parents.filter((parent) => parent.indent < line.indent);
      if (line.indent === 0 && /^\d/.test(raw) && line.text.endsWith(':')) {
        section = line.text.replace(/:$/, '');
        parents = [];
      } else if (/[:：]$/.test(line.text) || isLabel(line.text)) {
        const said = splitSentences(line.text);
        if (said.length > 1) add(said.slice(0, -1).join(' '), true);
        parents.push({ ...line, text: line.text.replace(/[:：]?$/, ':') });
      } else {
        item = line;
        paragraph = [listed[2]!];
      }
      continue;
    }
    if (/^\s*(?:\|.*\||[-=_*]{3,})\s*$/.test(raw)) {
      flush();
      const cells =
        raw.includes('|') && !/^[\s|:-]+$/.test(raw)
          ? raw
              .split('|')
              .map((cell) => cell.trim())
              .filter(Boolean)
          : [];
      if (cells.length > 1) add(cells.join(' — '), false);
      continue;
    }
    if (raw.trim() === '') {
      flush();
      if (!/^\s/.test(raw)) parents = parents.filter((parent) => parent.text.endsWith(':'));
      continue;
    }
    if (!/^\s/.test(raw)) {
      if (item) flush();
      parents = [];
    }
    paragraph.push(raw.trim());
  }
  flush();
  return pieces;
}

/** Mostly punctuation of programs, outside of backticks. */
function isCode(text: string): boolean {
  const bare = text.replace(/`[^`]*`/g, '');
  const marks = bare.match(/[{};=<>|\\]|\(\)|\w\(/g)?.length ?? 0;
  return marks >= 4 && marks / bare.length > 0.025;
}

function isLabel(text: string): boolean {
  return text.length < 90 && /^`?[\w./@-]*\.\w{1,16}`?(?:\s*\([^)]*\))?$/.test(text);
}

/** A parent is worth repeating when it names something; headings such as `Changes` are not. */
function leadOf(parent: string): string {
  const text = parent
    .replace(/:$/, '')
    .replace(/(?<=[\w`])\s*\([^)]*\)$/, '')
    .trim();
  const last = text.length > 90 ? (splitSentences(text).at(-1) ?? '') : text;
  if (last !== text) {
    const label = /^([^:]{8,60}): /.exec(text)?.[1];
    return last.length > 60 || leadOf(last) === '' ? '' : label ? `${label} — ${last}` : last;
  }
  if (sectionKinds.some(({ pattern }) => pattern.test(text) && text.split(' ').length < 5)) return '';
  if (cuePatterns['dead-end'].test(text)) return text;
  return /[`/\d_]|\w\.\w|[a-z][A-Z]/.test(text) || text.split(' ').length > 3 ? text : '';
}
