// Whether git's state has moved, told from names, sizes and times: no process is started. Git replaces these files by rename, so a change
// of branch, commit, index or any ref shows in one of them.
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { settledAt } from '../../store/settled.ts';

/** One text for everything that was looked at, and the moment from which on no change of it can go unseen. */
export interface StateKey {
  text: string;
  settledMs: number;
}

export interface KeyMaker {
  stat(path: string): void;
  /** For what is written anew again and again with the same bytes. */
  bytes(path: string): void;
  add(text: string): void;
  finish(): StateKey;
}

export function makeKey(): KeyMaker {
  const parts: string[] = [];
  let settledMs = 0;
  return {
    stat(path) {
      const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined) return void parts.push(path);
      parts.push(`${path} ${found.size} ${found.mtimeMs} ${found.ino}`);
      settledMs = Math.max(settledMs, settledAt(found.mtimeMs));
    },
    bytes(path) {
      // Most often it is not there, and an error costs as much as ten looks.
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return void parts.push(path);
      try {
        parts.push(`${path} ${crc32(readFileSync(path))}`);
      } catch {
        parts.push(path);
      }
    },
    add: (text) => void parts.push(text),
    finish: () => ({ text: parts.join('\n'), settledMs }),
  };
}

// A linked worktree's own HEAD may stand in a table of its own.
const ofWorktree = ['HEAD', 'index', 'config.worktree', 'reftable/tables.list'];
const ofOperation = [
  'MERGE_HEAD',
  'SQUASH_MSG',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'rebase-merge',
  'rebase-apply',
  'BISECT_LOG',
];
// The main worktree's index tells what is tracked of the local folder, which stands there.
const ofAll = ['config', 'packed-refs', 'reftable/tables.list', 'index', 'info/exclude'];

/** HEAD, index, operation under way, what was fetched, configuration, what is ignored, and refs; nothing without git. */
export function addGitState({ gitDir, commonDir, worktree, memoryDir }: MemoryPaths, key: KeyMaker): void {
  if (gitDir === undefined || commonDir === undefined || worktree === undefined) return;
  for (const name of [...ofWorktree, ...ofOperation]) key.stat(`${gitDir}/${name}`);
  // Editors fetch every few minutes, most often nothing.
  key.bytes(`${gitDir}/FETCH_HEAD`);
  const isSeen = (name: string): boolean => gitDir === commonDir && ofWorktree.includes(name);
  for (const name of ofAll) if (!isSeen(name)) key.stat(`${commonDir}/${name}`);
  for (let folder = memoryDir; ; folder = dirname(folder)) {
    key.stat(`${folder}/.gitignore`);
    if (folder === worktree || folder === dirname(folder)) break;
  }
  addFolders(`${commonDir}/refs`, key);
}

/** A ref is written beside and renamed in: its folder's time moves. */
function addFolders(folder: string, key: KeyMaker): void {
  key.stat(folder);
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) if (entry.isDirectory()) addFolders(`${folder}/${entry.name}`, key);
}
