// Record → text. Reading is in frontmatter-read.ts.
import { RepomemError } from '../domain/errors.ts';
import { fileMaxBytes, type MemoryRecord } from '../domain/record.ts';
import { isObservationType } from '../domain/types.ts';
import { joinBody, splitBody, tidyBody } from './body.ts';
import { recordFieldList } from './record-fields.ts';

/**
 * Formats the file: front matter in the order of recordFields, empty lists left out, unknown keys last. `parseRecord` of the text
 * returns the same record (with the body tidied; without a description, the first paragraph becomes it). Throws RepomemError
 * `bad-record` over 16 KiB.
 */
export function formatRecord(record: MemoryRecord): string {
  const composed = composeBody(record);
  const lines: string[] = [];
  for (const [key, { property, isBlock }] of recordFieldList) {
    if (composed !== undefined && (key === 'description' || key === 'facts')) continue;
    const value: unknown =
      property === 'cites' ? record.cites.map((cite) => ({ ...cite, lines: cite.lines?.join('-') })) : record[property];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    if (isBlock) lines.push(`${key}:`, ...(value as unknown[]).map((item) => `  - ${oneLine(item)}`));
    else lines.push(`${key}: ${oneLine(value)}`);
  }
  if (isNested(record.extra)) lines.push(...blockLines(record.extra));
  const body = composed ?? tidyBody(record.body);
  const text = `---\n${lines.map((line) => `${line}\n`).join('')}---\n${body === '' ? '' : `\n${body}\n`}`;
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

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Unknown keys, an item or a key a line, as most tools write them. */
function blockLines(value: unknown): string[] {
  if (!isNested(value)) return [oneLine(value, { isRead: true })];
  if (Array.isArray(value))
    return value.flatMap((item) => blockLines(item).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)));
  return Object.entries(value).flatMap(([key, item]) =>
    isNested(item)
      ? [`${oneLine(key)}:`, ...blockLines(item).map((line) => `  ${line}`)]
      : [`${oneLine(key)}: ${oneLine(item, { isRead: true })}`],
  );
}

interface Position {
  /** Within brackets. */
  inFlow?: boolean;
  /** The string comes from the failsafe parser: a number may have stood there without quotes and is written without them again. */
  isRead?: boolean;
}

function oneLine(value: unknown, position: Position = {}): string {
  if (Array.isArray(value)) return `[${value.map((item) => oneLine(item, { inFlow: true })).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${key}: ${oneLine(item, { inFlow: true })}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? formatText(value, position) : String(value);
}

/** YAML reads more than a text from it: an indicator, white space at an end, a mark of a comment or of a key. */
const special = /^$|^[\s,[\]{}#&*!|>'"%@`]|^[?-](?:\s|$)|^---|[\n\t]|:\s|\s#|[\s:]$/;
/** A number, a flag or nothing in YAML 1.2. */
const resolved = /^(?:~|null|true|false|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|0o[0-7]+|0x[\da-f]+|[-+]?\.inf|\.nan)$/i;
/** Characters that plain or single-quoted YAML cannot hold, or that parsers treat differently. */
const unprintable =
  /[\0-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Quotes only where they are needed, as the library for YAML does. */
function formatText(text: string, { inFlow, isRead }: Position): string {
  const isUnprintable = text.search(unprintable) >= 0;
  const isPlain = !special.test(text) && !isUnprintable && !(inFlow && /[[\]{},]/.test(text));
  const wasPlain = isRead && (/^(?:true|false)$/.test(text) || String(Number(text)) === text);
  if (isPlain && (wasPlain || !resolved.test(text))) return text;
  if (text.includes('"') && !text.includes("'") && !isUnprintable && !/[\n\t]|^---/.test(text)) return `'${text}'`;
  return JSON.stringify(text).replace(
    unprintable,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
