// The pre-commit hook: stages the memory when the commit includes code.
import { join, resolve } from 'node:path';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { startIn } from '../git/run/runner.ts';
import { openMemory, findMemoryHere, type Memory } from '../memory/open.ts';
import { stageMemory, type StageReport } from './stage.ts';

interface CommitUnderWay {
  memory: Memory;
  report: StageReport;
  /** The commit includes files of the memory. */
  hasMemory: boolean;
}

/** `meanwhile` is done while git adds records. Throws RepomemError `no-memory` without a memory. */
export async function joinCommit(env: Env, meanwhile: (memory: Memory) => Promise<unknown>): Promise<CommitUnderWay> {
  const paths = findMemoryHere(env);
  // The snapshot has what is staged, but for a temporary index of this commit. Git runs while we read.
  const asked = hasOwnIndex(env, paths) ? listStaged(paths) : undefined;
  const memory = await openMemory(env, paths, { withStore: true });
  const { memoryPrefix, operation, staged } = memory.snapshot;
  const isOurs = (path: string): boolean => path.startsWith(memoryPrefix);
  let filePaths = (await asked) ?? [...staged];
  // It leaves submodules out.
  if (!asked && filePaths.every(isOurs)) filePaths = await listStaged(paths);
  // During a rebase, merge or cherry-pick git decides what belongs to the commit.
  const isPicking = operation !== undefined && operation !== 'bisect';
  const takesPart = !isPicking && !filePaths.every(isOurs);
  const report = takesPart
    ? await stageMemory(memory, { isInsideHook: true, meanwhile: () => meanwhile(memory) })
    : { staged: [], left: [] };
  return { memory, report, hasMemory: report.staged.length > 0 || filePaths.some(isOurs) };
}

/** `git commit -a` and `git commit PATH` commit from a temporary index. */
function hasOwnIndex({ vars }: Env, { worktree = '', gitDir = '' }: MemoryPaths): boolean {
  const file = vars['GIT_INDEX_FILE'];
  return file !== undefined && resolve(worktree, file) !== join(gitDir, 'index');
}

/** Paths staged in the index of the current commit. */
async function listStaged(paths: MemoryPaths): Promise<string[]> {
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--ignore-submodules=none'];
  const { stdout } = await startIn(paths, args, { isInsideHook: true });
  return stdout.split('\0').filter((path) => path !== '');
}
