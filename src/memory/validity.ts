// Cheap checks that cached verdicts are still valid: a key of git's state, ledger and settings, and the times of the records' folders.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { addGitState, makeKey, type StateKey } from '../git/state/state-key.ts';
import { settingVariables } from '../settings/settings.ts';
import { userFolder } from '../settings/user-folder.ts';
import { absolutePath } from '../store/layout.ts';
import { settingsName } from '../store/locate.ts';
import { settledAt } from '../store/settled.ts';

/** Settings, ledger, and all that git judges by: the same text, the same judgement. */
export function stateKeyOf(env: Env, paths: MemoryPaths): StateKey {
  const key = makeKey();
  key.add(env.version);
  for (const variable of settingVariables(env.vars)) key.add(variable);
  key.stat(join(userFolder(env), settingsName));
  key.stat(join(paths.memoryDir, settingsName));
  key.stat(join(paths.privateDir, 'ledger.jsonl'));
  addGitState(paths, key);
  return key.finish();
}

export type WatchedPath = readonly [path: string, mtimeMs: number, bytes: number];

/** Folders of records, and files that are none: what shows that a record came, went or was mended. */
export function watchedOf(paths: MemoryPaths, folders: readonly string[], problems: readonly Problem[]): WatchedPath[] {
  const odd = problems.map(({ path }) => absolutePath(paths, path));
  return [...new Set([...folders, ...odd])].map((path) => [path, ...timeAndSize(path)]);
}

/** Of what is not there, zeros. */
function timeAndSize(absolute: string): [mtimeMs: number, bytes: number] {
  const found = lstatSync(absolute, { throwIfNoEntry: false });
  return found ? [found.mtimeMs, found.isDirectory() ? 0 : found.size] : [0, 0];
}

/** Whether what was watched is as it was. */
export function isWatchedSame([path, mtimeMs, bytes]: WatchedPath): boolean {
  const [time, size] = timeAndSize(path);
  return time === mtimeMs && size === bytes;
}

/** From when on no change of what was watched and of these files can go unseen. */
export function settledOf(watched: readonly WatchedPath[], mtimes: readonly number[]): number {
  return [...watched.map(([, mtimeMs]) => mtimeMs), ...mtimes].reduce(
    (latest, mtimeMs) => Math.max(latest, settledAt(mtimeMs)),
    0,
  );
}
