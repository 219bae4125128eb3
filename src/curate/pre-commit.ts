// The pre-commit hook: stages the memory when the commit includes code.
import type { Env } from '../domain/env.ts';
import { startIn } from '../git/run/runner.ts';
import { openMemory, findMemoryHere, type Memory } from '../memory/open.ts';
import { stageMemory, type StageReport } from './stage.ts';

interface CommitUnderWay {
  memory: Memory;
  report: StageReport;
  /** The commit includes files of the memory. */
  hasMemory: boolean;
}

/** Throws RepomemError `no-memory` without a memory. */
export async function joinCommit(env: Env): Promise<CommitUnderWay> {
  const paths = findMemoryHere(env);
  // In the index of this commit, which may be a temporary one. Git runs while we read.
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--ignore-submodules=none'];
  const asked = startIn(paths, args, { isInsideHook: true });
  const memory = await openMemory(env, paths, { withStore: true });
  const { memoryPrefix, operation } = memory.snapshot;
  const filePaths = (await asked).stdout.split('\0').filter((path) => path !== '');
  const isOurs = (path: string): boolean => path.startsWith(memoryPrefix);
  // During a rebase, merge or cherry-pick git decides what belongs to the commit.
  const isPicking = operation !== undefined && operation !== 'bisect';
  const takesPart = !isPicking && !filePaths.every(isOurs);
  const report = takesPart ? await stageMemory(memory, { isInsideHook: true }) : { staged: [], left: [] };
  return { memory, report, hasMemory: report.staged.length > 0 || filePaths.some(isOurs) };
}
