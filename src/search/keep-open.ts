// For a process that stays, such as the MCP server: catalog and index in memory, looked at again when the store may have moved.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Excerpt } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { recordFolders } from '../store/layout.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { entriesOf } from './entries.ts';
import { openIndex, type SearchIndex } from './index.ts';

export interface Kept {
  /** The very same objects as the last time when nothing moved. */
  catalog: Catalog;
  index: SearchIndex;
}

/** An edit in place moves no folder's time: every file is looked at again after this long. */
const fullCheckMs = 2000;

/**
 * A function that gives the catalog and index of now. New, renamed and deleted files are seen at once (their folder's time moves), edits in
 * place after two seconds. `now` in milliseconds.
 */
export function keepOpen(place: MemoryPaths, algorithm: 'sha1' | 'sha256' = 'sha1'): (now: number) => Promise<Kept> {
  let kept: Kept | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let folders = new Map<string, number>();
  return async (now) => {
    if (
      kept !== undefined &&
      now - checkedAt < fullCheckMs &&
      [...folders].every(([path, time]) => timeOf(path) === time)
    )
      return kept;
    // Before the listing: what moves during it is seen the next time.
    folders = new Map(foldersOf(place, kept?.catalog.excerpts ?? []).map((path) => [path, timeOf(path)]));
    const isFirst = kept === undefined;
    const catalog = await readCatalog(place, algorithm, { previous: kept?.catalog });
    if (catalog !== kept?.catalog)
      kept = { catalog, index: await openIndex(place, entriesOf(catalog.excerpts), catalog.opened) };
    if (isFirst) folders = new Map(foldersOf(place, catalog.excerpts).map((path) => [path, timeOf(path)]));
    checkedAt = now;
    return kept!;
  };
}

/** The folders that hold records, and those above them where a new month's folder would appear. */
export function foldersOf(place: MemoryPaths, excerpts: readonly Pick<Excerpt, 'path' | 'tier'>[]): string[] {
  const found = new Set<string>();
  for (const base of [place.memoryDir, place.localDir]) for (const name of recordFolders) found.add(join(base, name));
  const tops = [place.memoryDir, place.localDir];
  let last = '';
  for (const { path, tier } of excerpts) {
    let folder = path.slice(0, path.lastIndexOf('/'));
    if (folder === last) continue;
    last = folder;
    if (tier === 'shared') folder = join(place.root, folder);
    for (; !tops.includes(folder) && !found.has(folder) && folder !== dirname(folder); folder = dirname(folder))
      found.add(folder);
  }
  return [...found];
}

export function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
