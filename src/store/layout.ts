// File names of records. Names are for people: readers use the front matter and the id at the end of the name.
import { isAbsolute, join } from 'node:path';
import { RepomemError } from '../domain/errors.ts';
import type { Tier } from '../domain/excerpt.ts';
import { isId } from '../domain/id.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { MemoryRecord } from '../domain/record.ts';

/** Folders with records below `.claude-mem` (shared) and the local folder. */
export const recordFolders = ['observations', 'sessions'] as const;

const slugMaxChars = 48;

/** Resolves a path as in Excerpt.path: relative to the folder that holds `.claude-mem`, or already absolute. */
export function absolutePath(paths: MemoryPaths, path: string): string {
  // Concatenation instead of join, for speed: called for every record, and the paths hold no `..`.
  return isAbsolute(path) ? path : `${paths.root}/${path}`;
}

/** Absolute: `<folder>/YYYY/MM/<day>-<slug>-<id>.md`. Throws RepomemError `bad-record` on an id that cannot be a file's name. */
export function recordFilePath(paths: MemoryPaths, record: MemoryRecord, tier: Tier): string {
  const base = tier === 'shared' ? paths.memoryDir : paths.localDir;
  const folder = record.type === 'session' ? 'sessions' : 'observations';
  const date = /^\d{4}-\d{2}-\d{2}/.exec(record.created)?.[0] ?? '1970-01-01';
  return join(base, folder, date.slice(0, 4), date.slice(5, 7), nameOf(record, date.slice(8, 10)));
}

function nameOf(record: MemoryRecord, day: string): string {
  if (isId(record.id)) return `${day}-${slugOf(record.title) || record.type}-${record.id}.md`;
  // A file named by a person: its whole stem is the id.
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,120}$/u.test(record.id))
    throw new RepomemError('bad-record', `${JSON.stringify(record.id)}: not an id; expected letters, digits, - . or _`);
  return `${record.id}.md`;
}

/** Lower-case ASCII words joined by dashes, cut at a word; '' when the text has none. */
export function slugOf(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f'’]/g, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  let slug = '';
  for (const word of words) {
    if (slug.length + word.length + 1 > slugMaxChars) break;
    slug += slug === '' ? word : `-${word}`;
  }
  return slug || (words[0] ?? '').slice(0, slugMaxChars);
}

/** Whether a file of this base name is a record; false for hidden files. */
export function isRecordName(name: string): boolean {
  return name.endsWith('.md') && name !== 'README.md' && !name.startsWith('.');
}

/** Whether a path (relative to the folder that holds `.claude-mem`) is that of a shared record. */
export function isRecordPath(path: string): boolean {
  return /^\.claude-mem\/(?:observations|sessions)\//.test(path) && isRecordName(path.slice(path.lastIndexOf('/') + 1));
}
