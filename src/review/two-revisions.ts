// The records of two revisions. Records of the base decide; those of the head are under review. Pure except for reading.
import type { Excerpt } from '../domain/excerpt.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { idOfName } from '../domain/id.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { recordsAt } from '../git/history/memory-history.ts';
import { activeExcerpts } from '../memory/active.ts';
import { parseRecord } from '../format/frontmatter-read.ts';
import type { Memory } from '../memory/open.ts';

export interface Revision {
  /** Readable records by id; of two with the same id the first by path. */
  byId: ReadonlyMap<string, Known>;
  /** Not superseded, not forgotten, no tombstone, no session: according to this revision. */
  active: readonly Known[];
  bytes: number;
}

export interface Known {
  record: MemoryRecord;
  excerpt: Excerpt;
}

/** `read`: cache by path and blob; two revisions share most records. */
export function readRevision(
  { paths, env }: Memory,
  commit: string,
  read: Map<string, Known | undefined> = new Map(),
): Revision {
  const byId = new Map<string, Known>();
  let total = 0;
  for (const { path, blob, text } of recordsAt(paths, commit, { env: env.vars })) {
    const size = Buffer.byteLength(text);
    total += size;
    const key = `${blob} ${path}`;
    if (!read.has(key)) read.set(key, readKnown(path, blob, text, size));
    const known = read.get(key);
    if (known && !byId.has(known.record.id)) byId.set(known.record.id, known);
  }
  const known = [...byId.values()];
  const kept = new Set(
    activeExcerpts(
      known.map(({ excerpt }) => excerpt),
      () => true,
    ),
  );
  const active = known.filter(({ excerpt }) => kept.has(excerpt) && excerpt.type !== 'session');
  return { byId, active, bytes: total };
}

function readKnown(path: string, blob: string, text: string, size: number): Known | undefined {
  const parsed = parseRecord(idOfName(path.slice(path.lastIndexOf('/') + 1)), text, '');
  if ('problem' in parsed) return undefined;
  return { record: parsed.record, excerpt: excerptOf(parsed.record, path, blob, text, size) };
}

function excerptOf(record: MemoryRecord, path: string, blob: string, text: string, bytes: number): Excerpt {
  const { body: _body, facts: _facts, extra: _extra, files: _files, ...kept } = record;
  return { ...kept, path, tier: 'shared', blob, bytes, mtimeMs: 0, tokens: tokensOf(text) };
}

export interface Moves {
  /** Records with an id that the base does not have. */
  added: Known[];
  edited: { before: Known; after: Known }[];
  renamed: { from: string; after: Known }[];
  removed: Known[];
}

export function compareRevisions(base: Revision, head: Revision): Moves {
  const moves: Moves = { added: [], edited: [], renamed: [], removed: [] };
  for (const after of head.byId.values()) {
    const before = base.byId.get(after.record.id);
    if (!before) moves.added.push(after);
    else if (before.excerpt.blob !== after.excerpt.blob) moves.edited.push({ before, after });
    else if (before.excerpt.path !== after.excerpt.path) moves.renamed.push({ from: before.excerpt.path, after });
  }
  for (const before of base.byId.values()) if (!head.byId.has(before.record.id)) moves.removed.push(before);
  return moves;
}
