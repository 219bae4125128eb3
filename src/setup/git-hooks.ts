// Installs our lines in git's hooks. Existing hooks keep running first and are restored byte for byte, also when other programs
// install hooks before, after or again.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
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
import { isExecutable, readHook, writeHook } from './hook-file.ts';
import { findHookFolder, memoryPathOf, tellLines, type HookFolder } from './hook-folder.ts';
import { managerOf } from './hook-managers.ts';

export interface HookReport {
  /** Absolute. */
  folder: string;
  /** Changed hooks, and the kind of change. */
  changed: { file: string; how: 'made' | 'chained' | 'added' | 'updated' | 'removed' | 'restored' }[];
}

const names: readonly HookName[] = ['pre-commit', 'commit-msg', guardName];

/**
 * Idempotent. Throws RepomemError `install` with the lines to add when the hooks belong to another program or to several
 * repositories.
 */
export function installGitHooks(paths: MemoryPaths, options: { trailer: boolean }): HookReport {
  const { folder, kind, generated } = findHookFolder(paths);
  if (generated !== undefined) for (const name of names) takeOut(join(generated, name), name);
  return installIn(paths, { folder, kind }, options);
}

function installIn(paths: MemoryPaths, { folder, kind }: HookFolder, options: { trailer: boolean }): HookReport {
  const report: HookReport = { folder, changed: [] };
  for (const name of names) {
    if (name === 'commit-msg' && !options.trailer) continue;
    if (name === guardName && kind !== 'own') continue;
    const block = hookBlock(name, memoryPathOf(paths));
    const how = kind === 'own' ? installOwn(folder, name, block) : addToProject(join(folder, name), block);
    if (how !== undefined) report.changed.push({ file: join(folder, name), how });
  }
  noteWanted(paths, options);
  return report;
}

type Change = HookReport['changed'][number]['how'];

function installOwn(folder: string, name: HookName, block: string): Change | undefined {
  const file = join(folder, name);
  const text = readHook(file);
  dropMoved(folder, name);
  const manager = text === undefined ? undefined : managerOf(text);
  // The manager runs this file first, and does not overwrite it.
  if (manager?.way === 'legacy') return chainInto(`${file}.legacy`, name, block);
  if (text === undefined || !hasBlock(text))
    if (manager?.way === 'inside') {
      writeHook(file, insertBlock(text ?? '', block));
      return 'added';
    }
  return chainInto(file, name, block);
}

function chainInto(file: string, name: HookName, block: string): Change | undefined {
  const text = readHook(file);
  if (text === undefined) {
    writeHook(file, wrapperOf(name, block));
    return 'made';
  }
  if (hasBlock(text)) {
    const isInside = managerOf(text) !== undefined;
    const bare = removeBlock(text);
    const next = isInside
      ? insertBlock(bare, block)
      : isOurs(text, name)
        ? wrapperOf(name, block)
        : addBlock(bare, block);
    if (next === text && isExecutable(file)) return undefined;
    writeHook(file, next);
    return 'updated';
  }
  const aside = file + chainedSuffix;
  const before = readHook(aside);
  // Another program replaced our hook: keep the earlier original under another name, and run the current file.
  if (before !== undefined && before !== text) renameSync(aside, freeName(`${aside}.old`));
  renameSync(file, aside);
  writeHook(file, wrapperOf(name, block));
  return 'chained';
}

function addToProject(file: string, block: string): Change | undefined {
  const text = readHook(file);
  if (text !== undefined && hasBlock(text)) {
    const next = addBlock(removeBlock(text), block);
    if (next === text) return undefined;
    writeHook(file, next);
    return 'updated';
  }
  if (text !== undefined && !canAppend(text))
    throw tellLines(`${file}: not a shell script that goes on to its end`, block);
  writeHook(file, addBlock(text ?? '#!/bin/sh\n', block));
  return text === undefined ? 'made' : 'added';
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
  const report: HookReport = { folder, changed: [] };
  const folders = [...new Set([folder, generated, join(paths.commonDir ?? '', 'hooks')])];
  for (const at of folders)
    for (const name of names)
      for (const found of namesIn(at)) {
        if (found !== name && !found.startsWith(`${name}.`)) continue;
        const how = takeOut(join(at, found), name);
        if (how !== undefined) report.changed.push({ file: join(at, found), how });
      }
  for (const at of folders) for (const name of names) putBack(join(at, name), report);
  rmSync(wantedFile(paths), { force: true });
  return report;
}

