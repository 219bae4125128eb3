// The one list of where a repository keeps the values of its environment, asked by the compressor, lint, review and `repomem redact` alike.
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { isEnvName, isSecretPath } from '../privacy/paths.ts';
import { findGitDirs } from '../store/git-dirs.ts';

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

/** Folders that tools fill; nobody keeps settings there. */
const generated =
  /^(?:\.git|node_modules|bower_components|vendor|target|dist|build|out|\.venv|venv|env|__pycache__|\.tox|\.next|\.nuxt|\.turbo|\.cache|\.gradle|\.terraform|\.yarn|coverage|Pods|DerivedData)$/;

/** Files with values in these working trees. Never blocks: pipes, devices and files above 256 KB are passed over. */
export function readEnvFiles(worktrees: readonly string[]): EnvFile[] {
  return worktrees.flatMap((top) => listEnvFiles(top).flatMap((name) => readEnvFile(top, name) ?? []));
}

function listEnvFiles(top: string): string[] {
  const found: string[] = [];
  const queue = [{ folder: '', depth: 0 }];
  for (let at = 0; at < queue.length && at < maxFolders && found.length < maxFiles; at++) {
    const { folder, depth } = queue[at]!;
    let entries;
    try {
      entries = readdirSync(join(top, folder), { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      // A linked folder is not entered: it may lead in a circle.
      if (entry.isDirectory()) {
        if (depth < maxDepth && !generated.test(entry.name)) queue.push({ folder: path, depth: depth + 1 });
      } else if (isEnvName(entry.name) || isSecretPath(path)) found.push(path);
    }
  }
  return found;
}

/** Links are followed: worktree managers link one `.env` into every worktree. */
function readEnvFile(top: string, name: string): EnvFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(top, name), constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    const bytes = Buffer.alloc(stat.size);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
    return text.includes('\0') ? undefined : { name, text };
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The working tree itself and the others of the same repository, the main one first: one `.env` serves them all. */
export function worktreesOf({ root, worktree, commonDir }: Pick<MemoryPaths, 'root' | 'worktree' | 'commonDir'>): string[] {
  const here = worktree ?? root;
  const main = findGitDirs(here)?.mainWorktree;
  return [...new Set([here, ...(main === undefined ? [] : [main]), ...linkedWorktrees(commonDir)])].slice(0, maxWorktrees);
}

function linkedWorktrees(commonDir: string | undefined): string[] {
  if (commonDir === undefined) return [];
  try {
    const folder = join(commonDir, 'worktrees');
    return readdirSync(folder).map((name) => dirname(readFileSync(join(folder, name, 'gitdir'), 'utf8').trim()));
  } catch {
    return [];
  }
}
