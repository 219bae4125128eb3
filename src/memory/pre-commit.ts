// What the pre-commit hook does with the memory: it goes along when the commit touches code.
import type { Env } from '../domain/env.ts';
import type { Place } from '../domain/place.ts';
import { startIn } from '../git/run.ts';
import { findPlace, startFolders } from '../store/place.ts';
import { openMemory, type Memory } from './open.ts';
import { stageMemory, type StageReport } from './stage.ts';

export interface CommitUnderWay {
  memory: Memory;
  report: StageReport;
  /** Files of the memory are part of the commit. */
  hasMemory: boolean;
}

/** RepomemError `no-memory` where there is none. */
export async function joinCommit(env: Env): Promise<CommitUnderWay> {
  const place = findPlace(startFolders(env.cwd, env.vars), env.home);
  // Git works while we read.
  const listing = place && listStaged(place);
  const memory = await openMemory(env, place, { withStore: true });
  const staged = (await listing) ?? [];
  const isOurs = (path: string): boolean => path.startsWith(memory.snapshot.memoryPrefix);
  const takesPart = !isPicking(memory) && staged.some((path) => !isOurs(path));
  const report = takesPart ? await stageMemory(memory, { isInsideHook: true }) : { staged: [], left: [] };
  return { memory, report, hasMemory: report.staged.length > 0 || staged.some(isOurs) };
}

/** In the middle of a rebase, merge or cherry-pick git alone says what belongs to the commit. */
function isPicking({ snapshot: { operation } }: Memory): boolean {
  return operation !== undefined && operation !== 'bisect';
}

/** Of the index that this very commit is made from. */
async function listStaged(place: Place): Promise<string[]> {
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z', '--ignore-submodules=none'];
  const { stdout } = await startIn(place, args, { isInsideHook: true });
  return stdout.split('\0').filter((path) => path !== '');
}
