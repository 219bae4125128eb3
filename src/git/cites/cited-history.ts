// History of stale cites: where their file was renamed to and which commit changed them. Git is queried outside of hooks only; answers
// are cached by HEAD.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Cite } from '../../domain/cite.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { blobId } from '../../store/blob.ts';
import { readCache, tableOf, writeCache } from '../run/cache-file.ts';
import { findChangers } from './changers.ts';
import { readWorkFile, topOf } from './cites.ts';
import { findRenamesSince, findStagedRenames } from './renames.ts';
import { runIn } from '../run/runner.ts';
import { isDirty, type Snapshot } from '../state/snapshot.ts';
import { followCites } from './trails.ts';

export interface CitedHistory {
  /** Possible new paths of its file, the best guess first. */
  renamedTo(cite: Cite): string[];
  /** Short id of the commit that removed the cited text. */
  changedBy(cite: Cite): string | undefined;
}

interface HistoryOptions {
  history: 'cached' | 'ask';
  env?: Readonly<Record<string, string | undefined>>;
}

const none = '';

export function readHistory(
  paths: MemoryPaths,
  snapshot: Snapshot,
  stale: readonly Cite[],
  options: HistoryOptions,
): CitedHistory {
  const uncommitted = findUncommittedRenames(paths, snapshot, stale, options);
  const name = historyName(paths);
  const cache = readCache(paths, name);
  const isSameHead = cache['head'] === snapshot.head;
  const isThere = (path: string): boolean => snapshot.index.has(path);
  const tableIn = (field: string): Record<string, string> => tableOf(cache[field], isText);
  const renames = tableIn('renames');
  const [keptChangers, keptDirects] = [tableIn('changers'), tableIn('directs')];
  // In 'cached' mode, query git only if the cache holds something about these cites.
  const isWanted =
    options.history === 'ask' ||
    stale.some((cite) => [renames, keptChangers, keptDirects].some((table) => table[keyOf(cite)]));
  const isFollowed = isSameHead || (isWanted && isAncestor(paths, cache['head'], snapshot.head, options));
  const [changers, directs] = isFollowed ? [keptChangers, keptDirects] : [tableIn(''), tableIn('')];
  if (!isSameHead) {
    // When HEAD moves forward, cached answers stay true, and renames stay true while the new path exists. On another branch, renames
    // are also dropped where the old path exists.
    for (const [key, to] of Object.entries(renames))
      if (to === none || !isThere(to) || (!isFollowed && isThere(pathOf(key)))) delete renames[key];
    for (const [key, to] of Object.entries(directs)) if (!isThere(to)) delete directs[key];
    for (const [key, commit] of Object.entries(changers)) if (commit === none) delete changers[key];
  }
  if (options.history === 'ask' && snapshot.head !== undefined) {
    const unknown = stale.filter((cite) => !(keyOf(cite) in changers) || !(keyOf(cite) in renames));
    const trails = followCites(paths, unknown, isThere, options);
    const found = findChangers(paths, trails, options);
    const origins = new Map<string, Cite[]>();
    for (const cite of unknown) {
      const { target, origin } = trails.get(cite) ?? {};
      renames[keyOf(cite)] = target ?? none;
      changers[keyOf(cite)] = found.get(cite) ?? none;
      if (!isThere(cite.path) && origin) origins.set(origin, [...(origins.get(origin) ?? []), cite]);
    }
    for (const [origin, cites] of [...origins].slice(0, maxOrigins)) {
      const direct = findRenamesSince(paths, origin, options);
      for (const cite of cites) directs[keyOf(cite)] = direct.get(cite.path) ?? none;
    }
    if (unknown.length > 0) writeCache(paths, name, { head: snapshot.head, renames, changers, directs });
  }
  return {
    renamedTo: (cite) => {
      const targets = [uncommitted.get(cite.path), renames[keyOf(cite)], directs[keyOf(cite)]];
      return [...new Set(targets.filter((path) => path !== undefined && path !== none))] as string[];
    },
    changedBy: (cite) => changers[keyOf(cite)] || undefined,
  };
}

