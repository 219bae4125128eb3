// The working set, for ranking.
import type { WorkingSet } from '../context/rank.ts';
import { readWorkingSet as readFromGit, type WorkingSetOptions } from '../git/state/read-working-set.ts';
import type { Memory } from './open.ts';

export function readWorkingSet(
  { paths, snapshot }: Memory,
  options: Pick<WorkingSetOptions, 'recent'> = {},
): WorkingSet {
  return readFromGit(paths, snapshot, options);
}
