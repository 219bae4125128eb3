// What the pre-commit hook does with the memory: it goes along when the commit touches code.
import { runIn } from '../git/run.ts';
import type { Memory } from './open.ts';
import { stageMemory, type StageReport } from './stage.ts';

export interface CommitUnderWay {
  report: StageReport;
  /** Files of the memory are part of the commit. */
  hasMemory: boolean;
}

export async function joinCommit(memory: Memory): Promise<CommitUnderWay> {
  const report = takesPart(memory) ? await stageMemory(memory, { isInsideHook: true }) : { staged: [], left: [] };
  const hasMemory = report.staged.length > 0 || listStaged(memory).some((path) => isOfMemory(memory, path));
  return { report, hasMemory };
}

/** In the middle of a rebase, merge or cherry-pick git alone says what belongs to the commit. */
function takesPart(memory: Memory): boolean {
  const { operation } = memory.snapshot;
  if (operation !== undefined && operation !== 'bisect') return false;
  return listStaged(memory).some((path) => !isOfMemory(memory, path));
}

/** Of the index that this very commit is made from. */
function listStaged({ place }: Memory): string[] {
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--ignore-submodules=none'];
  const { stdout } = runIn(place, args, { isInsideHook: true });
  return stdout.split('\0').filter((path) => path !== '');
}

function isOfMemory({ snapshot }: Memory, path: string): boolean {
  return path.startsWith(snapshot.memoryPrefix);
}
