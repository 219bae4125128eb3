// Installs our lines in git's hooks. Existing hooks keep running and are restored byte for byte, also when other programs
// install hooks before, after or again.
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { namesIn, readJson } from '../store/lenient-files.ts';
import {
  addBlock,
  guardName,
  hasBlock,
  hookBlock,
  insertBlock,
  isOurs,
  removeBlock,
  type HookName,
} from './git-hook-text.ts';
import { findHookFolder, managerOf, readHook, tellLines, writeHook, type HookFolder } from './hook-folder.ts';
import { isProgram } from './machine.ts';

export interface HookReport {
  /** Absolute. */
  folder: string;
  /** Changed hooks, and the kind of change. */
  changed: { file: string; how: 'made' | 'added' | 'updated' | 'removed' | 'restored' }[];
  /** The program that wrote the pre-commit hook to which lines were added. */
  manager?: string;
}

const names: readonly HookName[] = ['pre-commit', 'commit-msg', guardName];

type Change = HookReport['changed'][number]['how'];

/** Idempotent. Throws RepomemError `install` with the lines to add when the hooks belong to another program or to several repositories. */
export function installGitHooks(paths: MemoryPaths, options: { trailer: boolean }): HookReport {
  const { generated, ...hooks } = findHookFolder(paths);
  if (generated !== undefined) for (const name of names) takeOut(join(generated, name));
  return installIn(paths, hooks, options);
}

function installIn(paths: MemoryPaths, { folder, kind }: HookFolder, options: { trailer: boolean }): HookReport {
  const isProject = kind === 'project';
  const wanted = names.filter((name) => (name === 'commit-msg' ? options.trailer : name !== guardName || !isProject));
  const changed = wanted.flatMap((name) => {
    const file = join(folder, name);
    if (!isProject) dropMoved(folder, name);
    const isLegacy = !isProject && managerOf(readHook(file) ?? '') === 'pre-commit';
    // pre-commit runs this file first, and does not overwrite it.
    const how = install(isLegacy ? `${file}.legacy` : file, hookBlock(name, memoryPrefixOf(paths)), isProject);
    return how === undefined ? [] : [{ file, how }];
  });
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  writeFileSync(wantedFile(paths), `${JSON.stringify(options)}\n`, { mode: 0o600 });
  return { folder, changed, manager: managerOf(readHook(join(folder, 'pre-commit')) ?? '') };
}

/** To a file of the project lines are added at its end; in git's folder at its beginning, since what stands there may exit early. */
function install(file: string, block: string, isProject: boolean): Change | undefined {
  const text = readHook(file);
  const bare = removeBlock(text ?? '#!/bin/sh\n');
  if (isLink(file) || !isShell(bare) || (isProject && !goesOn(bare)))
    throw tellLines(`${file}: a link, or not a shell script that goes on to its end`, block);
  const next = isProject ? addBlock(bare, block) : insertBlock(bare, block);
  if (next === text && (isProject || isProgram(file))) return undefined;
  writeHook(file, next);
  if (text === undefined) return 'made';
  return hasBlock(text) ? 'updated' : 'added';
}

/** Removes our hooks that another program moved aside without running them: lefthook stops when it finds one. */
function dropMoved(folder: string, name: HookName): void {
  for (const other of namesIn(folder).filter((found) => found === `${name}.old` || found === `${name}.bak`)) {
    const text = readHook(join(folder, other));
    if (text !== undefined && isOurs(text)) rmSync(join(folder, other));
  }
}

/** Removes the lines of installGitHooks, also from files that other programs moved. */
export function removeGitHooks(paths: MemoryPaths): HookReport {
  const { folder, generated = folder } = findHookFolder(paths, { isLenient: true });
  const folders = new Set([folder, generated, join(paths.commonDir ?? '', 'hooks')]);
  const files = [...folders].flatMap((at) =>
    namesIn(at)
      .sort()
      .filter((found) => names.some((name) => found === name || found.startsWith(`${name}.`)))
      .map((found) => join(at, found)),
  );
  const changed = files.flatMap((file) => {
    const how = takeOut(file);
    return how === undefined ? [] : [{ file, how }];
  });
  rmSync(wantedFile(paths), { force: true });
  return { folder, changed };
}

/** A hook that holds nothing else goes. */
function takeOut(file: string): Change | undefined {
  const text = readHook(file);
  if (text === undefined || !hasBlock(text) || isLink(file)) return undefined;
  if (isOurs(text)) {
    rmSync(file);
    return 'removed';
  }
  writeHook(file, removeBlock(text));
  return 'restored';
}

/** Undefined if the hook was never installed; else whether git runs our lines now, and if not, which program replaced them. */
export function checkGitHooks(paths: MemoryPaths): { isRun: boolean; by?: string; folder: string } | undefined {
  if (paths.worktree === undefined || !existsSync(wantedFile(paths))) return undefined;
  const { folder, generated } = findHookFolder(paths, { isLenient: true });
  const file = join(folder, 'pre-commit');
  const text = readHook(file) ?? '';
  const manager = managerOf(text);
  const second = manager === 'pre-commit' ? `${file}.legacy` : generated && join(generated, 'pre-commit');
  const isRun =
    (hasBlock(text) && (generated !== undefined || isProgram(file))) ||
    (second !== undefined && hasBlock(readHook(second) ?? ''));
  return { isRun, folder, by: manager ?? (generated && 'husky') };
}

/** For the guard: as mendGitHooks, but takes the guard out where nothing can be mended, or it would start again at every change. */
export function mendOrGiveUp(paths: MemoryPaths): boolean {
  const state = mendGitHooks(paths);
  if (state === 'lost') {
    const { folder, generated = folder } = findHookFolder(paths, { isLenient: true });
    takeOut(join(generated, guardName));
  }
  return state === 'mended';
}

/**
 * Restores our lines where another program replaced them, or pointed git elsewhere; in git's own folder and in husky's generated one,
 * never in project files. Never throws.
 */
export function mendGitHooks(paths: MemoryPaths): 'run' | 'mended' | 'lost' {
  try {
    const state = checkGitHooks(paths);
    if (state?.isRun) return 'run';
    const { folder, kind, generated } = findHookFolder(paths);
    const own = kind === 'own' ? folder : generated;
    if (state === undefined || own === undefined) return 'lost';
    const { trailer = false } = (readJson(wantedFile(paths)) ?? {}) as { trailer?: boolean };
    const { changed } = installIn(paths, { folder: own, kind: 'own' }, { trailer });
    return changed.length > 0 ? 'mended' : 'lost';
  } catch {
    return 'lost';
  }
}

function wantedFile(paths: MemoryPaths): string {
  return join(paths.privateDir, 'git-hooks.json');
}

/** What it leads to may belong to the project: its owner adds the lines there. */
function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isShell(text: string): boolean {
  return /^#!.*\b(?:ba|da|z|k)?sh\b|^(?!#!)[^\0]*$/.test(text);
}

/** Whether appended lines would run: not after `exit` or `exec`. */
function goesOn(text: string): boolean {
  const last = text.split('\n').findLast((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return !/^(?:exit|exec)\b/.test(last);
}