/** Whether a rename to this path is in the cache. */
export function isRenameKnown(paths: MemoryPaths, path: string): boolean {
  const cache = readCache(paths, historyName(paths));
  return [cache['renames'], cache['directs']].some((one) => Object.values(tableOf(one, isText)).includes(path));
}

function historyName(paths: MemoryPaths): string {
  return `history-v2-${paths.worktreeKey}.json`;
}

function isAncestor(paths: MemoryPaths, old: unknown, head: string | undefined, options: HistoryOptions): boolean {
  if (typeof old !== 'string' || !/^[0-9a-f]{40,64}$/.test(old) || head === undefined) return false;
  return runIn(paths, ['merge-base', '--is-ancestor', old, head], options).ok;
}

/** Maximum number of start commits for one-step rename detection, used for files whose commit-by-commit trail is lost. */
const maxOrigins = 30;

function keyOf(cite: Cite): string {
  return `${cite.path}\0${cite.lines?.join('-') ?? ''}\0${cite.text ?? ''}\0${cite.blob ?? ''}`;
}

function pathOf(key: string): string {
  return key.slice(0, key.indexOf('\0'));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Finds uncommitted renames: `git mv`, or a plain `mv` to an untracked file with the same bytes or the only new file of that name. */
function findUncommittedRenames(
  paths: MemoryPaths,
  snapshot: Snapshot,
  stale: readonly Cite[],
  options: HistoryOptions,
): Map<string, string> {
  // A file that still exists at its path was edited, not renamed.
  const isGone = (path: string): boolean => !snapshot.index.has(path) || !existsSync(join(topOf(paths), path));
  const missing = stale.filter(({ path }) => isDirty(snapshot, path) && isGone(path));
  if (missing.length === 0 || snapshot.head === undefined) return new Map();
  const renames = findStagedRenames(paths, options);
  const lost = missing.filter(({ path }) => !renames.has(path));
  if (lost.length === 0) return renames;
  const candidates = listUntracked(paths, snapshot);
  const blobs = new Map<string, string>();
  for (const path of candidates) {
    const bytes = readWorkFile(topOf(paths), path);
    if (bytes) blobs.set(path, blobId(bytes, snapshot.objectFormat));
  }
  for (const { path, blob } of lost) {
    const same = blob === undefined ? [] : candidates.filter((one) => blobs.get(one)?.startsWith(blob));
    const named = candidates.filter((one) => basename(one) === basename(path));
    const target = same[0] ?? (named.length === 1 ? named[0] : undefined);
    if (target !== undefined) renames.set(path, target);
  }
  return renames;
}

const maxUntracked = 200;

function listUntracked(paths: MemoryPaths, snapshot: Snapshot): string[] {
  const found: string[] = [];
  for (const path of snapshot.edited) {
    if (found.length >= maxUntracked) break;
    if (!path.endsWith('/')) {
      if (!snapshot.index.has(path)) found.push(path);
    } else if (!path.startsWith(snapshot.memoryPrefix)) found.push(...listFolder(topOf(paths), path));
  }
  return found.slice(0, maxUntracked);
}

function listFolder(top: string, folder: string): string[] {
  const found: string[] = [];
  const walk = (path: string, depth: number): void => {
    for (const entry of readdirSync(join(top, path), { withFileTypes: true })) {
      if (found.length >= maxUntracked) return;
      if (entry.isFile()) found.push(path + entry.name);
      else if (entry.isDirectory() && depth > 0 && entry.name !== '.git') walk(`${path}${entry.name}/`, depth - 1);
    }
  };
  try {
    walk(folder, 8);
  } catch {
    // Missing or unreadable: no candidates there.
  }
  return found;
}
