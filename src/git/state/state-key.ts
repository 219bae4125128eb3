// Detects changes of git's state from names, sizes and times, without a process. Git replaces these files by rename, so a change of
// branch, commit, index or any ref shows in one of them.
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { attempt } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';
import { settledAt } from '../../store/settled.ts';

/** A text that identifies the state, and the time after which no change of it can be missed. */
export interface StateKey {
  text: string;
  settledMs: number;
}

export type KeyMaker = ReturnType<typeof makeKey>;

export function makeKey() {
  const parts: string[] = [];
  let settledMs = 0;
  return {
    stat(path: string): void {
      const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined) return void parts.push(path);
      parts.push(`${path} ${found.size} ${found.mtimeMs} ${found.ino}`);
      settledMs = Math.max(settledMs, settledAt(found.mtimeMs));
    },
    add: (text: string): void => void parts.push(text),
    finish: (): StateKey => ({ text: parts.join('\n'), settledMs }),
  };
}

// With reftable, a linked worktree's HEAD is in a table of its own.
const ofWorktree = ['HEAD', 'index', 'config.worktree', 'reftable/tables.list'];
const ofOperation = 'MERGE_HEAD SQUASH_MSG CHERRY_PICK_HEAD REVERT_HEAD rebase-merge rebase-apply BISECT_LOG'.split(
  ' ',
);
// Includes the main worktree's index: it shows which files of the local folder, which is there, are tracked.
const ofAll = ['config', 'packed-refs', 'reftable/tables.list', 'index', 'info/exclude'];

/** Adds HEAD, index, current operation, fetched refs, configuration, ignore rules and refs to the key; nothing without git. */
export function addGitState({ gitDir, commonDir, worktree, memoryDir }: MemoryPaths, key: KeyMaker): void {
  if (gitDir === undefined || commonDir === undefined || worktree === undefined) return;
  for (const name of [...ofWorktree, ...ofOperation]) key.stat(`${gitDir}/${name}`);
  // By content: editors fetch every few minutes, usually without new commits.
  key.add(String(crc32(readTextOrEmpty(`${gitDir}/FETCH_HEAD`))));
  const isSeen = (name: string): boolean => gitDir === commonDir && ofWorktree.includes(name);
  for (const name of ofAll) if (!isSeen(name)) key.stat(`${commonDir}/${name}`);
  for (let folder = memoryDir; ; folder = dirname(folder)) {
    key.stat(`${folder}/.gitignore`);
    if (folder === worktree || folder === dirname(folder)) break;
  }
  addFolders(`${commonDir}/refs`, key);
}

/** A ref is written to a temporary file and renamed, so its folder's mtime changes. */
function addFolders(folder: string, key: KeyMaker): void {
  key.stat(folder);
  for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [])
    if (entry.isDirectory()) addFolders(`${folder}/${entry.name}`, key);
}
