// History of stale cites: where their file was renamed to and which commit changed them. Git is queried outside of hooks only; answers
// are cached by HEAD.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { readCache, tableOf, writeCache } from '../run/cache-file.ts';
import { findChangers } from './changers.ts';
import { readWorkFile, topOf } from './cites.ts';
import { findRenames } from './renames.ts';
import { runIn } from '../run/runner.ts';
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
  /** New path, by the trail of renames. */
  to?: string;
  /** New path, by comparing the commit that brought the cited blob with HEAD in one step. */
  direct?: string;
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
    const found = askAnswers(paths, unknown, (path) => snapshot.index.has(path));
    if (unknown.length > 0)
      writeCache(paths, cacheName(paths), { head: snapshot.head, answers: Object.assign(answers, found) });
  }
  return {
    renamedTo: (cite) => {
      const { to = '', direct = '' } = answers[keyOf(cite)] ?? {};
      return [...new Set([uncommitted.get(cite.path) ?? '', to, direct])].filter((path) => path !== '');
    },
    changedBy: (cite) => answers[keyOf(cite)]?.changer || undefined,
  };
}

/**
 * Cached answers that hold at HEAD. When HEAD moves forward they stay true, and renames while the new path exists. On another branch
 * only renames are kept, and these not where the old path exists.
 */
function readAnswers(
  paths: MemoryPaths,
  { head, index }: Snapshot,
  stale: readonly Cite[],
  mode: 'cached' | 'ask',
): Answers {
  const cache = readCache(paths, cacheName(paths));
  const cached = tableOf(cache['answers'], isAnswer);
  if (cache['head'] === head) return cached;
  // In 'cached' mode, query git only if the cache holds something about these cites.
  const isWanted = mode === 'ask' || stale.some((cite) => cached[keyOf(cite)]);
  const old = String(cache['head']);
  const isFollowed =
    isWanted && head !== undefined && /^[0-9a-f]{40,64}$/.test(old) && isAncestor(paths, old, head) === true;
  for (const [key, { to, direct, changer }] of Object.entries(cached))
    cached[key] = {
      ...(to && index.has(to) && (isFollowed || !index.has(key.slice(0, key.indexOf('\0')))) && { to }),
      ...(isFollowed && direct && index.has(direct) && { direct }),
      ...(isFollowed && changer && { changer }),
    };
  return cached;
}

function askAnswers(paths: MemoryPaths, cites: readonly Cite[], isThere: (path: string) => boolean): Answers {
  const trails = followCites(paths, cites, isThere);
  const changers = findChangers(paths, trails);
  const renamesSince = new Map<string, Map<string, string>>();
  const answers: Answers = {};
  for (const cite of cites) {
    const { target, origin } = trails.get(cite) ?? {};
    const isLost = origin !== undefined && !isThere(cite.path);
    if (isLost && !renamesSince.has(origin) && renamesSince.size < maxOrigins)
      renamesSince.set(origin, findRenames(paths, origin, 'HEAD'));
    const direct = isLost ? renamesSince.get(origin)?.get(cite.path) : undefined;
    answers[keyOf(cite)] = { to: target ?? '', direct: direct ?? '', changer: changers.get(cite) ?? '' };
  }
  return answers;
}

/** Maximum number of start commits for one-step rename detection, used for files whose commit-by-commit trail is lost. */
const maxOrigins = 30;

/** Whether a rename to this path is in the cache. */
export function isRenameKnown(paths: MemoryPaths, path: string): boolean {
  const answers = Object.values(tableOf(readCache(paths, cacheName(paths))['answers'], isAnswer));
  return answers.some(({ to, direct }) => to === path || direct === path);
}

function cacheName(paths: MemoryPaths): string {
  return `history-v3-${paths.worktreeKey}.json`;
}

function keyOf(cite: Cite): string {
  return `${cite.path}\0${cite.lines?.join('-') ?? ''}\0${cite.text ?? ''}\0${cite.blob ?? ''}`;
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string');
}

/** Finds uncommitted renames: `git mv`, or a plain `mv` to an untracked file with the same bytes or the only new file of that name. */
function findUncommittedRenames(
  paths: MemoryPaths,
  snapshot: Snapshot,
  stale: readonly Cite[],
): ReadonlyMap<string, string> {
  const top = topOf(paths);
  // A file that still exists at its path was edited, not renamed.
  const isGone = (path: string): boolean => !snapshot.index.has(path) || !existsSync(join(top, path));
  const missing = stale.filter(({ path }) => isAmong(snapshot.dirty, path) && isGone(path));
  if (missing.length === 0 || snapshot.head === undefined) return new Map();
  const renames = findRenames(paths, 'HEAD');
  const lost = missing.filter(({ path }) => !renames.has(path));
  if (lost.length === 0) return renames;
  const untracked = runIn(paths, ['ls-files', '--others', '--exclude-standard', '-z'], { timeoutMs: 2000 }).stdout;
  const candidates = untracked
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith(snapshot.memoryPrefix))
    .slice(0, maxUntracked)
    .map((path) => {
      const bytes = readWorkFile(top, path);
      return { path, blob: bytes && blobId(bytes, snapshot.objectFormat) };
    });
  for (const { path, blob } of lost) {
    const same = candidates.find((one) => blob !== undefined && one.blob?.startsWith(blob));
    const named = candidates.filter((one) => basename(one.path) === basename(path));
    const target = same ?? (named.length === 1 ? named[0] : undefined);
    if (target !== undefined) renames.set(path, target.path);
  }
  return renames;
}

const maxUntracked = 200;
