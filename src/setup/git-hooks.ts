// Git's own hooks: where they stand, and our lines in them. What exists keeps running first and comes back byte for byte.
import { chmodSync, existsSync, lstatSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runIn } from '../git/run/runner.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import {
  addBlock,
  chainedSuffix,
  hasBlock,
  hookBlock,
  removeBlock,
  wrapperOf,
  type HookName,
} from './git-hook-text.ts';

export interface HookReport {
  /** Absolute. */
  folder: string;
  /** Hooks that changed, each with how. */
  changed: { file: string; how: 'made' | 'chained' | 'added' | 'updated' | 'removed' | 'restored' }[];
}

interface HookFolder {
  folder: string;
  /** `own`: below git's folder, where a hook may be moved aside. `project`: in the working tree, where lines are added to the file. */
  kind: 'own' | 'project';
}

const names: readonly HookName[] = ['pre-commit', 'commit-msg'];
const lefthookFiles = ['lefthook', '.lefthook'].flatMap((name) =>
  ['yml', 'yaml', 'toml', 'json'].map((type) => `${name}.${type}`),
);

/** Idempotent. RepomemError `install` with the lines to add where the hooks belong to another program or to every repository. */
export function installGitHooks(paths: MemoryPaths, options: { trailer: boolean }): HookReport {
  const { folder, kind } = findHookFolder(paths);
  const report: HookReport = { folder, changed: [] };
  for (const name of names) {
    if (name === 'commit-msg' && !options.trailer) continue;
    const file = join(folder, name);
    const block = hookBlock(name, memoryPathOf(paths));
    const text = readHook(file);
    if (text !== undefined && hasBlock(text)) {
      const next = addBlock(removeBlock(text), block);
      if (next === text) continue;
      writeHook(file, next);
      report.changed.push({ file, how: 'updated' });
    } else if (text === undefined) {
      writeHook(file, kind === 'own' ? wrapperOf(name, block) : addBlock('#!/bin/sh\n', block));
      report.changed.push({ file, how: 'made' });
    } else if (kind === 'own') {
      const aside = file + chainedSuffix;
      if (existsSync(aside))
        throw new RepomemError('install', `${aside}: stands in the way; expected no such file`, {
          hint: 'it was moved aside earlier; put it back or remove it, then try again',
        });
      renameSync(file, aside);
      writeHook(file, wrapperOf(name, block));
      report.changed.push({ file, how: 'chained' });
    } else {
      if (!canAppend(text)) throw tellLines(`${file}: not a shell script that goes on to its end`, block);
      writeHook(file, addBlock(text, block));
      report.changed.push({ file, how: 'added' });
    }
  }
  return report;
}

/** Takes out what installGitHooks put in; what was moved aside comes back as it was. */
export function removeGitHooks(paths: MemoryPaths): HookReport {
  const { folder } = findHookFolder(paths, { isLenient: true });
  const report: HookReport = { folder, changed: [] };
  for (const name of names) {
    const file = join(folder, name);
    const text = readHook(file);
    if (text === undefined || !hasBlock(text)) continue;
    const rest = removeBlock(text);
    const aside = file + chainedSuffix;
    const isOurs = rest === removeBlock(wrapperOf(name, hookBlock(name, ''))) || rest === '#!/bin/sh\n';
    if (isOurs && existsSync(aside)) {
      renameSync(aside, file);
      report.changed.push({ file, how: 'restored' });
    } else if (isOurs) {
      rmSync(file);
      report.changed.push({ file, how: 'removed' });
    } else {
      writeHook(file, rest);
      report.changed.push({ file, how: 'restored' });
    }
  }
  return report;
}

/** Where git, or the program that manages its hooks, looks for them. */
function findHookFolder(paths: MemoryPaths, options: { isLenient?: boolean } = {}): HookFolder {
  const { worktree, commonDir } = paths;
  if (worktree === undefined || commonDir === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`);
  const lines = (): string => hookBlock('pre-commit', memoryPathOf(paths));
  const set = readHooksPath(paths);
  const folder = set === undefined ? join(commonDir, 'hooks') : resolve(worktree, set);
  const husky = join(worktree, '.husky');
  if (isDirectory(husky) && (set === undefined || isIn(folder, husky))) return { folder: husky, kind: 'project' };
  if (isIn(folder, worktree) && !isIn(folder, commonDir)) return { folder, kind: 'project' };
  if (options.isLenient) return { folder, kind: 'own' };
  const manager = lefthookFiles.find((name) => existsSync(join(worktree, name)));
  if (manager)
    throw tellLines(
      `${manager}: lefthook writes this repository's hooks`,
      lines(),
      'add a pre-commit script to it that runs',
    );
  if (!isIn(folder, commonDir))
    throw tellLines(`${folder}: core.hooksPath, the hooks of other repositories, too`, lines());
  return { folder, kind: 'own' };
}

/** The user's setting; our own runs switch hooks off, so that answer is passed over. */
function readHooksPath(paths: MemoryPaths): string | undefined {
  const args = ['config', '--show-scope', '-z', '--type=path', '--get-all', 'core.hooksPath'];
  const fields = runIn(paths, args).stdout.split('\0');
  let found: string | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] !== 'command') found = fields[i + 1];
  return found === '' ? undefined : found;
}

function tellLines(where: string, block: string, how = 'add these lines to the hook'): RepomemError {
  return new RepomemError('install', `${where}; nothing was changed`, { hint: `${how}:\n\n${block}` });
}

/** Lines at the end would never run behind `exit` or `exec`, and mean nothing to another interpreter. */
function canAppend(text: string): boolean {
  const [first = ''] = text.split('\n');
  if (first.startsWith('#!') && !/\b(?:ba|da|z|k)?sh\b/.test(first)) return false;
  const last = text.split('\n').findLast((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return !/^(?:exit|exec)\b/.test(last);
}

/** Where the memory lies from the top, where git runs its hooks. */
function memoryPathOf(paths: MemoryPaths): string {
  return relative(paths.worktree ?? paths.root, paths.memoryDir)
    .split(sep)
    .join('/');
}

function readHook(file: string): string | undefined {
  try {
    if (lstatSync(file).isSymbolicLink() && !existsSync(file)) return undefined;
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Bytes, not text: a hook may be in any encoding, or a program. */
function writeHook(file: string, text: string): void {
  const mode = existsSync(file) ? lstatSync(file).mode & 0o777 : 0o755;
  writeFileAtomic(file, Buffer.from(text, 'latin1'), { mode });
  chmodSync(file, mode | 0o100);
}

function isIn(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