function takeOut(file: string, name: HookName): Change | undefined {
  const text = readHook(file);
  if (text === undefined || !hasBlock(text)) return undefined;
  const aside = file + chainedSuffix;
  const bare = bareOf(text, name);
  // Only another first line was added to ours.
  const isEmpty = bare.replace(/^#!.*\n/, '').trim() === '' && bare !== removeBlock(text);
  if (!isOurs(text, name) && !isEmpty) {
    // The hook that ran before ours stays in the chain.
    writeHook(file, existsSync(aside) ? removeBlock(text) : bare);
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
function putBack(file: string, report: HookReport): void {
  const aside = file + chainedSuffix;
  const chained = readHook(aside);
  if (chained === undefined) return;
  const current = readHook(file);
  const isSame =
    current === chained || (managerOf(chained) !== undefined && managerOf(chained) === managerOf(current ?? ''));
  if (current === undefined) renameSync(aside, file);
  else if (isSame) rmSync(aside);
  else if (managerOf(current)?.way === 'legacy' && !existsSync(`${file}.legacy`)) renameSync(aside, `${file}.legacy`);
  else return;
  report.changed.push({ file, how: 'restored' });
}

/** Undefined if the hook was never installed; else whether git runs our lines now, and if not, which program replaced them. */
export function checkGitHooks(paths: MemoryPaths): { isRun: boolean; by?: string; folder: string } | undefined {
  if (paths.worktree === undefined || !existsSync(wantedFile(paths))) return undefined;
  const { folder, generated } = findHookFolder(paths, { isLenient: true });
  const text = readHook(join(folder, 'pre-commit')) ?? '';
  const manager = managerOf(text);
  const second =
    manager?.way === 'legacy' ? join(folder, 'pre-commit.legacy') : generated && join(generated, 'pre-commit');
  const isRun =
    (hasBlock(text) && isExecutable(join(folder, 'pre-commit'))) ||
    (second !== undefined && hasBlock(readHook(second) ?? ''));
  const by = manager?.name ?? (generated && 'husky');
  return { isRun, folder, ...(by !== undefined && { by }) };
}

/** For the guard: as mendGitHooks, but takes the guard out where nothing can be mended, or it would start again at every change. */
export function mendOrGiveUp(paths: MemoryPaths): boolean {
  if (mendGitHooks(paths)) return true;
  const { folder, generated = folder } = findHookFolder(paths, { isLenient: true });
  if (!isRunNow(paths)) takeOut(join(generated, guardName), guardName);
  return false;
}

function isRunNow(paths: MemoryPaths): boolean {
  try {
    return checkGitHooks(paths)?.isRun === true;
  } catch {
    return false;
  }
}

/**
 * Restores our lines where another program replaced them, or pointed git elsewhere; in git's own folder and in husky's generated one,
 * never in project files. True when something changed. Never throws.
 */
export function mendGitHooks(paths: MemoryPaths): boolean {
  try {
    if (checkGitHooks(paths)?.isRun !== false) return false;
    const { folder, kind, generated } = findHookFolder(paths);
    const own = kind === 'own' ? folder : generated;
    if (own === undefined) return false;
    const { trailer } = JSON.parse(readHook(wantedFile(paths)) ?? '{}') as { trailer?: boolean };
    return installIn(paths, { folder: own, kind: 'own' }, { trailer: trailer === true }).changed.length > 0;
  } catch {
    return false;
  }
}

function noteWanted(paths: MemoryPaths, options: { trailer: boolean }): void {
  mkdirSync(paths.privateDir, { recursive: true, mode: 0o700 });
  writeFileSync(wantedFile(paths), `${JSON.stringify(options)}\n`, { mode: 0o600 });
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

function freeName(path: string): string {
  for (let at = 1; ; at++) if (!existsSync(`${path}${at}`)) return `${path}${at}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
