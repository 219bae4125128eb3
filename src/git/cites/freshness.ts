// Judges the cites of many records at once: blob ids from the snapshot, file contents only where they differ from the cited blob.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isStale, type Cite, type Freshness } from '../../domain/cite.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { once } from '../../domain/once.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { readBlobs } from '../state/blobs.ts';
import { isBinary, readWorkFile, safePath, splitLines, topOf } from './cites.ts';
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
  const fileNow = openFiles(paths, snapshot);
  const states = new Map(cites.map((cite) => [cite, judgeCite(cite, fileNow(cite.path))]));
  const top = topOf(paths);
  const stale = cites.filter(
    (cite) => isStale(states.get(cite)?.freshness ?? 'fresh') && safePath(cite.path, top) === cite.path,
  );
  if (stale.length > 0 && history !== 'none') {
    const known = readHistory(paths, snapshot, stale, history);
    for (const cite of stale) states.set(cite, judgeWithHistory(cite, fileNow, known));
  }
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
function judgeWithHistory(cite: Cite, fileNow: FileNowOf, history: CitedHistory): CiteState {
  const here = fileNow(cite.path);
  const states = history.renamedTo(cite).map((path) => judgeCite(cite, here, { path, now: fileNow(path) }));
  const state = states.find(({ freshness }) => !isStale(freshness)) ?? states[0] ?? judgeCite(cite, here);
  const commit = isStale(state.freshness) ? history.changedBy(cite) : undefined;
  return commit === undefined ? state : { ...state, commit };
}

/** Undefined where no file is. */
type FileNowOf = (path: string) => FileNow | undefined;

function openFiles(paths: MemoryPaths, snapshot: Snapshot): FileNowOf {
  const top = topOf(paths);
  const files = new Map<string, FileNow | undefined>();
  const plain = new Map<string, boolean>();
  const cleanBlob = (path: string): string | undefined =>
    isAmong(snapshot.dirty, path) ? undefined : snapshot.index.get(path);
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
    return isThere ? fileOf('', () => undefined) : undefined;
  };
  return (path) => {
    if (!files.has(path)) files.set(path, look(path));
    return files.get(path);
  };
}

/** `read`: asked once, where the blob alone does not tell; undefined where the content is not available. */
export function fileOf(blob: string, read: () => Buffer | undefined): FileNow {
  const content = once(() => {
    const bytes = read();
    return bytes && !isBinary(bytes) ? foldText(splitLines(bytes)) : undefined;
  });
  return {
    blob,
    find(lines, text) {
      const folded = content();
      return folded ? findText(folded, lines, text) : lines[0];
    },
  };
}
