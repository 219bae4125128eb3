// Installs our lines in git's hooks. Existing hooks keep running first and are restored byte for byte, also when other programs
// install hooks before, after or again.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { namesIn, readJson } from '../store/lenient-files.ts';
import {
  addBlock,
  bareOf,
  chainedSuffix,
  guardName,
  hasBlock,
  hookBlock,
  insertBlock,
  isOurs,
  removeBlock,
  wrapperOf,
  type HookName,
} from './git-hook-text.ts';
import { findHookFolder, managerOf, readHook, tellLines, writeHook, type HookFolder } from './hook-folder.ts';
import { isProgram } from './machine.ts';

export interface HookReport {
  /** Absolute. */
  folder: string;
  /** Changed hooks, and the kind of change. */
  changed: { file: string; how: 'made' | 'chained' | 'added' | 'updated' | 'removed' | 'restored' }[];
}

const names: readonly HookName[] = ['pre-commit', 'commit-msg', guardName];

type Change = HookReport['changed'][number]['how'];

/** Idempotent. Throws RepomemError `install` with the lines to add when the hooks belong to another program or to several repositories. */
export function installGitHooks(paths: MemoryPaths, options: { trailer: boolean }): HookReport {
  const { generated, ...hooks } = findHookFolder(paths);
  if (generated !== undefined) for (const name of names) takeOut(join(generated, name), name);
  return installIn(paths, hooks, options);
}

function installIn(paths: MemoryPaths, { folder, kind }: HookFolder, options: { trailer: boolean }): HookReport {
  const isProject = kind === 'project';
  const wanted = names.filter((name) => (name === 'commit-msg' ? options.trailer : name !== guardName || !isProject));
  const changed = wanted.flatMap((name) => {
    const file = join(folder, name);
    if (!isProject) dropMoved(folder, name);
    const isLegacy = !isProject && managerOf(readHook(file) ?? '')?.way === 'legacy';
    // The manager runs this file first, and does not overwrite it.
    const how = install(isLegacy ? `${file}.legacy` : file, name, hookBlock(name, memoryPrefixOf(paths)), isProject);
    return how === undefined ? [] : [{ file, how }];
  });
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  writeFileSync(wantedFile(paths), `${JSON.stringify(options)}\n`, { mode: 0o600 });
  return { folder, changed };
}

/** To a file of the project lines are added; in git's folder an existing hook is renamed and runs first, unless a manager wrote it. */
function install(file: string, name: HookName, block: string, isProject: boolean): Change | undefined {
  const text = readHook(file);
  if (text === undefined) {
    writeHook(file, isProject ? addBlock('#!/bin/sh\n', block) : wrapperOf(name, block));
    return 'made';
  }
  const isManaged = !isProject && managerOf(text) !== undefined;
  if (hasBlock(text)) {
    const bare = removeBlock(text);
    const whole = !isProject && isOurs(text, name) ? wrapperOf(name, block) : addBlock(bare, block);
    const next = isManaged ? insertBlock(bare, block) : whole;
    if (next === text && (isProject || isProgram(file))) return undefined;
    writeHook(file, next);
    return 'updated';
  }
  if (isProject && !canAppend(text)) throw tellLines(`${file}: not a shell script that goes on to its end`, block);
  if (isProject || isManaged) {
    writeHook(file, isProject ? addBlock(text, block) : insertBlock(text, block));
    return 'added';
  }
  const aside = file + chainedSuffix;
  const before = readHook(aside);
  // Another program replaced our hook: keep the earlier original under another name, and run the current file.
  if (before !== undefined && before !== text) {
    let count = 1;
    while (existsSync(`${aside}.old${count}`)) count++;
    renameSync(aside, `${aside}.old${count}`);
  }
  renameSync(file, aside);
  writeHook(file, wrapperOf(name, block));
  return 'chained';
}

