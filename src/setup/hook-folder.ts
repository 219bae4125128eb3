// Finds the folder where git, or the program that manages its hooks, runs them; reads and writes the files in it.
import { chmodSync, existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { runIn } from '../git/run/runner.ts';
import { memoryPrefixOf } from '../git/state/snapshot.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import { hookBlock } from './git-hook-text.ts';

/** Undefined when the file does not exist. Read as latin1: a hook may be in any encoding, or a binary. */
export function readHook(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    // Also of a link that leads nowhere.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export function writeHook(file: string, text: string): void {
  const mode = existsSync(file) ? lstatSync(file).mode & 0o777 : 0o755;
  writeFileAtomic(file, Buffer.from(text, 'latin1'), { mode });
  // husky 9 has sh read the project's file, which git tracks as it is.
  chmodSync(file, existsSync(join(dirname(file), '_/h')) ? mode : mode | 0o100);
}

const managers = {
  // This id is in every hook written by pre-commit since 1.0.
  'pre-commit': /^# ID: 138fd403/m,
  lefthook: /\bLEFTHOOK\b|call_lefthook/,
  husky: /^\. "\$\(dirname "\$0"\)\/h"/m,
  'simple-git-hooks': /SKIP_SIMPLE_GIT_HOOKS/,
} as const;

/** The program that wrote a hook; undefined for other texts. */
export function managerOf(text: string): string | undefined {
  return Object.entries(managers).find(([, mark]) => mark.test(text))?.[0];
}

/** Possible paths of lefthook's configuration. */
const lefthookFiles = ['lefthook', '.lefthook', '.config/lefthook', 'lefthook-local', '.lefthook-local'].flatMap(
  (name) => ['yml', 'yaml', 'toml', 'json', 'jsonc'].map((type) => `${name}.${type}`),
);

export interface HookFolder {
  folder: string;
  /** `own`: in git's folder, where a hook may be renamed. `project`: in the working tree, where lines are added to the file. */
  kind: 'own' | 'project';
  /** Of husky 9: the folder in the project that it writes anew and git ignores, from which git starts the hooks. */
  generated?: string;
}

/** Throws RepomemError `install` when the hooks belong to another program or to several repositories; `isLenient`: returns the folder anyway. */
export function findHookFolder(paths: MemoryPaths, options: { isLenient?: boolean } = {}): HookFolder {
  const { worktree, commonDir } = paths;
  if (worktree === undefined || commonDir === undefined)
    throw new RepomemError('no-repository', `${paths.root}: expected a git repository; found none`);
  const lines = (): string => hookBlock('pre-commit', memoryPrefixOf(paths));
  const set = readHooksPath(paths);
  const folder = set === undefined ? join(commonDir, 'hooks') : resolve(worktree, set);
  const husky = join(worktree, '.husky');
  if (isDirectory(husky) && (set === undefined || isIn(folder, husky)))
    return { folder: husky, kind: 'project', ...(existsSync(join(folder, 'h')) && { generated: folder }) };
  if (isIn(folder, worktree) && !isIn(folder, commonDir)) return { folder, kind: 'project' };
  if (options.isLenient) return { folder, kind: 'own' };
  if (!isIn(folder, commonDir))
    throw tellLines(`${folder}: core.hooksPath, the hooks of other repositories, too`, lines());
  const config = lefthookFiles.find((name) => existsSync(join(worktree, name)));
  if (config !== undefined && managerOf(readHook(join(folder, 'pre-commit')) ?? '') !== 'lefthook')
    throw tellLines(
      `${config}: lefthook writes this repository's hooks, and has not yet written pre-commit`,
      lines(),
      'lefthook install first, then this again; or give its pre-commit a script that runs',
    );
  return { folder, kind: 'own' };
}

/** The user's setting; skips the value that our own git calls set to disable hooks. */
function readHooksPath(paths: MemoryPaths): string | undefined {
  const args = ['config', '--show-scope', '-z', '--type=path', '--get-all', 'core.hooksPath'];
  const fields = runIn(paths, args).stdout.split('\0');
  let found: string | undefined;
  for (let i = 0; i + 1 < fields.length; i += 2) if (fields[i] !== 'command') found = fields[i + 1];
  return found === '' ? undefined : found;
}

export function tellLines(where: string, block: string, how = 'add these lines to the hook'): RepomemError {
  return new RepomemError('install', `${where}; nothing was changed`, { hint: `${how}:\n\n${block}` });
}

function isIn(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside));
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
