import { tokensOf, type Excerpt } from '../domain/excerpt.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { RecordFile } from '../store/list.ts';

/** What is kept of a record that was just read: all but its body, facts and unknown keys. */
export function excerptOf(
  { path, tier, bytes, mtimeMs }: RecordFile,
  { record, blob, text }: { record: MemoryRecord; blob: string; text: string },
): Excerpt {
  const { body: _body, facts: _facts, extra: _extra, files: _files, ...said } = record;
  const excerpt: Excerpt = { ...said, path, tier, blob, bytes, mtimeMs, tokens: tokensOf(text) };
  if (excerpt.branch === '') delete excerpt.branch;
  if (excerpt.session === '') delete excerpt.session;
  return excerpt;
}
