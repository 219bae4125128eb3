import { tokensOf, type Excerpt } from '../domain/excerpt.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { ReadFile } from '../store/read-with.ts';

const optional = ['agent', 'generated', 'source', 'partOf', 'confidence', 'request', 'started', 'ended'] as const;

/** What is kept of a record that was just read: all but its body, facts and unknown keys. Absent keys stay absent. */
export function excerptOf(
  { path, tier, bytes, mtimeMs }: Omit<ReadFile, 'absolute'>,
  { record, blob, text }: { record: MemoryRecord; blob: string; text: string },
): Excerpt {
  // Key by key: thousands are made before anything is compiled, and a copy of all but some keys takes five times as long.
  const { id, type, title, description, created, concepts, cites, aliases, supersedes, contradicts, forgets } = record;
  const excerpt: Excerpt = {
    id,
    type,
    title,
    description,
    created,
    concepts,
    cites,
    aliases,
    supersedes,
    contradicts,
    forgets,
    path,
    tier,
    blob,
    bytes,
    mtimeMs,
    tokens: tokensOf(text),
  };
  if (record.branch) excerpt.branch = record.branch;
  if (record.session) excerpt.session = record.session;
  const properties = excerpt as unknown as Record<string, unknown>;
  for (const key of optional) if (record[key] !== undefined) properties[key] = record[key];
  return excerpt;
}
