// The verdicts of the cached records: `cache/verdicts-v3-<worktree>.json`. While the file is valid neither git nor the ledger is read. Derived and
// disposable; it belongs to one records file.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { readCache, writeCache } from '../git/run/cache-file.ts';
import type { Basis } from './open.ts';
import type { WatchedPath } from './validity.ts';
import type { Verdict } from './verdicts.ts';

export interface CachedVerdicts {
  /** Id of the records file. */
  records: string;
  /** The state that they were judged by; see stateKeyOf. */
  key: string;
  watched: readonly WatchedPath[];
  basis: Basis;
  /** Everything that is no record. */
  problems: readonly Problem[];
  /** By row. */
  verdicts: readonly Verdict[];
}

/** Another number makes old files unreadable, and unreadable is absent. */
const nameOf = ({ worktreeKey }: MemoryPaths): string => `verdicts-v3-${worktreeKey}.json`;

/** Undefined when there are none. */
export function readVerdicts(paths: MemoryPaths): CachedVerdicts | undefined {
  const kept = readCache(paths, nameOf(paths)) as Partial<CachedVerdicts>;
  const isWhole = [kept.watched, kept.problems, kept.verdicts].every(Array.isArray);
  return isWhole ? (kept as CachedVerdicts) : undefined;
}

/** Best effort: a read-only disk costs time, never an error. */
export function writeVerdicts(paths: MemoryPaths, verdicts: CachedVerdicts): void {
  writeCache(paths, nameOf(paths), verdicts);
}
