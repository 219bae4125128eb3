// The records of two revisions. Records of the base decide; those of the head are under review.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readRecordsAt, type PastRecord } from '../history/at-revision.ts';
import { activeExcerpts } from '../memory/verdicts.ts';

export type Revision = ReturnType<typeof readRevision>;

/** `byId`: readable records, of two with the same id the first by path. `active`: not superseded, not forgotten, no tombstone, no session. */
export function readRevision(paths: MemoryPaths, commit: string) {
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

/** By id: `added` are those that the base does not have. */
export function compareRevisions(base: Revision, head: Revision) {
  const added: PastRecord[] = [];
  const edited: { before: PastRecord; after: PastRecord }[] = [];
  const renamed: { from: string; after: PastRecord }[] = [];
  for (const after of head.byId.values()) {
    const before = base.byId.get(after.record.id);
    if (!before) added.push(after);
    else if (before.excerpt.blob !== after.excerpt.blob) edited.push({ before, after });
    else if (before.excerpt.path !== after.excerpt.path) renamed.push({ from: before.excerpt.path, after });
  }
  const removed = [...base.byId.values()].filter(({ record }) => !head.byId.has(record.id));
  return { added, edited, renamed, removed };
}
