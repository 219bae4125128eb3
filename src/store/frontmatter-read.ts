// Text → record. Gentle about what people write, strict about what could hurt; a bad file is a value with line and reason.
import matter from 'gray-matter';
import jsYaml from 'js-yaml';
import { fileMaxBytes, titleMaxChars, type MemoryRecord } from '../domain/record.ts';
import { kinds } from './kinds.ts';
import { recordFieldList, type RecordField } from './record-fields.ts';
import { tidyBody } from './tidy-body.ts';

export interface RecordProblem {
  code: string;
  /** From 1, in the whole file. */
  line?: number;
  reason: string;
}

export type ParsedRecord = { record: MemoryRecord } | { problem: RecordProblem };

const knownKeys: ReadonlySet<string> = new Set(recordFieldList.map(([key]) => key));

const maxExtraDepth = 16;

/**
 * Reads a record file's text. `created` stands in where the file names no date (a hand-written one): ISO 8601.
 * Never throws, whatever the text.
 */
export function parseRecord(id: string, text: string, created = '1970-01-01T00:00:00Z'): ParsedRecord {
  const clean = (text.startsWith('\uFEFF') ? text.slice(1) : text).replace(/\r\n/g, '\n');
  const refused = refuseText(clean);
  if (refused) return { problem: refused };
  const split = splitText(clean);
  if ('problem' in split) return split;
  const record = emptyRecord(id, created, tidyBody(split.body));
  for (const [key, field] of recordFieldList) {
    const value = split.data[key];
    if (value === undefined || value === null) continue;
    const read: unknown = kinds[field.kind].read(value);
    if (read === undefined) return { problem: wrongKind(clean, key, field, value) };
    Object.assign(record, { [field.property]: read });
  }
  if (split.data['type'] === undefined || split.data['type'] === null)
    return { problem: { code: 'no-type', line: 1, reason: `type: missing; expected ${kinds.type.expected}` } };
  const extra = Object.entries(split.data).filter(([key]) => !knownKeys.has(key));
  if (extra.some(([, value]) => depthOf(value) > maxExtraDepth))
    return { problem: { code: 'bad-yaml', reason: `lists and maps nest more than ${maxExtraDepth} levels` } };
  record.extra = Object.fromEntries(extra);
  if (record.title === '') record.title = titleOf(record);
  return { record };
}

function emptyRecord(id: string, created: string, body: string): MemoryRecord {
  return {
    id,
    type: 'discovery',
    title: '',
    description: '',
    created,
    concepts: [],
    cites: [],
    aliases: [],
    facts: [],
    supersedes: [],
    contradicts: [],
    forgets: [],
    body,
    extra: {},
  };
}

function refuseText(text: string): RecordProblem | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > fileMaxBytes)
    return { code: 'too-big', reason: `${bytes} bytes; expected at most ${fileMaxBytes}; split it or cut it` };
  if (text.includes('\0'))
    return { code: 'binary', line: lineAt(text, text.indexOf('\0')), reason: 'holds a NUL byte' };
  const marker = /^(?:<{7}|>{7}|\|{7})(?: .*)?$/m.exec(text);
  if (marker)
    return {
      code: 'conflict',
      line: lineAt(text, marker.index),
      reason: 'holds conflict markers of a merge; keep one side and remove them',
    };
  if (!text.startsWith('---\n'))
    return { code: 'no-frontmatter', line: 1, reason: 'expected a first line that is exactly ---, then YAML' };
  const end = text.indexOf('\n---', 3);
  if (end < 0)
    return {
      code: 'no-frontmatter',
      line: 1,
      reason: 'the front matter has no end; expected a line that is exactly ---',
    };
  // The splitter takes any line that begins with three dashes for the end.
  if (!/^\n---(?:\n|$)/.test(text.slice(end, end + 5)))
    return { code: 'no-frontmatter', line: lineAt(text, end + 1), reason: 'expected a line that is exactly ---' };
  return undefined;
}

function splitText(text: string): { data: Record<string, unknown>; body: string } | { problem: RecordProblem } {
  let anchorLine: number | undefined;
  const parse = (yaml: string): object => {
    const data = jsYaml.safeLoad(yaml, {
      schema: jsYaml.FAILSAFE_SCHEMA,
      listener: (_when, state) => {
        if (typeof state.anchor !== 'string') return;
        anchorLine = state.line + 1;
        throw new Error('anchors and aliases are not read; write the value out');
      },
    });
    return data as object;
  };
  try {
    const file = matter(text, {
      language: 'yaml',
      engines: { yaml: { parse }, javascript: { parse: refuseLanguage }, json: { parse: refuseLanguage } },
    });
    const data: unknown = file.data;
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      return { problem: { code: 'bad-yaml', line: 2, reason: 'expected lines of the form key: value' } };
    const stray = /^(?:[ \t]*\n)*---(?:\n|$)/.exec(file.content);
    if (stray)
      return {
        problem: {
          code: 'stray-frontmatter',
          line: lineAt(text, text.length - file.content.length + stray[0].lastIndexOf('---')),
          reason: 'a second --- opens the body; expected text; two files may have been merged into one',
        },
      };
    return { data: data as Record<string, unknown>, body: file.content };
  } catch (error) {
    const { line, reason } = explain(error);
    return { problem: { code: 'bad-yaml', line: anchorLine ?? line ?? 1, reason } };
  }
}

function refuseLanguage(): object {
  throw new Error('no front matter language but YAML is read');
}

/** js-yaml marks its errors with a line from 0 in the part behind the opening `---`, whose rest is line 0 of it. */
function explain(error: unknown): { line: number | undefined; reason: string } {
  if (!(error instanceof Error)) return { line: undefined, reason: 'cannot be read as YAML' };
  const { reason, mark } = error as Error & { reason?: string; mark?: { line: number; column: number } };
  if (reason === undefined || !mark) return { line: undefined, reason: error.message };
  return { line: mark.line + 1, reason: `${reason}, column ${mark.column + 1}` };
}

function wrongKind(text: string, key: string, field: RecordField, value: unknown): RecordProblem {
  const got = JSON.stringify(value) ?? 'nothing';
  const reason = `${key}: expected ${kinds[field.kind].expected}; got ${got.length > 80 ? `${got.slice(0, 79)}…` : got}`;
  const at = text.search(new RegExp(`^["']?${key}["']?[ \\t]*:`, 'm'));
  return { code: 'bad-value', line: at < 0 ? 1 : lineAt(text, at), reason };
}

/** Of a file that has no title: its first line of text, else its id. */
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

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
