// Changes one place in a JSON file of somebody else's and leaves every other byte as it is: order, indentation, line ends.

interface Span {
  start: number;
  end: number;
}

interface Entry extends Span {
  /** Undefined in a list. */
  key: string | undefined;
  value: Node;
}

interface Node extends Span {
  kind: 'object' | 'array' | 'scalar';
  /** An entry's span holds key and value, without the comma. */
  entries: Entry[];
}

export type JsonPath = readonly (string | number)[];

/** Puts `value` at the end of the object at `path`, under `key`, or of the list at `path`. `text` is valid JSON; the place exists. */
export function insertJson(text: string, path: JsonPath, key: string | undefined, value: unknown): string {
  const node = nodeAt(parseSpans(text), path);
  if (!node) throw new Error(`no place ${path.join('.')}`);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = indentOf(text);
  const depth = path.length + 1;
  const label = key === undefined ? '' : `${JSON.stringify(key)}:${unit === undefined ? '' : ' '}`;
  const item =
    unit === undefined
      ? label + JSON.stringify(value)
      : label + JSON.stringify(value, null, unit).replaceAll('\n', eol + unit.repeat(depth));
  const lead = unit === undefined ? '' : eol + unit.repeat(depth);
  const last = node.entries.at(-1);
  if (last) return `${text.slice(0, last.end)},${lead}${item}${text.slice(last.end)}`;
  const tail = unit === undefined ? '' : eol + unit.repeat(depth - 1);
  return text.slice(0, node.start + 1) + lead + item + tail + text.slice(node.end - 1);
}

/** Takes the entry at `path` out again, with its comma: what insertJson put at the end leaves no trace. */
export function removeJson(text: string, path: JsonPath): string {
  const parent = nodeAt(parseSpans(text), path.slice(0, -1));
  const at = parent ? indexOf(parent, path.at(-1) ?? '') : -1;
  const entry = parent?.entries[at];
  if (!parent || !entry) return text;
  const before = parent.entries[at - 1];
  const after = parent.entries[at + 1];
  if (!before && !after) return text.slice(0, parent.start + 1) + text.slice(parent.end - 1);
  if (after) return text.slice(0, entry.start) + text.slice(after.start);
  return text.slice(0, before?.end) + text.slice(entry.end);
}

function nodeAt(root: Node, path: JsonPath): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) node = node?.entries[indexOf(node, step)]?.value;
  return node;
}

/** Of equal keys the last one counts, as in JSON.parse. */
function indexOf(node: Node, step: string | number): number {
  return typeof step === 'number' ? step : node.entries.findLastIndex((entry) => entry.key === step);
}

/** White space before the first key on a line of its own; undefined when all stands in one line; two spaces for an empty object. */
function indentOf(text: string): string | undefined {
  if (/^\s*\{\s*\}\s*$/.test(text)) return '  ';
  const first = /^\s*[{[](\s*)/.exec(text)?.[1] ?? '';
  if (!first.includes('\n')) return undefined;
  return /[ \t]*$/.exec(first)?.[0] || '  ';
}

function parseSpans(text: string): Node {
  let at = 0;
  const skipSpace = (): void => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const skipString = (): void => {
    for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
    at++;
  };
  const readValue = (): Node => {
    skipSpace();
    const start = at;
    const open = text[at];
    const entries: Entry[] = [];
    if (open !== '{' && open !== '[') {
      if (open === '"') skipString();
      else while (at < text.length && !/[\s,\]}]/.test(text[at] ?? '')) at++;
      return { kind: 'scalar', start, end: at, entries };
    }
    const close = open === '{' ? '}' : ']';
    at++;
    for (skipSpace(); at < text.length && text[at] !== close; skipSpace()) {
      const entryStart = at;
      let key: string | undefined;
      if (open === '{') {
        skipString();
        key = JSON.parse(text.slice(entryStart, at)) as string;
        skipSpace();
        at++;
      }
      const value = readValue();
      entries.push({ key, value, start: entryStart, end: at });
      skipSpace();
      if (text[at] === ',') at++;
    }
    at++;
    return { kind: open === '{' ? 'object' : 'array', start, end: at, entries };
  };
  return readValue();
}
