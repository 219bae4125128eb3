// The verdicts of the cached records: `cache/verdicts-v2-<worktree>.json`. While the file is valid neither git nor the ledger is read. Derived and
// disposable; it belongs to one records file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Basis } from './open.ts';
import type { WatchedPath } from './validity.ts';

export interface CachedVerdicts {
  /** Id of the records file. */
  records: string;
  /** The state that they were judged by; see stateKeyOf. */
  key: string;
  watched: readonly WatchedPath[];
  basis: Basis;
  /** Everything that is no record. */
  problems: readonly Problem[];
  /** By row, as judgeAll gives them. */
  verdicts: string;
  /** Rows whose bytes git's index does not hold: git cannot say whether they are as they were. */
  unvouched: readonly number[];
}

/** Another number makes old files unreadable, and unreadable is absent. */
const version = 2;

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `verdicts-v${version}-${paths.worktreeKey}.json`);
}

/** Undefined when there are none. */
export function readVerdicts(paths: MemoryPaths): CachedVerdicts | undefined {
  try {
    const kept = JSON.parse(readFileSync(fileOf(paths), 'utf8')) as CachedVerdicts;
    const lists: unknown[] = [kept.watched, kept.problems, kept.unvouched];
    return /^[0-9a-f]*$/.test(kept.verdicts) && lists.every(Array.isArray) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Best effort: a read-only disk costs time, never an error. */
export function writeVerdicts(paths: MemoryPaths, verdicts: CachedVerdicts): void {
  try {
    const text = JSON.stringify(verdicts);
    writeFileAtomic(fileOf(paths), text, { mode: 0o600, dirMode: 0o700, fsync: false, mayBeMissing: true });
  } catch {
    // Read-only or full: judged anew the next time.
  }
}
