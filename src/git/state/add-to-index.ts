// Adds memory files to git's index: the only code in this room that writes to git, and only at the user's request.
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { memoryPrefixOf } from './snapshot.ts';
import { runIn, startIn, variablesOf, type GitOptions } from '../run/runner.ts';

type HookOptions = Pick<GitOptions, 'isInsideHook' | 'env'>;

/**
 * `git add` for shared memory files (paths as in Excerpt), also removed ones; returns the paths passed to git. Inside one of git's
 * hooks it uses the index of the current commit. Throws RepomemError `private` for any other path, `busy` when another git process
 * holds the index, `git` otherwise.
 */
export async function stageFiles(
  paths: MemoryPaths,
  filePaths: readonly string[],
  options: HookOptions = {},
): Promise<string[]> {
  const prefix = memoryPrefixOf(paths);
  const wanted = [...new Set(filePaths)].map((path) => {
    const isShared = path.startsWith('.claude-mem/') && !path.startsWith('.claude-mem/local/');
    if (!isShared || path.split('/').includes('..') || path.includes('\0'))
      throw new RepomemError('private', `${path}: not staged; expected a shared file of the memory`);
    return prefix + path.slice('.claude-mem/'.length);
  });
  const known = listKnown(paths, wanted, options);
  if (known.length === 0) return [];
  await addTo(paths, known, options);
  const lock = options.isInsideHook ? realIndexLock(paths, options) : undefined;
  // `git commit PATH` commits from a temporary index and then replaces the real index by index.lock: add there too.
  if (lock) await addTo(paths, known, { ...options, env: { ...variablesOf(options), GIT_INDEX_FILE: lock } });
  return known.map((path) => `.claude-mem/${path.slice(prefix.length)}`);
}

async function addTo(paths: MemoryPaths, filePaths: readonly string[], options: HookOptions): Promise<void> {
  // Not through simple-git: the pre-commit hook would wait for it to load.
  const { ok, stderr } = await startIn(paths, ['add', '--', ...filePaths], { timeoutMs: 30_000, ...options });
  if (ok) return;
  const said = stderr.trim();
  if (/index\.lock|Another git process/.test(said))
    throw new RepomemError('busy', 'git add: another git process holds the index', {
      hint: 'Run it again when the other one is done.',
    });
  throw new RepomemError('git', `git add: ${said.split('\n')[0] ?? ''}`);
}

/** Git rejects the whole list for one path that neither exists nor is tracked. */
function listKnown(paths: MemoryPaths, filePaths: readonly string[], options: HookOptions): string[] {
  const missing = filePaths.filter((path) => !existsSync(join(paths.worktree ?? paths.root, path)));
  if (missing.length === 0) return [...filePaths];
  const { stdout } = runIn(paths, ['ls-files', '-z', '--full-name', '--', ...missing], options);
  const tracked = new Set(stdout.split('\0'));
  return filePaths.filter((path) => !missing.includes(path) || tracked.has(path));
}

function realIndexLock(paths: MemoryPaths, options: HookOptions): string | undefined {
  const index = variablesOf(options)['GIT_INDEX_FILE'];
  if (index === undefined || paths.gitDir === undefined || !/^next-index-.*\.lock$/.test(basename(index)))
    return undefined;
  const folder = isAbsolute(index) ? dirname(index) : join(paths.worktree ?? paths.root, dirname(index));
  const lock = join(folder, 'index.lock');
  return existsSync(lock) ? lock : undefined;
}
