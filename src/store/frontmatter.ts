// Record → text, and YAML for settings and modes. `yaml` writes and explains; reading records is parse-record.ts, which hooks
// can load without it.
import { Document, LineCounter, Pair, Scalar, YAMLMap, YAMLSeq, parseDocument, type ParsedNode } from 'yaml';
import type { Cite } from '../domain/cite.ts';
import { RepomemError } from '../domain/errors.ts';
import { fileMaxBytes, type MemoryRecord } from '../domain/record.ts';
import type { RecordProblem } from './parse-record.ts';
import { recordFieldList, type RecordField } from './record-fields.ts';
import { tidyBody } from './tidy-body.ts';

export { parseRecord } from './parse-record.ts';

const layout = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, blockQuote: false } as const;

/**
 * The file's text: front matter in the order of recordFields, empty lists left out, unknown keys last. `parseRecord` of it gives
 * the record back (its body tidied). Throws RepomemError `bad-record` when it would be over 16 KiB.
 */
export function formatRecord(record: MemoryRecord): string {
  let front = '';
  for (const [key, field] of recordFieldList) {
    const value: unknown = record[field.property];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    front += formatField(key, field, value);
  }
  for (const [key, value] of Object.entries(record.extra)) front += print(key, nodeOf(value, true), true);
  const body = tidyBody(record.body);
  const text = `---\n${front}---\n${body === '' ? '' : `\n${body}\n`}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > fileMaxBytes)
    throw new RepomemError('bad-record', `${record.id}: ${bytes} bytes; expected at most ${fileMaxBytes}`, {
      hint: 'Shorten the body or split it into two records.',
    });
  return text;
}

/** A value as a YAML document, block style, keys in their own order. */
export function formatYaml(value: unknown): string {
  return escapeUnprintable(new Document(nodeOf(value, false)).toString(layout));
}

export type ParsedYaml =
  { value: unknown; lineOf: (path: readonly (string | number)[]) => number | undefined } | { problem: RecordProblem };

/** Settings and modes: YAML 1.2 with its types, without anchors and aliases. `where` is the file's name for messages. */
export function parseYaml(text: string, where: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { problem: { code: 'bad-yaml', line, reason: `${where}:${line}:${col}: ${error.message}` } };
  }
  const anchor = /(?:^|[\s,[{:-])[&*][^\s,[\]{}]+/.exec(text) ? findAnchor(document) : undefined;
  if (anchor !== undefined) {
    const { line } = lines.linePos(anchor);
    return { problem: { code: 'bad-yaml', line, reason: `${where}:${line}: anchors and aliases are not read` } };
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

/** The key's own node, so that a line is right even when the value stands on the next one. */
function findKey(document: Document.Parsed, path: readonly (string | number)[]): ParsedNode | undefined {
  const last = path.at(-1);
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (parent instanceof YAMLMap) {
    const pair = parent.items.find((item) => (item.key as Scalar | null)?.value === last);
    return pair?.key as ParsedNode | undefined;
  }
  return document.getIn(path, true) as ParsedNode | undefined;
}

function formatField(key: string, field: RecordField, value: unknown): string {
  if (field.kind === 'cites') return print(key, citesNode(value as Cite[]), true);
  const node = nodeOf(value, false);
  if (field.layout === 'inline') {
    if (node instanceof YAMLSeq || node instanceof YAMLMap) node.flow = true;
    if (node instanceof YAMLMap)
      for (const pair of node.items) if (pair.value instanceof YAMLSeq) pair.value.flow = true;
  }
  return print(key, node, !(node instanceof YAMLSeq));
}

function citesNode(cites: readonly Cite[]): YAMLSeq {
  const seq = new YAMLSeq();
  for (const { path, lines, blob, text } of cites) {
    const map = new YAMLMap();
    map.flow = true;
    map.add(new Pair(new Scalar('path'), nodeOf(path, false)));
    if (lines) map.add(new Pair(new Scalar('lines'), nodeOf(`${lines[0]}-${lines[1]}`, false)));
    if (blob !== undefined) map.add(new Pair(new Scalar('blob'), nodeOf(blob, false)));
    if (text !== undefined) map.add(new Pair(new Scalar('text'), nodeOf(text, false)));
    seq.items.push(map);
  }
  return seq;
}

function print(key: string, node: unknown, isPadded: boolean): string {
  const map = new YAMLMap();
  map.add(new Pair(nodeOf(key, false), node));
  return escapeUnprintable(new Document(map).toString({ ...layout, flowCollectionPadding: isPadded }));
}

/** What plain or single-quoted YAML cannot carry, or what readers disagree about: such texts go into double quotes. */
const unprintable =
  /[\0-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const unprintables = new RegExp(unprintable.source, 'g');

/** `isRead`: strings come from the failsafe reader, so `12` may have been written without quotes and is again. */
function nodeOf(value: unknown, isRead: boolean): Scalar | YAMLMap | YAMLSeq {
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

/** In our output these stand in double quotes only, where an escape is right. */
function escapeUnprintable(text: string): string {
  return text.replace(unprintables, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
