// Records that a range of commits makes stale: their cited text exists at its start and not at its end. Judged from git's objects at
// both revisions, not from the working tree.
import { isStale, type Cite } from '../domain/cite.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { citedMaxBytes } from '../git/cites/cites.ts';
import { fileOf } from '../git/cites/freshness.ts';
import { judgeCite, type FileNow } from '../git/cites/judge-cite.ts';
import type { RawChange } from '../git/cites/renames.ts';
import { readSized } from '../git/history/memory-tree.ts';
import type { PastRecord } from '../history/at-revision.ts';

export function findMadeStale(paths: MemoryPaths, active: readonly PastRecord[], changes: readonly RawChange[]) {
  const byPath = new Map(changes.filter(({ status }) => status !== 'A').map((change) => [change.from, change]));
  const touched = new Set(active.flatMap(({ record }) => record.cites.flatMap(({ path }) => byPath.get(path) ?? [])));
  const blobs = [...touched].flatMap(({ before, after }) => [before ?? [], after ?? []].flat());
  const { bytes } = readSized(paths, blobs, citedMaxBytes);
  const files = new Map(blobs.map((blob) => [blob, fileOf(blob, () => bytes.get(blob))]));
  return active.flatMap((known) => {
    const cites = known.record.cites.flatMap((cite) => {
      const change = byPath.get(cite.path);
      return change ? (judgeChange(cite, change, files) ?? []) : [];
    });
    return cites.length > 0 ? [{ known, cites }] : [];
  });
}

/** Undefined where the change leaves the cite standing; `movedTo`: the file's new name, if the range renamed it. */
function judgeChange(cite: Cite, change: RawChange, files: ReadonlyMap<string, FileNow>) {
  const [before, after] = [files.get(change.before ?? ''), files.get(change.after ?? '')];
  // Already stale before this range.
  if (before === undefined || isStale(judgeCite(cite, before).freshness)) return undefined;
  const { path, status } = change;
  const { freshness } = status === 'R' ? judgeCite(cite, undefined, { path, now: after }) : judgeCite(cite, after);
  if (freshness !== 'changed' && freshness !== 'gone') return undefined;
  return {
    path: cite.path,
    ...(cite.lines && { lines: cite.lines }),
    freshness,
    ...(status === 'R' && { movedTo: path }),
  };
}
