// Judges the cites of many records at once: blob ids from the snapshot, file contents only where they differ from the cited blob.
// Judgements are cached by (current blob, lines, text), their only inputs.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isStale, type Cite, type Freshness } from '../../domain/cite.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import { once } from '../../domain/once.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readBlobs } from '../state/blobs.ts';
import { readCache, tableOf, writeCache } from '../run/cache-file.ts';
import { readWorkFile, safePath, splitLines, topOf } from './cites.ts';
import { readHistory, type CitedHistory } from './cited-history.ts';
import { foldText, joinMoved, judgeCite, type CiteState, type FileNow, type FoldedText } from './judge-cite.ts';
import type { Snapshot } from '../state/snapshot.ts';
import { isAmong } from '../state/snapshot.ts';
import { readWorkBlob } from './work-blob.ts';

export interface RecordFreshness {
  /** The worst of its cites; `fresh` without any. */
  freshness: Freshness;
  /** One for each cite, in order. */
  cites: CiteState[];
  /** Commit that made the first stale cite stale, if known. */
  commit?: string;
}

export interface FreshnessOptions {
  /**
   * `none`: history is not used. `cached`: only known renames and commits, no further process (hooks). `ask`: queries git's history
   * and caches answers by HEAD.
   */
  history: 'none' | 'cached' | 'ask';
  /** Milliseconds, taken before any file is read; enables the in-process cache of file contents (for long-running processes). */
  now?: number;
  env?: Readonly<Record<string, string | undefined>>;
}

const cacheName = 'freshness-v1.json';
const cacheMaxEntries = 20_000;
const badness = { fresh: 0, shifted: 1, moved: 2, changed: 3, gone: 4 } satisfies Record<Freshness, number>;

