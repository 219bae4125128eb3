// Front matter data → record, for both parsers. No third-party code: hooks load it.
import { blankRecord, fileMaxBytes, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { isObservationType } from '../domain/types.ts';
import { mayHoldMarker, splitBody, tidyBody } from './body.ts';
import { kinds } from './value-kinds.ts';
import { recordFieldOf, type RecordField } from './record-fields.ts';

export interface RecordProblem {
  code: string;
  /** From 1, in the whole file. */
  line?: number;
  reason: string;
}

export type ParsedRecord = { record: MemoryRecord } | { problem: RecordProblem };

const maxExtraDepth = 16;

/** Removes a byte order mark and converts CRLF to LF. */
export function cleanText(text: string): string {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return bare.includes('\r') ? bare.replace(/\r\n/g, '\n') : bare;
}

export interface FileData {
  id: string;
  /** Default for files without a date. */
  created: string;
  /** The whole file after cleanText. */
  text: string;
  /** Parsed YAML, by key: strings, lists, maps, null. */
  entries: readonly [key: string, value: unknown][];
  /** The text after the front matter. */
  body: string;
}

export function recordOfData({ id, created, text, entries, body }: FileData): ParsedRecord {
  const stray = findStray(body);
  if (stray) {
    const line = lineAt(text, text.length - body.length + stray[0].lastIndexOf('---'));
    const reason = 'a second --- opens the body; expected text; two files may have been merged into one';
    return { problem: { code: 'stray-frontmatter', line, reason } };
  }
  const record = blankRecord(id, 'discovery', created);
  const properties = record as unknown as Record<string, unknown>;
  const extra: [string, unknown][] = [];
  let hasType = false;
  for (const [key, value] of entries) {
    const field = recordFieldOf.get(key);
    if (field === undefined) extra.push([key, value]);
    else if (value !== undefined && value !== null) {
      const read: unknown = kinds[field.kind].read(value);
      if (read === undefined) return { problem: wrongKind(text, key, field, value) };
      properties[field.property] = read;
      hasType ||= key === 'type';
    }
  }
  if (!hasType)
    return { problem: { code: 'no-type', line: 1, reason: `type: missing; expected ${kinds.type.expected}` } };
  if (extra.some(([, value]) => depthOf(value) > maxExtraDepth))
    return { problem: { code: 'bad-yaml', reason: `lists and maps nest more than ${maxExtraDepth} levels` } };
  if (extra.length > 0) record.extra = Object.fromEntries(extra);
  return { record: finishRecord(record, body) };
}

/** Matches a second front matter at the start of the body. */
export function findStray(body: string): RegExpExecArray | null {
  return body.includes('---') ? /^(?:[ \t]*\n)*---(?:\n|$)/.exec(body) : null;
}

/** Fills in what the front matter omits. */
export function finishRecord(record: MemoryRecord, body: string): MemoryRecord {
  record.body = tidyBody(body);
  const isUntitled = record.title === '';
  if (isUntitled) record.title = titleOf(record);
  // Older files have description and facts as keys: their body is not split.
  if (isObservationType(record.type) && record.description === '' && record.facts.length === 0)
    Object.assign(record, splitBody(record.body, record.title));
  if (isUntitled && record.description === record.title) record.description = '';
  return record;
}

/** Checks a clean text before parsing: the reason why it is not a record file. */
export function refuseText(text: string): RecordProblem | undefined {
  const refuse = (code: string, reason: string, at?: number): RecordProblem => ({
    code,
    reason,
    ...(at !== undefined && { line: lineAt(text, at) }),
  });
  // A UTF-16 code unit takes at most three bytes.
  const bytes = text.length * 3 > fileMaxBytes ? Buffer.byteLength(text) : 0;
  if (bytes > fileMaxBytes)
    return refuse('too-big', `${bytes} bytes; expected at most ${fileMaxBytes}; split it or cut it`);
  if (text.includes('\0')) return refuse('binary', 'holds a NUL byte', text.indexOf('\0'));
  const marker = mayHoldMarker(text) ? /^(?:<{7}|>{7}|\|{7})(?: .*)?$/m.exec(text) : null;
  if (marker)
    return refuse('conflict', 'holds conflict markers of a merge; keep one side and remove them', marker.index);
  if (!text.startsWith('---\n'))
    return refuse('no-frontmatter', 'expected a first line that is exactly ---, then YAML', 0);
  const end = text.indexOf('\n---', 3);
  if (end < 0) return refuse('no-frontmatter', 'the front matter has no end; expected a line that is exactly ---', 0);
  // The library's splitter accepts any line that begins with three dashes as the end.
  const isClosed = end + 4 === text.length || text[end + 4] === '\n';
  return isClosed ? undefined : refuse('no-frontmatter', 'expected a line that is exactly ---', end + 1);
}

function wrongKind(text: string, key: string, field: RecordField, value: unknown): RecordProblem {
  const got = JSON.stringify(value) ?? 'nothing';
  const reason = `${key}: expected ${kinds[field.kind].expected}; got ${got.length > 80 ? `${got.slice(0, 79)}…` : got}`;
  return { code: 'bad-value', line: lineOfKey(text, key), reason };
}

/** Line of a key of the front matter, from 1; 1 where it is not found. */
export function lineOfKey(text: string, key: string): number {
  return lineAt(text, Math.max(0, text.search(new RegExp(`^["']?${key}["']?[ \\t]*:`, 'm'))));
}

/** Title of an untitled file: its description, its first line of text, else its id. */
function titleOf(record: MemoryRecord): string {
  const line = record.body
    .split('\n')
    .map((text) => text.replace(/^#+\s*/, '').trim())
    .find((text) => text !== '');
  return (record.description || line || record.id).slice(0, titleMaxChars);
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > maxExtraDepth) return depth;
  return Math.max(depth + 1, ...Object.values(value).map((item) => depthOf(item, depth + 1)));
}

/** From 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
