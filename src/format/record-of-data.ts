// What both parsers of a record do before and after the front matter. No third-party code: hooks load it.
import { fileMaxBytes, titleMaxChars, type MemoryRecord, type Problem } from '../domain/record.ts';
import { isObservationType } from '../domain/types.ts';
import { mayHoldMarker, splitBody, tidyBody } from './body.ts';

/** `line`: from 1, in the whole file. */
export type RecordProblem = Omit<Problem, 'path'>;

export type ParsedRecord = { record: MemoryRecord } | { problem: RecordProblem };

/** Removes a byte order mark and converts CRLF to LF. */
export function cleanText(text: string): string {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return bare.includes('\r') ? bare.replace(/\r\n/g, '\n') : bare;
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

export function problemOf(code: string, reason: string, line?: number): { problem: RecordProblem } {
  return { problem: { code, reason, ...(line !== undefined && { line }) } };
}

/** Checks a clean text before parsing: the reason why it is not a record file. */
export function refuseText(text: string): { problem: RecordProblem } | undefined {
  const refuse = (code: string, reason: string, at?: number): { problem: RecordProblem } =>
    problemOf(code, reason, at === undefined ? undefined : lineAt(text, at));
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
  const isClosed = end + 4 === text.length || text[end + 4] === '\n';
  if (!isClosed) return refuse('no-frontmatter', 'expected a line that is exactly ---', end + 1);
  const stray = text.includes('---', end + 4) ? /^(?:[ \t]*\n)*---(?:\n|$)/.exec(text.slice(end + 5)) : null;
  if (!stray) return undefined;
  const reason = 'a second --- opens the body; expected text; two files may have been merged into one';
  return refuse('stray-frontmatter', reason, end + 5 + stray[0].lastIndexOf('---'));
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

/** From 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