/** Keyed by Excerpt.path. The snapshot must be taken `withFiles`. */
export function judgeFreshness(
  paths: MemoryPaths,
  excerpts: readonly Pick<Excerpt, 'path' | 'cites'>[],
  snapshot: Snapshot,
  options: FreshnessOptions,
): Map<string, RecordFreshness> {
  const cites = [...new Set(excerpts.flatMap((excerpt) => excerpt.cites))];
  const reader = openCites(paths, snapshot, options);
  reader.prefetch(cites);
  const states = new Map(cites.map((cite) => [cite, reader.judge(cite)]));
  const top = topOf(paths);
  const stale = cites.filter(
    (cite) => isStale(states.get(cite)?.freshness ?? 'fresh') && safePath(cite.path, top) === cite.path,
  );
  const { history: wish, env } = options;
  if (stale.length > 0 && wish !== 'none') {
    const history = readHistory(paths, snapshot, stale, { history: wish, ...(env && { env }) });
    reader.prefetch(stale.flatMap((cite) => movedCites(cite, history)));
    for (const cite of stale) states.set(cite, judgeWithHistory(cite, reader, history));
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

function movedCites(cite: Cite, history: CitedHistory): Cite[] {
  return history.renamedTo(cite).map((path) => ({ ...cite, path }));
}

/** The first renamed path where the cite is not stale; else the state at the best guess. */
function judgeWithHistory(cite: Cite, reader: CiteReader, history: CitedHistory): CiteState {
  const states = history.renamedTo(cite).map((path) => reader.judge(cite, path));
  const state = states.find(({ freshness }) => !isStale(freshness)) ?? states[0] ?? reader.judge(cite);
  const commit = isStale(state.freshness) ? history.changedBy(cite) : undefined;
  return commit === undefined ? state : { ...state, commit };
}

interface CiteReader {
  judge(cite: Cite, movedTo?: string): CiteState;
  /** Reads, in one process, files that are missing in the working tree of a sparse checkout. */
  prefetch(cites: readonly Cite[]): void;
  save(): void;
}

function openCites(paths: MemoryPaths, snapshot: Snapshot, options: FreshnessOptions): CiteReader {
  const top = topOf(paths);
  const cached = once(() => tableOf(readCache(paths, cacheName)['cites'], isText));
  const used = new Map<string, string>();
  const files = new Map<string, FileNow | undefined>();
  let isNew = false;
  const plain = new Map<string, boolean>();
  const hasDirty = snapshot.dirty.size > 0;
  const isClean = (path: string): boolean => snapshot.index.has(path) && !(hasDirty && isAmong(snapshot.dirty, path));
  const fileNow = (path: string): FileNow | undefined => {
    if (files.has(path)) return files.get(path);
    let now: FileNow | undefined;
    const blob = isClean(path) ? snapshot.index.get(path) : undefined;
    if (blob !== undefined) now = { blob };
    else {
      const read = readWorkBlob(top, path, plain, snapshot.objectFormat, options.now);
      if (read) now = read.bytes ? withLateContent(read.blob, read.bytes) : { blob: read.blob };
      else if (safePath(path, top) === path && statSync(join(top, path), { throwIfNoEntry: false }) !== undefined)
        now = { blob: '' };
    }
    files.set(path, now);
    return now;
  };
  const withContent = (path: string, now: FileNow): FileNow => {
    if (now.content !== undefined || now.blob === '') return now;
    const full = { ...now, content: contentOf(readWorkFile(top, path, plain)) };
    files.set(path, full);
    return full;
  };
  const judgeHere = (cite: Cite): CiteState => {
    const now = fileNow(cite.path);
    if (!now || now.blob === '' || !cite.lines || cite.text === undefined || isSame(cite, now))
      return judgeCite(cite, now);
    const key = keyOf(cite, now.blob);
    const known = used.get(key) ?? cached()[key];
    const state =
      (known === undefined ? undefined : decodeState(known, cite)) ?? judgeCite(cite, withContent(cite.path, now));
    if (known === undefined) isNew = true;
    // If the content was not available, it may be later: do not cache.
    if (known !== undefined || files.get(cite.path)?.content !== undefined) used.set(key, encodeState(state));
    return state;
  };

  return {
    judge(cite, movedTo) {
      const here = judgeHere(cite);
      return movedTo === undefined ? here : joinMoved(cite, here, judgeHere({ ...cite, path: movedTo }));
    },
    prefetch(cites) {
      const wanted = new Map<string, string>();
      for (const cite of cites) {
        const { path, text } = cite;
        const blob = isClean(path) ? snapshot.index.get(path) : undefined;
        if (!blob || text === undefined || isSame(cite, { blob }) || keyOf(cite, blob) in cached()) continue;
        if (statSync(join(top, path), { throwIfNoEntry: false }) === undefined) wanted.set(path, blob);
      }
      if (wanted.size === 0) return;
      const blobs = readBlobs(paths, [...new Set(wanted.values())], options);
      for (const [path, blob] of wanted) {
        const bytes = blobs.get(blob);
        files.set(path, withLateContent(blob, bytes));
      }
    },
    save() {
      if (!isNew) return;
      const known = Object.entries(cached());
      const entries = new Map(known.slice(Math.max(0, known.length + used.size - cacheMaxEntries)));
      for (const [key, value] of used) entries.set(key, value);
      writeCache(paths, cacheName, { cites: Object.fromEntries(entries) });
    },
  };
}

function contentOf(bytes: Uint8Array | undefined): FoldedText | undefined {
  return bytes && foldText(splitLines(bytes));
}

/** Splits content into lines lazily: most files still have the cited blob. */
function withLateContent(blob: string, bytes: Uint8Array | undefined): FileNow {
  const content = once(() => contentOf(bytes));
  return {
    blob,
    get content() {
      return content();
    },
  };
}

function isSame(cite: Cite, now: FileNow): boolean {
  return cite.blob !== undefined && now.blob.startsWith(cite.blob);
}

function keyOf(cite: Cite, blob: string): string {
  return `${blob} ${cite.lines?.join('-') ?? ''} ${cite.text ?? ''}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** `f`, `c`, or `s` with the first line of the text's new position. */
function encodeState(state: CiteState): string {
  if (state.freshness === 'shifted' && state.lines) return `s${state.lines[0]}`;
  return state.freshness === 'fresh' ? 'f' : 'c';
}

function decodeState(code: string, cite: Cite): CiteState | undefined {
  if (code === 'f') return { freshness: 'fresh', path: cite.path };
  if (code === 'c') return { freshness: 'changed', path: cite.path };
  const first = Number(code.slice(1));
  if (!code.startsWith('s') || !Number.isInteger(first) || !cite.lines) return undefined;
  return { freshness: 'shifted', path: cite.path, lines: [first, first + cite.lines[1] - cite.lines[0]] };
}
