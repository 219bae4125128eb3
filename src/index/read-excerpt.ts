import { tokensOf, type Excerpt } from '../domain/excerpt.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { ReadFile } from '../store/read-with.ts';

/** What is kept of a record that was just read: all but its body, facts and unknown keys. Absent keys stay absent. */
export function excerptOf(
  { path, tier, bytes, mtimeMs }: Omit<ReadFile, 'absolute'>,
  { record, blob, text }: { record: MemoryRecord; blob: string; text: string },
): Excerpt {
  const { body: _body, facts: _facts, files: _files, extra: _extra, ...kept } = record;
  return { ...kept, path, tier, blob, bytes, mtimeMs, tokens: tokensOf(text) };
}
