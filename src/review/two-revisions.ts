// The records of two revisions. Records of the base decide; those of the head are under review.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readRecordsAt, type PastRecord } from '../history/at-revision.ts';
import { activeExcerpts } from '../memory/active.ts';

export interface Revision {
  /** Readable records by id; of two with the same id the first by path. */
  byId: ReadonlyMap<string, PastRecord>;
  /** Not superseded, not forgotten, no tombstone, no session: according to this revision. */
  active: readonly PastRecord[];
  bytes: number;
}

export function readRevision(paths: MemoryPaths, commit: string): Revision {
  const byId = new Map<string, PastRecord>();
  const { records } = readRecordsAt(paths, commit);
  for (const one of records) if (!byId.has(one.record.id)) byId.set(one.record.id, one);
  const kept = activeExcerpts(
    [...byId.values()].map(({ excerpt }) => excerpt),
    () => true,
  );
  const isActive = new Set(kept.filter(({ type }) => type !== 'session').map(({ id }) => id));
  return {
    byId,
    active: [...byId.values()].filter(({ record }) => isActive.has(record.id)),
    bytes: records.reduce((sum, { excerpt }) => sum + excerpt.bytes, 0),
  };
}

export interface Moves {
  /** Records with an id that the base does not have. */
  added: PastRecord[];
  edited: { before: PastRecord; after: PastRecord }[];
  renamed: { from: string; after: PastRecord }[];
  removed: PastRecord[];
}

export function compareRevisions(base: Revision, head: Revision): Moves {
  const moves: Moves = { added: [], edited: [], renamed: [], removed: [] };
  for (const after of head.byId.values()) {
    const before = base.byId.get(after.record.id);
    if (!before) moves.added.push(after);
    else if (before.excerpt.blob !== after.excerpt.blob) moves.edited.push({ before, after });
    else if (before.excerpt.path !== after.excerpt.path) moves.renamed.push({ from: before.excerpt.path, after });
  }
  moves.removed = [...base.byId.values()].filter(({ record }) => !head.byId.has(record.id));
  return moves;
}
