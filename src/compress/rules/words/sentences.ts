// A text of the agent or the user as lines and sentences, so that some may be left out and the rest stays as it stands.

export interface Line {
  /** List marks, heading signs and indentation. */
  mark: string;
  /** `code`: a fenced block with its fences, one line of text for all of it. */
  kind: 'prose' | 'item' | 'heading' | 'row' | 'code' | 'blank';
  /** Of a table its lines. */
  sentences: string[];
}

const insight = /^[`\s]*★?\s*(?:Insight\b.*)?─{3,}.*$/;

export function readLines(text: string): Line[] {
  const lines: Line[] = [];
  let fence: string[] | undefined;
  /** Blocks within a block: a document that shows code. */
  let depth = 0;
  for (const line of text.split('\n')) {
    const mark = /^\s*(?:```|~~~)\s*(.*)$/.exec(line);
    const before = lines.at(-1);
    if (fence === undefined && before?.kind === 'row' && isTable([line.trim()])) {
      before.sentences.push(line.trim());
      continue;
    }
    if (fence === undefined && mark === null) lines.push(readLine(line));
    else if (fence === undefined) {
      fence = [line];
      depth = 1;
    } else {
      fence.push(line);
      if (mark !== null) depth += mark[1] === '' ? -1 : 1;
      if (depth > 0) continue;
      lines.push({ mark: '', kind: 'code', sentences: [fence.join('\n')] });
      fence = undefined;
    }
  }
  if (fence !== undefined) lines.push({ mark: '', kind: 'code', sentences: [fence.join('\n')] });
  return lines;
}

function readLine(line: string): Line {
  const text = line.trim();
  if (text === '' || /^[-*_=]{3,}$/.test(text) || insight.test(text)) return { mark: '', kind: 'blank', sentences: [] };
  if (text.startsWith('|')) return { mark: '', kind: 'row', sentences: [text] };
  const heading = /^(#{1,6}\s+)(.*)$/.exec(text);
  if (heading) return { mark: heading[1]!, kind: 'heading', sentences: [heading[2]!] };
  const whole = /^\*\*([^*]+)\*\*:?$/.exec(text);
  if (whole) return { mark: '', kind: 'heading', sentences: [text] };
  const item = /^(\s*(?:>\s*)?(?:[-*+•–]|\d{1,2}[.)])\s+)(.*)$/.exec(line);
  if (item) return { mark: item[1]!, kind: 'item', sentences: splitSentences(item[2]!.trim()) };
  return { mark: '', kind: 'prose', sentences: splitSentences(text) };
}

/** After a full stop before a capital, sign or quotation; not within back-ticks, parentheses or after short abbreviations. */
export function splitSentences(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  let inCode = false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '`') inCode = !inCode;
    if (inCode) continue;
    if ('(（「『'.includes(char)) depth++;
    if (')）」』'.includes(char)) depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    if ('。！？'.includes(char) || ('.!?'.includes(char) && isEnd(text, at))) {
      let end = at + 1;
      while (end < text.length && '"”*)’»'.includes(text[end]!)) end++;
      const sentence = text.slice(from, end).trim();
      if (sentence !== '') found.push(sentence);
      from = end;
      at = end - 1;
    }
  }
  const rest = text.slice(from).trim();
  if (rest !== '') found.push(rest);
  return found;
}

function isEnd(text: string, at: number): boolean {
  const rest = text.slice(at + 1);
  if (!/^["”*)’»]*(?:\s+|$)/.test(rest)) return false;
  const next = rest.replace(/^["”*)’»]*\s+/, '');
  // "Smith. (2026). Title" is one reference.
  if (/^\(\d/.test(next)) return false;
  // A sentence may begin with a command or an identifier.
  const isLower = !/^[\p{Lu}\p{Lo}\p{N}`"'“¿¡([*✅⚠❌\p{Extended_Pictographic}]/u.test(next);
  if (next !== '' && isLower && text[at] === '.' && !/.{30}[\p{L}`)]{3}$/u.test(text.slice(0, at))) return false;
  return !/(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|z\.B|d\.h|bzw|p\.ej|ej|Nr|St|Dr|Mr|Mrs)|(?<!\d)\s\p{L})$/u.test(
    text.slice(0, at),
  );
}

export const isTable = ([first = '']: readonly string[]): boolean => first.startsWith('|');

/** Lines back to text; blank lines at most one at a time. */
export function writeLines(lines: readonly Line[]): string {
  return lines
    .map(({ mark, sentences }) => `${mark}${sentences.join(isTable(sentences) ? '\n' : ' ')}`.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** A prompt that ends with a question. */
export const isQuestion = (prompt: string): boolean => /[?？]\s*$/.test(prompt);

/** Without emphasis, links' targets, emoji and labels: as a title may stand. Quotations and code stay as they are. */
export function plain(sentence: string): string {
  return sentence
    .replace(/\[([^\]]+)\]\((?:[^()\s]|\([^)]*\))+\)/g, '$1')
    .replace(/(?<![\p{L}\p{N}*])\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?![\p{L}\p{N}*])/gu, '$1')
    .replace(/(?<!`)\*\*/g, '')
    .replace(/(?<![\p{L}\p{N}_`])__(\S[^_\n]*\S)__(?![\p{L}\p{N}_`])/gu, '$1')
    .replace(/^[\s*\p{Extended_Pictographic}\u{FE0F}✓✔•★]+/u, '')
    .replace(/[\s\p{Extended_Pictographic}\u{FE0F}✓✔]+$/u, '')
    .replace(/\s+/g, ' ')
    .trim();
}
