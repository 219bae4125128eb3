// Values of this machine that must not be kept, and the one list of where a repository keeps those of its environment: asked by the
// compressor, lint, review and `repomem redact` alike.
import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { knownValuesFrom } from '../privacy/known-values.ts';
import { isSecretPath, isSettingsPath } from '../privacy/private-paths.ts';
import { findSecrets, recurringValues } from '../privacy/redact.ts';
import { isFolder, listWorktrees } from '../store/git-dirs.ts';
import type { Memory } from './open.ts';

export interface EnvFile {
  /** Relative to the folder that was searched, with forward slashes. */
  name: string;
  text: string;
}

const maxBytes = 256 * 1024;
/** Of one working tree, breadth first: files near the top count most. */
const maxFolders = 4000;
const maxFiles = 400;
const maxDepth = 8;
const maxWorktrees = 16;

/** Folders that tools fill, with thousands of files; nobody keeps settings there. */
const generated =
  /^(?:\.git|\.claude-mem|node_modules|bower_components|vendor|target|dist|build|out|\.venv|venv|__pycache__|\.tox|\.next|\.nuxt|\.turbo|\.cache|\.gradle|\.terraform|\.yarn|coverage|Pods|DerivedData)$/;

/** Secrets that this machine knows: of the repository's files of values, in every working tree of it, and of variables. */
export function readKnownValues({ env, paths }: Pick<Memory, 'env' | 'paths'>): string[] {
  return knownValuesIn(worktreesOf(paths), env.vars);
}

export function knownValuesIn(
  worktrees: readonly string[],
  vars: Readonly<Record<string, string | undefined>>,
): string[] {
  const files = readEnvFiles(worktrees);
  // A login in .netrc or a token in .npmrc is no `NAME=value`, and is found all the same.
  const found = files.flatMap(({ text }) => recurringValues(text, findSecrets(text)));
  return [...new Set([...knownValuesFrom(files, vars), ...found])];
}

/** Files with values in these working trees. Never blocks: pipes and devices are passed over, of a large file the first 256 KB count. */
export function readEnvFiles(worktrees: readonly string[]): EnvFile[] {
  return worktrees.flatMap((top) => listEnvFiles(top).flatMap((name) => readEnvFile(top, name) ?? []));
}

function listEnvFiles(top: string): string[] {
  const found: string[] = [];
  const settings: string[] = [];
  const folders = [{ folder: '', depth: 0 }];
  const linked: typeof folders = [];
  const entered = new Set<string>();
  let seen = 0;
  for (const queue of [folders, linked])
    for (const { folder, depth } of queue) {
      if (seen++ >= maxFolders || found.length >= maxFiles) break;
      for (const entry of listFolder(join(top, folder), entered)) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (isSecretPath(path)) found.push(path);
        else if (isSettingsPath(path)) settings.push(path);
        if (generated.test(entry.name) || depth >= maxDepth) continue;
        // What a link leads to comes last and is not searched deeply: it may be a whole home.
        if (entry.isDirectory()) queue.push({ folder: path, depth: depth + 1 });
        else if (entry.isSymbolicLink() && isFolder(join(top, path)))
          linked.push({ folder: path, depth: Math.max(depth + 1, maxDepth - 2) });
      }
    }
  return [...found, ...settings].slice(0, maxFiles);
}

/** Nothing for a folder that was entered before, by whatever name. */
function listFolder(path: string, entered: Set<string>): Dirent[] {
  try {
    const real = realpathSync(path);
    if (entered.has(real)) return [];
    entered.add(real);
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Links are followed: worktree managers link one `.env` into every worktree. */
function readEnvFile(top: string, name: string): EnvFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(top, name), constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile()) return undefined;
    const bytes = Buffer.alloc(Math.min(stat.size, maxBytes));
    const size = readSync(file, bytes, 0, bytes.length, 0);
    // PowerShell writes UTF-16 with a mark.
    const text = bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8', 0, size);
    return text.includes('\0') ? undefined : { name, text };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The working tree itself and the others of the same repository, the main one first: one `.env` serves them all. */
export function worktreesOf({ root, worktree = root, commonDir }: MemoryPaths): string[] {
  const others = commonDir === undefined ? [] : listWorktrees(commonDir);
  return [...new Set([worktree, ...others])].slice(0, maxWorktrees);
}
