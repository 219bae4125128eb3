// Record → text, with the `yaml` package. Reading is in frontmatter-read.ts, which hooks load without it.
import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { Cite } from '../domain/cite.ts';
import { RepomemError } from '../domain/errors.ts';
import { fileMaxBytes, type MemoryRecord } from '../domain/record.ts';
import { isObservationType } from '../domain/types.ts';
import { joinBody, splitBody } from './body.ts';
import { recordFieldList, type RecordField } from './record-fields.ts';
import { tidyBody } from './tidy-body.ts';
import { escapeUnprintable, nodeOf, yamlLayout } from './yaml.ts';

/**
 * Formats the file: front matter in the order of recordFields, empty lists left out, unknown keys last. `parseRecord` of the text
 * returns the same record (with the body tidied; without a description, the first paragraph becomes it). Throws RepomemError
 * `bad-record` over 16 KiB.
 */
export function formatRecord(record: MemoryRecord): string {
  const composed = composeBody(record);
  let front = '';
  for (const [key, field] of recordFieldList) {
    if (composed !== undefined && (key === 'description' || key === 'facts')) continue;
    const value: unknown = record[field.property];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    front += formatField(key, field, value);
  }
  for (const [key, value] of Object.entries(record.extra))
    front += (plainItem.test(key) ? formatPlain(key, value) : undefined) ?? print(key, nodeOf(value, true), true);
  const body = composed ?? tidyBody(record.body);
  const text = `---\n${front}---\n${body === '' ? '' : `\n${body}\n`}`;
  const bytes = Buffer.byteLength(text);
  if (bytes > fileMaxBytes)
    throw new RepomemError('bad-record', `${record.id}: ${bytes} bytes; expected at most ${fileMaxBytes}`, {
      hint: 'Shorten the body or split it into two records.',
    });
  return text;
}

/** Description, text and facts as one body; undefined when parsing it would give other values, so that they must be written as keys. */
function composeBody(record: MemoryRecord): string | undefined {
  if (!isObservationType(record.type)) return undefined;
  const body = tidyBody(joinBody(record));
  const { description, facts, body: rest } = splitBody(body, record.title);
  const isSame =
    description === record.description &&
    rest === tidyBody(record.body) &&
    facts.length === record.facts.length &&
    facts.every((fact, at) => fact === record.facts[at]);
  return isSame ? body : undefined;
}

/** Text that YAML writes without quotes after a key: no indicator, and neither a number nor a truth value; and times. */
const plainText =
  /^(?:(?!(?:true|false|null)$)[a-z](?:(?:[\w .,;/()'"`=+*%@!?<>$-]|:(?=\S))*[\w.,;/)'"`!?])?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/i;
/** The same within brackets; hexadecimal ids without an exponent, and ranges of lines. */
const plainItem = /^(?!(?:true|false|null)$)(?:[a-z](?:[\w ./-]*\w)?|[\da-f]*[a-df][\da-f]*|\d+-\d+)$/i;

const isPlain = (item: unknown): boolean =>
  typeof item === 'number' || (typeof item === 'string' && plainItem.test(item));

/** What most values look like, as the library writes them and in a tenth of its time. Undefined for all others. */
function formatPlain(key: string, value: unknown, { kind, layout }: Partial<RecordField> = {}): string | undefined {
  if (typeof value === 'number') return `${key}: ${value}\n`;
  if (typeof value === 'string') return plainText.test(value) ? `${key}: ${value}\n` : undefined;
  if (kind === 'cites') return formatCites(key, value as Cite[]);
  if (kind === 'generated' && Object.values(value as object).every(isPlain)) {
    const parts = Object.entries(value as object).map(([name, item]) => `${name}: ${item}`);
    return `${key}: { ${parts.join(', ')} }\n`;
  }
  return layout === 'inline' && Array.isArray(value) && value.every(isPlain)
    ? `${key}: [${value.join(', ')}]\n`
    : undefined;
}

function formatCites(key: string, cites: readonly Cite[]): string | undefined {
  let block = `${key}:\n`;
  for (const { path, lines, blob, text } of cites) {
    const parts = [`path: ${path}`];
    if (lines) parts.push(`lines: ${lines[0]}-${lines[1]}`);
    if (blob !== undefined) parts.push(`blob: ${blob}`);
    if (text !== undefined) parts.push(`text: ${text}`);
    if (![path, blob ?? 'a', text ?? 'a'].every((item) => plainItem.test(item))) return undefined;
    block += `  - { ${parts.join(', ')} }\n`;
  }
  return block;
}

function formatField(key: string, field: RecordField, value: unknown): string {
  const plain = formatPlain(key, value, field);
  if (plain !== undefined) return plain;
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
  return escapeUnprintable(new Document(map).toString({ ...yamlLayout, flowCollectionPadding: isPadded }));
}