/** Removes our hooks that another program moved aside without running them: lefthook stops when it finds one. */
function dropMoved(folder: string, name: HookName): void {
  for (const other of namesIn(folder).filter((found) => found === `${name}.old` || found === `${name}.bak`)) {
    const text = readHook(join(folder, other));
    if (text !== undefined && isOurs(text, name)) rmSync(join(folder, other));
  }
}

/** Removes the lines of installGitHooks, also from files that other programs moved; restores the original hooks. */
export function removeGitHooks(paths: MemoryPaths): HookReport {
  const { folder, generated = folder } = findHookFolder(paths, { isLenient: true });
  const folders = [...new Set([folder, generated, join(paths.commonDir ?? '', 'hooks')])];
  const changed: HookReport['changed'] = [];
  const note = (file: string, how: Change | undefined): void => void (how && changed.push({ file, how }));
  for (const at of folders)
    for (const name of names)
      for (const found of namesIn(at)
        .sort()
        .filter((one) => one === name || one.startsWith(`${name}.`)))
        note(join(at, found), takeOut(join(at, found), name));
  for (const at of folders) for (const name of names) note(join(at, name), putBack(join(at, name)));
  rmSync(wantedFile(paths), { force: true });
  return { folder, changed };
}

function takeOut(file: string, name: HookName): Change | undefined {
  const text = readHook(file);
  if (text === undefined || !hasBlock(text)) return undefined;
  const aside = file + chainedSuffix;
  if (!isOurs(text, name)) {
    // The hook that ran before ours stays in the chain.
    writeHook(file, existsSync(aside) ? removeBlock(text) : bareOf(text, name));
    return 'restored';
  }
  if (existsSync(aside)) {
    renameSync(aside, file);
    return 'restored';
  }
  rmSync(file);
  return 'removed';
}

/** Restores the original hook if ours was moved or overwritten. */
function putBack(file: string): Change | undefined {
  const aside = file + chainedSuffix;
  const chained = readHook(aside);
  if (chained === undefined) return undefined;
  const current = readHook(file);
  const manager = managerOf(current ?? '');
  if (current === undefined) renameSync(aside, file);
  else if (current === chained || (manager && manager === managerOf(chained))) rmSync(aside);
  else if (manager?.way === 'legacy' && !existsSync(`${file}.legacy`)) renameSync(aside, `${file}.legacy`);
  else return undefined;
  return 'restored';
}

/** Undefined if the hook was never installed; else whether git runs our lines now, and if not, which program replaced them. */
export function checkGitHooks(paths: MemoryPaths): { isRun: boolean; by?: string; folder: string } | undefined {
  if (paths.worktree === undefined || !existsSync(wantedFile(paths))) return undefined;
  const { folder, generated } = findHookFolder(paths, { isLenient: true });
  const file = join(folder, 'pre-commit');
  const text = readHook(file) ?? '';
  const manager = managerOf(text);
  const second = manager?.way === 'legacy' ? `${file}.legacy` : generated && join(generated, 'pre-commit');
  const isRun =
    (hasBlock(text) && (generated !== undefined || isProgram(file))) ||
    (second !== undefined && hasBlock(readHook(second) ?? ''));
  return { isRun, folder, by: manager?.name ?? (generated && 'husky') };
}

/** For the guard: as mendGitHooks, but takes the guard out where nothing can be mended, or it would start again at every change. */
export function mendOrGiveUp(paths: MemoryPaths): boolean {
  const state = mendGitHooks(paths);
  if (state === 'lost') {
    const { folder, generated = folder } = findHookFolder(paths, { isLenient: true });
    takeOut(join(generated, guardName), guardName);
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

/** Whether appended lines would run: not after `exit` or `exec`, and not in another language. */
function canAppend(text: string): boolean {
  const [first = ''] = text.split('\n');
  if (first.startsWith('#!') && !/\b(?:ba|da|z|k)?sh\b/.test(first)) return false;
  const last = text.split('\n').findLast((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return !/^(?:exit|exec)\b/.test(last);
}
