// Judges the cites of many records at once: blob ids from the snapshot, file contents only where they differ from the cited blob.
// Positions of cited texts are cached by (current blob, lines, text), their only inputs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isStale, type Cite, type Freshness } from '../../domain/cite.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { once } from '../../domain/once.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { readBlobs } from '../state/blobs.ts';
import { readCache, writeCache } from '../run/cache-file.ts';
import { readWorkFile, safePath, splitLines, topOf } from './cites.ts';
import { readHistory, type CitedHistory } from './cited-history.ts';
import { findText, foldText, judgeCite, type CiteState, type FileNow } from './judge-cite.ts';
import { isAmong, type Snapshot } from '../state/snapshot.ts';

export interface RecordFreshness {
  /** The worst of its cites; `fresh` without any. */
  freshness: Freshness;
  /** One for each cite, in order. */
  cites: CiteState[];
  /** Commit that made the first stale cite stale, if known. */
  commit?: string;
}

const badness = { fresh: 0, shifted: 1, moved: 2, changed: 3, gone: 4 } satisfies Record<Freshness, number>;

/**
 * Keyed by Excerpt.path. `history`: `none` uses no history; `cached` only known renames and commits, without a process (hooks); `ask`
 * queries git's history and caches the answers by HEAD.
 */
export function judgeFreshness(
  paths: MemoryPaths,
  excerpts: readonly Pick<Excerpt, 'path' | 'cites'>[],
  snapshot: Snapshot,
  history: 'none' | 'cached' | 'ask',
): Map<string, RecordFreshness> {
  const cites = [...new Set(excerpts.flatMap((excerpt) => excerpt.cites))];
  const reader = openFiles(paths, snapshot);
  const states = new Map(cites.map((cite) => [cite, judgeCite(cite, reader.fileNow(cite.path))]));
  const top = topOf(paths);
  const stale = cites.filter(
    (cite) => isStale(states.get(cite)?.freshness ?? 'fresh') && safePath(cite.path, top) === cite.path,
  );
  if (stale.length > 0 && history !== 'none') {
    const known = readHistory(paths, snapshot, stale, history);
    for (const cite of stale) states.set(cite, judgeWithHistory(cite, reader.fileNow, known));
  }
  reader.save();
  return new Map(
    excerpts.map(({ path, cites: own }) => [path, joinStates(own.flatMap((cite) => states.get(cite) ?? []))]),
  );
}

function joinStates(cites: CiteState[]): RecordFreshness {
  let freshness: Freshness = 'fresh';
  for (const cite of cites) if (badness[cite.freshness] > badness[freshness]) freshness = cite.freshness;
  const commit = cites.find((cite) => isStale(cite.freshness) && cite.commit !== undefined)?.commit;
  return { freshness, cites, ...(commit !== undefined && { commit }) };
}

/** The first renamed path where the cite is not stale; else the state at the best guess. */
function judgeWithHistory(cite: Cite, fileNow: Files['fileNow'], history: CitedHistory): CiteState {
  const here = fileNow(cite.path);
  const states = history.renamedTo(cite).map((path) => judgeCite(cite, here, { path, now: fileNow(path) }));
  const state = states.find(({ freshness }) => !isStale(freshness)) ?? states[0] ?? judgeCite(cite, here);
  const commit = isStale(state.freshness) ? history.changedBy(cite) : undefined;
  return commit === undefined ? state : { ...state, commit };
}

type Files = ReturnType<typeof openFiles>;

const cacheName = 'freshness-v2.json';
const cacheMaxEntries = 20_000;

function openFiles(paths: MemoryPaths, snapshot: Snapshot) {
  const top = topOf(paths);
  const cached = once(() => (readCache(paths, cacheName)['found'] ?? {}) as Record<string, number>);
  const used = new Map<string, number>();
  const files = new Map<string, FileNow | undefined>();
  const plain = new Map<string, boolean>();
  let isNew = false;
  const cleanBlob = (path: string): string | undefined =>
    isAmong(snapshot.dirty, path) ? undefined : snapshot.index.get(path);
  const fileOf = (blob: string, read: () => Buffer | undefined): FileNow => {
    const content = once(() => {
      const bytes = read();
      return bytes && foldText(splitLines(bytes));
    });
    return {
      blob,
      find(lines, text) {
        const key = keyOf(blob, lines, text);
        const known = used.get(key) ?? cached()[key];
        const folded = known === undefined ? content() : undefined;
        // Content that is not available may be later: not cached.
        if (known === undefined && folded === undefined) return lines[0];
        const first = known ?? (folded && findText(folded, lines, text)) ?? 0;
        isNew ||= known === undefined;
        used.set(key, first);
        return first === 0 ? undefined : first;
      },
    };
  };
  const look = (path: string): FileNow | undefined => {
    const blob = cleanBlob(path);
    if (blob !== undefined)
      return fileOf(blob, () => {
        // A sparse checkout may leave it out.
        const isHere = existsSync(join(top, path));
        return isHere ? readWorkFile(top, path, plain) : readBlobs(paths, [blob]).get(blob);
      });
    const bytes = readWorkFile(top, path, plain);
    if (bytes) return fileOf(blobId(bytes, snapshot.objectFormat), () => bytes);
    // A folder, a binary or a large file: it is there, and no text of it is cited.
    const isThere = safePath(path, top) === path && existsSync(join(top, path));
    return isThere ? { blob: '', find: ([first]) => first } : undefined;
  };
  return {
    /** Undefined where no file is. */
    fileNow(path: string): FileNow | undefined {
      if (!files.has(path)) files.set(path, look(path));
      return files.get(path);
    },
    save(): void {
      if (!isNew) return;
      const known = Object.entries(cached());
      const kept = known.slice(Math.max(0, known.length + used.size - cacheMaxEntries));
      writeCache(paths, cacheName, { found: Object.fromEntries([...kept, ...used]) });
    },
  };
}

/** Key of the cached position: the first line, from 1, of the text nearest to the cited lines; 0 where the file does not hold it. */
function keyOf(blob: string, lines: readonly [number, number], text: string): string {
  return `${blob} ${lines.join('-')} ${text}`;
}
