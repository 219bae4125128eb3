// Changes one place in a foreign JSON file and keeps every other byte: order, comments, indentation, line ends.
import { findNodeAtLocation, parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { RepomemError } from '../domain/errors.ts';

export type JsonPath = readonly (string | number)[];

/** Parses a JSON object, comments allowed. Throws RepomemError `bad-settings` on anything else. */
export function parseJson(text: string, where: string): Record<string, unknown> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: false });
  const [error] = errors;
  if (error) {
    const line = text.slice(0, error.offset).split('\n').length;
    throw new RepomemError(
      'bad-settings',
      `${where}:${line}: not changed; expected JSON; got ${printParseErrorCode(error.error)}`,
      { hint: 'mend the file and try again' },
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RepomemError('bad-settings', `${where}: not changed; the whole file: expected an object`);
  return value as Record<string, unknown>;
}

/** Appends `value` to the object at `path`, under `key`, or to the list at `path`; makes what is missing there. `text` is valid JSON. */
export function insertJson(text: string, path: JsonPath, key: string | undefined, value: unknown): string {
  const node = nodeAt(text, path);
  if (!node)
    return insertJson(text, path.slice(0, -1), String(path.at(-1)), key === undefined ? [value] : { [key]: value });
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = indentOf(text);
  const lineOf = (depth: number): string => (unit === undefined ? '' : eol + unit.repeat(depth));
  const lead = lineOf(path.length + 1);
  const label = key === undefined ? '' : `${JSON.stringify(key)}:${unit === undefined ? '' : ' '}`;
  const item = lead + label + JSON.stringify(value, null, unit).replaceAll('\n', lead);
  const last = node.children?.at(-1);
  if (last) return `${text.slice(0, endOf(last))},${item}${text.slice(endOf(last))}`;
  return text.slice(0, node.offset + 1) + item + lineOf(path.length) + text.slice(endOf(node) - 1);
}

/** Removes the entry at `path` with its comma: reverses insertJson exactly. */
export function removeJson(text: string, path: JsonPath): string {
  const value = nodeAt(text, path);
  const entry = value?.parent?.type === 'property' ? value.parent : value;
  const parent = entry?.parent;
  if (!entry || !parent?.children) return text;
  const at = parent.children.indexOf(entry);
  const before = parent.children[at - 1];
  const after = parent.children[at + 1];
  if (after) return text.slice(0, entry.offset) + text.slice(after.offset);
  if (before) return text.slice(0, endOf(before)) + text.slice(endOf(entry));
  return text.slice(0, parent.offset + 1) + text.slice(endOf(parent) - 1);
}

/** removeJson, also of what becomes empty by that. */
export function pruneJson(text: string, path: JsonPath): string {
  const next = removeJson(text, path);
  const above = path.slice(0, -1);
  return above.length > 0 && nodeAt(next, above)?.children?.length === 0 ? pruneJson(next, above) : next;
}

const endOf = (node: Node): number => node.offset + node.length;

function nodeAt(text: string, path: JsonPath): Node | undefined {
  const root = parseTree(text);
  return root && (path.length === 0 ? root : findNodeAtLocation(root, [...path]));
}

/** Indentation of the first key; undefined for JSON on one line; two spaces for an empty object. */
function indentOf(text: string): string | undefined {
  if (/^\s*\{\s*\}\s*$/.test(text)) return '  ';
  const first = /^\s*[{[](\s*)/.exec(text)?.[1] ?? '';
  if (!first.includes('\n')) return undefined;
  return /[ \t]*$/.exec(first)?.[0] || '  ';
}
