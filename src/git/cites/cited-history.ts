// History of stale cites: where their file was renamed to and which commit changed them. Git is queried outside of hooks only; answers
// are cached by HEAD.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readCache, writeCache } from '../run/cache-file.ts';
import { findChangers } from './changers.ts';
import { topOf } from './cites.ts';
import { findRenames } from './renames.ts';
import { isAncestor } from '../state/ancestors.ts';
import { isAmong, type Snapshot } from '../state/snapshot.ts';
import { followCites } from './trails.ts';

export interface CitedHistory {
  /** Possible new paths of its file, the best guess first. */
  renamedTo(cite: Cite): string[];
  /** Short id of the commit that removed the cited text. */
  changedBy(cite: Cite): string | undefined;
}

/** What git told of a cite: '' for nothing, absent where it was not asked at this HEAD. */
interface Answer {
  /** New path. */
  to?: string;
  /** Short id of the commit that removed the text. */
  changer?: string;
}

type Answers = Record<string, Answer>;

export function readHistory(
  paths: MemoryPaths,
  snapshot: Snapshot,
  stale: readonly Cite[],
  mode: 'cached' | 'ask',
): CitedHistory {
  const uncommitted = findUncommittedRenames(paths, snapshot, stale);
  const answers = readAnswers(paths, snapshot, stale, mode);
  if (mode === 'ask' && snapshot.head !== undefined) {
    const isUnknown = ({ to, changer }: Answer = {}): boolean => to === undefined || changer === undefined;
    const unknown = stale.filter((cite) => isUnknown(answers[keyOf(cite)]));
    if (unknown.length > 0) {
      const found = askAnswers(paths, unknown, (path) => snapshot.index.has(path));
      writeCache(paths, cacheName(paths), { head: snapshot.head, answers: Object.assign(answers, found) });
    }
  }
  return {
    renamedTo: (cite) => {
      const found = [uncommitted.get(cite.path) ?? '', answers[keyOf(cite)]?.to ?? ''];
      return [...new Set(found)].filter((path) => path !== '');
    },
    changedBy: (cite) => answers[keyOf(cite)]?.changer || undefined,
  };
}

/** Cached answers that hold at HEAD. When HEAD moves forward they stay true, renames while the new path exists. */
function readAnswers(
  paths: MemoryPaths,
  { head, index }: Snapshot,
  stale: readonly Cite[],
  mode: 'cached' | 'ask',
): Answers {
  const { head: old, answers: cached = {} } = readCache(paths, cacheName(paths)) as {
    head?: string;
    answers?: Answers;
  };
  if (old === head) return cached;
  // In 'cached' mode, query git only if the cache holds something about these cites.
  const isWanted = mode === 'ask' || stale.some((cite) => cached[keyOf(cite)]);
  if (!isWanted || !old || !head || isAncestor(paths, old, head) !== true) return {};
  // What was not found may be there by now.
  const told = Object.entries(cached).map(([key, { to, changer }]) => [
    key,
    { ...(to && index.has(to) && { to }), ...(changer && { changer }) },
  ]);
  return Object.fromEntries(told) as Answers;
}

function askAnswers(paths: MemoryPaths, cites: readonly Cite[], isThere: (path: string) => boolean): Answers {
  const trails = followCites(paths, cites, isThere);
  const changers = findChangers(paths, trails);
  return Object.fromEntries(
    cites.map((cite) => [keyOf(cite), { to: trails.get(cite)?.target ?? '', changer: changers.get(cite) ?? '' }]),
  );
}

/** Whether a rename to this path is in the cache. */
export function isRenameKnown(paths: MemoryPaths, path: string): boolean {
  const { answers = {} } = readCache(paths, cacheName(paths)) as { answers?: Answers };
  return Object.values(answers).some(({ to }) => to === path);
}

function cacheName(paths: MemoryPaths): string {
  return `history-v4-${paths.worktreeKey}.json`;
}

function keyOf(cite: Cite): string {
  return `${cite.path}\0${cite.lines?.join('-') ?? ''}\0${cite.text ?? ''}\0${cite.blob ?? ''}`;
}

/** Renames in git's index, such as by `git mv`. */
function findUncommittedRenames(
  paths: MemoryPaths,
  snapshot: Snapshot,
  stale: readonly Cite[],
): ReadonlyMap<string, string> {
  // A file that still exists at its path was edited, not renamed.
  const isGone = (path: string): boolean => !snapshot.index.has(path) || !existsSync(join(topOf(paths), path));
  const isMissing = stale.some(({ path }) => isAmong(snapshot.dirty, path) && isGone(path));
  return isMissing && snapshot.head !== undefined ? findRenames(paths, 'HEAD') : new Map();
}
