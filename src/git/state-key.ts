// Whether git's state has moved, told from names, sizes and times: no process is started. Git replaces these files by rename, so a change
// of branch, commit, index or any ref shows in one of them.
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import type { Place } from '../domain/place.ts';

/** One text for everything that was looked at, and the youngest time among it: what is younger than a tick may change unseen. */
export interface StateKey {
  text: string;
  youngestMs: number;
}

export interface KeyMaker {
  stat(path: string): void;
  add(text: string): void;
  finish(): StateKey;
}

export function makeKey(): KeyMaker {
  const parts: string[] = [];
  let youngestMs = 0;
  return {
    stat(path) {
      const found: Stats | undefined = lstatSync(path, { throwIfNoEntry: false });
      if (found === undefined) return void parts.push(path);
      parts.push(`${path} ${found.size} ${found.mtimeMs} ${found.ino}`);
      youngestMs = Math.max(youngestMs, found.mtimeMs);
    },
    add: (text) => void parts.push(text),
    finish: () => ({ text: parts.join('\n'), youngestMs }),
  };
}

const ofWorktree = ['HEAD', 'index', 'config.worktree', 'MERGE_HEAD', 'SQUASH_MSG', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];
const ofOperation = ['rebase-merge', 'rebase-apply', 'BISECT_LOG'];
const ofAll = ['config', 'packed-refs', 'reftable/tables.list'];

/** HEAD, index, operation under way, configuration and refs; nothing without git. */
export function addGitState({ gitDir, commonDir }: Place, key: KeyMaker): void {
  if (gitDir === undefined || commonDir === undefined) return;
  for (const name of [...ofWorktree, ...ofOperation]) key.stat(`${gitDir}/${name}`);
  for (const name of ofAll) key.stat(`${commonDir}/${name}`);
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
