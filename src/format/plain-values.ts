// Values after a key or dash in the subset of YAML: plain, quoted and flow. Undefined means anything else.

/** Reads the value of one line. */
export function readValue(text: string): unknown {
  const first = text[0];
  if (first === '[' || first === '{') {
    const flow = readFlow(text, 0, 0);
    return flow !== undefined && flow.end === text.length ? flow.value : undefined;
  }
  if (first === '"' || first === "'") {
    const quoted = readQuoted(text, 0);
    return quoted !== undefined && quoted.end === text.length ? quoted.value : undefined;
  }
  return isPlain(text) ? text : undefined;
}

/** First character of a plain scalar: no indicator, no white space. */
export const plainHead = /^[^\s\-?:,[\]{}#&*!|>'"%@`]/;

/** True when the text has no indicator at its start and nothing that ends a plain scalar. */
function isPlain(text: string): boolean {
  if (text.includes(': ') || text.includes(' #') || text.endsWith(':') || text.endsWith(' ')) return false;
  return plainHead.test(text);
}

interface Piece {
  value: unknown;
  end: number;
}

const doubleQuoted = /"((?:[^"\\]|\\["\\])*)"/y;
const singleQuoted = /'((?:[^']|'')*)'/y;

function readQuoted(text: string, at: number): Piece | undefined {
  const pattern = text[at] === '"' ? doubleQuoted : singleQuoted;
  pattern.lastIndex = at;
  const inside = pattern.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const value = pattern === doubleQuoted ? inside.replace(/\\(.)/g, '$1') : inside.replaceAll("''", "'");
  return { value, end: pattern.lastIndex };
}

/** A plain value inside brackets, separated by commas; the library handles those with any indicator. */
const flowPlain = /[A-Za-z0-9_./~$(][^,[\]{}:#"'&*!|>%@`?]*/y;
const flowKey = /([a-z]+): /y;

/** Our own files nest two levels. */
const maxDepth = 8;

function readFlow(text: string, at: number, depth: number): Piece | undefined {
  if (text[at] === '"' || text[at] === "'") return readQuoted(text, at);
  if (depth > maxDepth) return undefined;
  if (text[at] === '[') return readItems(text, at, [], depth + 1);
  if (text[at] === '{') return readItems(text, at, {}, depth + 1);
  flowPlain.lastIndex = at;
  const plain = flowPlain.exec(text)?.[0].trimEnd();
  return plain === undefined ? undefined : { value: plain, end: at + plain.length };
}

function readItems(
  text: string,
  start: number,
  into: unknown[] | Record<string, unknown>,
  depth: number,
): Piece | undefined {
  const close = Array.isArray(into) ? ']' : '}';
  let at = skipSpaces(text, start + 1);
  for (;;) {
    let key = '';
    if (!Array.isArray(into)) {
      flowKey.lastIndex = at;
      key = flowKey.exec(text)?.[1] ?? '';
      if (key === '' || Object.hasOwn(into, key)) return undefined;
      at = skipSpaces(text, flowKey.lastIndex);
    }
    const piece = readFlow(text, at, depth);
    if (piece === undefined) return undefined;
    if (Array.isArray(into)) into.push(piece.value);
    else into[key] = piece.value;
    at = skipSpaces(text, piece.end);
    if (text[at] === close) return { value: into, end: at + 1 };
    if (text[at] !== ',' || text[at + 1] !== ' ') return undefined;
    at = skipSpaces(text, at + 1);
  }
}

function skipSpaces(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ') end++;
  return end;
}
