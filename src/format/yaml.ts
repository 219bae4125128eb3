// YAML for settings and modes, with errors that name line and column, and the nodes for writing front matter.
import { Document, LineCounter, Pair, Scalar, YAMLMap, YAMLSeq, parseDocument, type ParsedNode } from 'yaml';
import { RepomemError } from '../domain/errors.ts';
import type { RecordProblem } from './record-of-data.ts';

/** One line per value: long texts are not folded, and multi-line texts use double quotes. */
export const yamlLayout = {
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  blockQuote: false,
} as const;

export type ParsedYaml =
  { value: unknown; lineOf: (path: readonly (string | number)[]) => number | undefined } | { problem: RecordProblem };

/** Parses settings and modes: YAML 1.2 with its types, without anchors and aliases. */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    return { problem: { code: 'bad-yaml', line: lines.linePos(error.pos[0]).line, reason: error.message } };
  }
  const anchor = /(?:^|[\s,[{:-])[&*][^\s,[\]{}]+/.exec(text) ? findAnchor(document) : undefined;
  if (anchor !== undefined) {
    const { line } = lines.linePos(anchor);
    return { problem: { code: 'bad-yaml', line, reason: 'anchors and aliases are not read' } };
  }
  const lineOf = (path: readonly (string | number)[]): number | undefined => {
    const node = path.length === 0 ? document.contents : findKey(document, path);
    return node?.range ? lines.linePos(node.range[0]).line : undefined;
  };
  return { value: document.toJS({ maxAliasCount: 0 }) as unknown, lineOf };
}

function findAnchor(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || found !== undefined) return;
    const at = node as { anchor?: string; source?: string; range?: [number, number, number]; items?: unknown[] };
    const isAlias = !('items' in at) && !('value' in at) && typeof at.source === 'string';
    if (at.anchor !== undefined || isAlias) found = at.range?.[0] ?? 0;
    for (const item of at.items ?? []) {
      if (item instanceof Pair) {
        walk(item.key);
        walk(item.value);
      } else walk(item);
    }
  };
  walk(document.contents);
  return found;
}

/** The node of the key, so that the line is right even when the value is on the next one. */
function findKey(document: Document.Parsed, path: readonly (string | number)[]): ParsedNode | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (parent instanceof YAMLMap) {
    const pair = parent.items.find((item) => (item.key as Scalar | null)?.value === last);
    return pair?.key as ParsedNode | undefined;
  }
  return document.getIn(path, true) as ParsedNode | undefined;
}

/** Sets one value in the text, or removes it when undefined; comments and order are kept. Throws RepomemError `bad-settings`. */
export function editYaml(text: string, path: readonly string[], value: unknown, where: string): string {
  const parsed = parseYaml(text);
  if ('problem' in parsed) {
    const { line, reason } = parsed.problem;
    throw new RepomemError('bad-settings', `${where}:${line}: ${reason}`, { hint: `Repair ${where} first.` });
  }
  const document = parseDocument(text);
  if (value === undefined) removePath(document, path);
  else {
    for (let depth = 0; depth < path.length; depth += 1) {
      const above = path.slice(0, depth);
      const parent: unknown = depth === 0 ? document.contents : document.getIn(above, true);
      // `key:` with only a comment after it is null: it becomes a map that keeps the comment.
      if (parent instanceof YAMLMap) continue;
      const map = new YAMLMap();
      if (parent instanceof Scalar && parent.comment) map.commentBefore = parent.comment;
      if (depth === 0) document.contents = map as unknown as typeof document.contents;
      else document.setIn(above, map);
    }
    const node = nodeOf(value, false);
    const old: unknown = document.getIn(path, true);
    if (old instanceof Scalar && node instanceof Scalar && old.comment) node.comment = old.comment;
    document.setIn(path, node);
  }
  return escapeUnprintable(document.toString(yamlLayout));
}

function removePath(document: Document.Parsed, path: readonly string[]): void {
  document.deleteIn(path);
  for (let above = path.slice(0, -1); above.length > 0; above = above.slice(0, -1)) {
    const map: unknown = document.getIn(above, true);
    if (!(map instanceof YAMLMap) || map.items.length > 0) return;
    document.deleteIn(above);
  }
}

/** Characters that plain or single-quoted YAML cannot hold, or that parsers treat differently: such texts use double quotes. */
const unprintable =
  /[\0-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const unprintables = new RegExp(unprintable.source, 'g');

/** `isRead`: strings come from the failsafe parser, so `12` may have been unquoted and is written unquoted again. */
export function nodeOf(value: unknown, isRead: boolean): Scalar | YAMLMap | YAMLSeq {
  if (Array.isArray(value)) {
    const seq = new YAMLSeq();
    for (const item of value) seq.items.push(nodeOf(item, isRead));
    return seq;
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap();
    for (const [key, item] of Object.entries(value)) map.items.push(new Pair(nodeOf(key, false), nodeOf(item, isRead)));
    return map;
  }
  if (typeof value !== 'string') return new Scalar(value ?? null);
  if (
    isRead &&
    (/^(?:true|false)$/.test(value) || (value !== '' && String(Number(value)) === value && value !== 'NaN'))
  )
    return new Scalar(value.startsWith('t') ? true : value.startsWith('f') ? false : Number(value));
  const scalar = new Scalar(value);
  if (/[\n\t]/.test(value) || unprintable.test(value) || value.startsWith('---')) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** Our output has these characters only inside double quotes, where an escape is valid. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintables, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
