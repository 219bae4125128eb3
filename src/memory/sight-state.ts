// What tells that nothing moved since a sight was kept: one text for all that it was judged by, and the folders where records come and go.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { addGitState, makeKey, type StateKey } from '../git/state/state-key.ts';
import { foldersOf } from '../search/keep-open.ts';
import type { Shelf } from '../search/shelf.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched, type RecordNames } from '../store/list.ts';
import { settingsName } from '../store/locate.ts';
import { settledAt } from '../store/settled.ts';
import { cleanBit, type KeptSight, type WatchedPath } from './kept-sight.ts';
import { userFolder } from './open.ts';

/** When a look began, in milliseconds, and what it found git, settings and ledger to be. */
export interface Moment {
  at: number;
  key: StateKey;
}

export function momentOf(env: Env, paths: MemoryPaths): Moment {
  return { at: env.now().getTime(), key: stateKeyOf(env, paths) };
}

/** Settings, ledger, and all that git judges by: the same text, the same judgement. */
export function stateKeyOf(env: Env, paths: MemoryPaths): StateKey {
  const key = makeKey();
  key.add(env.version);
  const ours = Object.keys(env.vars).filter((name) => name.startsWith('REPOMEM_'));
  for (const name of ours.sort()) key.add(`${name}=${env.vars[name]}`);
  key.stat(join(userFolder(env), settingsName));
  key.stat(join(paths.memoryDir, settingsName));
  key.stat(join(paths.privateDir, 'ledger.jsonl'));
  addGitState(paths, key);
  return key.finish();
}

/** Folders of records, and files that are none. */
export function watchedOf(paths: MemoryPaths, shelf: Shelf, problems: readonly Problem[]): WatchedPath[] {
  const filePaths = shelf.paths().map((path, at) => ({ path, tier: shelf.tierAt(at) }));
  const odd = problems.map(({ path }) => absolutePath(paths, path));
  return [...new Set([...foldersOf(paths, filePaths), ...odd])].map((path) => {
    const [mtimeMs, bytes] = look(path);
    return [path, mtimeMs, bytes];
  });
}

/** Of what is not there, zeros. */
function look(absolute: string): [mtimeMs: number, bytes: number] {
  const found = lstatSync(absolute, { throwIfNoEntry: false });
  return found ? [found.mtimeMs, found.isDirectory() ? 0 : found.size] : [0, 0];
}

/** Whether what was watched is as it was. */
export function isWatchedSame([path, mtimeMs, bytes]: WatchedPath): boolean {
  const [time, size] = look(path);
  return time === mtimeMs && size === bytes;
}

/** From when on no change of what was watched and of these files can go unseen. */
export function settledOf(watched: readonly WatchedPath[], mtimes: Iterable<number>): number {
  let settledMs = 0;
  for (const [, mtimeMs] of watched) settledMs = Math.max(settledMs, settledAt(mtimeMs));
  for (const mtimeMs of mtimes) settledMs = Math.max(settledMs, settledAt(mtimeMs));
  return settledMs;
}

/** Whether these are the files of the shelf, and nothing else. */
export function areNamesOf(shelf: Shelf, { names, problems }: RecordNames): boolean {
  const filePaths = shelf.paths();
  return (
    problems.length === 0 && names.length === filePaths.length && names.every(({ path }, at) => path === filePaths[at])
  );
}

/**
 * Places whose file has another size or time. `edited`: what git finds edited below the memory folder; it is believed of the files that it
 * watches.
 */
export function touchedPlaces(
  paths: MemoryPaths,
  { shelf, tracked }: Pick<KeptSight, 'shelf' | 'tracked'>,
  edited?: ReadonlySet<string>,
): number[] {
  const { mtimes, sizes } = shelf;
  const touched: number[] = [];
  for (const [at, path] of shelf.paths().entries()) {
    const isVouchedFor = (tracked[at]! & cleanBit) !== 0 && edited?.has(path) === false;
    if (!isVouchedFor && !isUntouched(absolutePath(paths, path), mtimes[at]!, sizes[at]!)) touched.push(at);
  }
  return touched;
}
