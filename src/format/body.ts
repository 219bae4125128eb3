// Splits an observation's body: the first paragraph is the description, a final list holds the facts, the text in between explains why
// and how.

export interface BodyParts {
  /** One line; '' when the body does not begin with a paragraph. */
  description: string;
  /** One line each. */
  facts: string[];
  /** The text between the two, tidied. */
  body: string;
}

const item = /^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)/;
const fence = /^ {0,3}(?:`{3,}|~{3,})/;
const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/;
/** Lines that begin a block other than a paragraph: heading, fence, quote, table, HTML, a rule, indented code. */
const noParagraph = /^(?: {4}|\t| {0,3}(?:#{1,6}(?:[ \t]|$)|`{3,}|~{3,}|>|\||<[a-z!/]|(?:[-*_][ \t]*){3,}$))/i;

/** A blank line, an item, a fence or a heading. */
const paragraphEnd = new RegExp(`^\\s*$|${item.source}|${fence.source}|${heading.source}`);

/** Splits a tidied body. A heading that repeats the title is dropped. Splitting the result of `joinBody` again gives the same parts. */
export function splitBody(text: string, title = ''): BodyParts {
  const lines = text.split('\n');
  const start = titleEnd(lines, title);
  const listAt = listStart(lines, start);
  const facts = itemsOf(lines.slice(listAt));
  let end = start;
  const first = lines[start];
  if (first !== undefined && start < listAt && !noParagraph.test(first) && !item.test(first))
    while (end < listAt && !paragraphEnd.test(lines[end] ?? '')) end++;
  const rest = lines.slice(end, listAt).join('\n');
  return {
    description: oneLine(lines.slice(start, end)),
    facts,
    body: rest.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd(),
  };
}

/** The body as written to a file. */
export function joinBody({ description, facts, body }: BodyParts): string {
  return [description, body, facts.map((fact) => `- ${fact}`).join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Index of the first line after a heading that repeats the title; 0 without one. */
function titleEnd(lines: readonly string[], title: string): number {
  const said = heading.test(lines[0] ?? '') ? (lines[0] ?? '').replace(/^ {0,3}#+/, '').trim() : '';
  if (said === '' || said.toLowerCase() !== title.trim().toLowerCase()) return 0;
  let at = 1;
  while (at < lines.length && lines[at]?.trim() === '') at++;
  return at;
}

/** Index of the first line of the list that ends the text; the text's length without one. Indented lines continue an item. */
function listStart(lines: readonly string[], from: number): number {
  let start = lines.length;
  for (let at = lines.length - 1; at >= from; at--) {
    const line = lines[at] ?? '';
    if (item.test(line)) start = at;
    else if (line.trim() !== '' && !/^(?: {2,}|\t)\S/.test(line)) break;
  }
  const fences = lines.slice(from, start).filter((line) => fence.test(line)).length;
  const isWhole = fences % 2 === 0 && !lines.slice(start).some((line) => fence.test(line.trim()));
  return isWhole ? start : lines.length;
}

function itemsOf(lines: readonly string[]): string[] {
  const items: string[][] = [];
  for (const line of lines) {
    if (item.test(line)) items.push([line.replace(item, '')]);
    else if (line.trim() !== '') items.at(-1)?.push(line);
  }
  return items.map(oneLine);
}

function oneLine(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/**
 * Normalizes a body: no surrounding blank lines, LF, well-formed text without NUL, and nothing that looks like a merge conflict or a
 * second front matter. Idempotent; applied on write and on read.
 */
export function tidyBody(text: string): string {
  let body = text;
  // For speed: test before replacing. A start without caches tidies thousands of bodies.
  if (body.includes('\r')) body = body.replace(/\r\n?/g, '\n');
  if (body.includes('\0')) body = body.replace(/\0/g, '');
  if (!body.isWellFormed()) body = body.toWellFormed();
  body = body.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
  if (!mayHoldMarker(body) && !body.startsWith('---')) return body;
  return body.replace(/^(?=(?:<{7}|>{7}|\|{7})(?: .*)?$)/gm, ' ').replace(/^---(?=\n|$)/, '***');
}

/** Whether a line of the text may be a conflict marker. */
export function mayHoldMarker(text: string): boolean {
  return text.includes('<<<<<<<') || text.includes('>>>>>>>') || text.includes('|||||||');
}
