// Adds memory files to git's index: the only code in this room that writes to git, and only at the user's request.
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { memoryPrefixOf } from './snapshot.ts';
import { runIn, startIn, variablesOf } from '../run/runner.ts';

/**
 * `git add` for shared memory files (paths as in Excerpt), also removed ones; returns the paths passed to git. Inside one of git's
 * hooks it uses the index of the current commit. Throws RepomemError `private` for any other path, `busy` when another git process
 * holds the index, `git` otherwise.
 */
export async function stageFiles(
  paths: MemoryPaths,
  filePaths: readonly string[],
  isInsideHook = false,
): Promise<string[]> {
  const prefix = memoryPrefixOf(paths);
  const wanted = [...new Set(filePaths)].map((path) => {
    const isShared = path.startsWith('.claude-mem/') && !path.startsWith('.claude-mem/local/');
    if (!isShared || path.split('/').includes('..') || path.includes('\0'))
      throw new RepomemError('private', `${path}: not staged; expected a shared file of the memory`);
    return prefix + path.slice('.claude-mem/'.length);
  });
  const known = listKnown(paths, wanted, isInsideHook);
  if (known.length === 0) return [];
  const variables = variablesOf({ isInsideHook });
  await addTo(paths, known, variables);
  const lock = realIndexLock(paths, variables['GIT_INDEX_FILE']);
  // `git commit PATH` commits from a temporary index and then replaces the real index by index.lock: add there too.
  if (lock) await addTo(paths, known, { ...variables, GIT_INDEX_FILE: lock });
  return known.map((path) => `.claude-mem/${path.slice(prefix.length)}`);
}

async function addTo(paths: MemoryPaths, filePaths: readonly string[], env: Record<string, string>): Promise<void> {
  // Not through simple-git: the pre-commit hook would wait for it to load.
  const { ok, stderr } = await startIn(paths, ['add', '--', ...filePaths], {
    timeoutMs: 30_000,
    env,
    isInsideHook: true,
  });
  if (ok) return;
  const said = stderr.trim();
  if (/index\.lock|Another git process/.test(said))
    throw new RepomemError('busy', 'git add: another git process holds the index', {
      hint: 'Run it again when the other one is done.',
    });
  throw new RepomemError('git', `git add: ${said.split('\n')[0] ?? ''}`);
}

/** Git rejects the whole list for one path that neither exists nor is tracked. */
function listKnown(paths: MemoryPaths, filePaths: readonly string[], isInsideHook: boolean): string[] {
  const missing = filePaths.filter((path) => !existsSync(join(paths.worktree ?? paths.root, path)));
  if (missing.length === 0) return [...filePaths];
  const { stdout } = runIn(paths, ['ls-files', '-z', '--full-name', '--', ...missing], { isInsideHook });
  const tracked = new Set(stdout.split('\0'));
  return filePaths.filter((path) => !missing.includes(path) || tracked.has(path));
}

/** `index`: the temporary index of `git commit PATH`; undefined for any other. */
function realIndexLock({ worktree, root }: MemoryPaths, index = ''): string | undefined {
  if (!/^next-index-.*\.lock$/.test(basename(index))) return undefined;
  const lock = join(resolve(worktree ?? root, dirname(index)), 'index.lock');
  return existsSync(lock) ? lock : undefined;
}
