// The verdicts of the cached records: `cache/verdicts-v1-<worktree>.json`. While the file is valid neither git nor the ledger is read. Derived and
// disposable; it belongs to one records file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import type { CachedTable } from '../index/cache.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { WatchedPath } from './state.ts';

/** What is known of a repository without asking git. */
export interface Basis extends Pick<Snapshot, 'objectFormat' | 'defaultRef'> {
  /** The project's settings are obeyed. */
  projectIsTrusted: boolean;
}

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
}

/** Another number makes old files unreadable, and unreadable is absent. */
const version = 1;

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', `verdicts-v${version}-${paths.worktreeKey}.json`);
}

/** Undefined when there are none, or none of these records. */
export function readVerdicts(paths: MemoryPaths, { id, count }: CachedTable): CachedVerdicts | undefined {
  try {
    const kept = JSON.parse(readFileSync(fileOf(paths), 'utf8')) as CachedVerdicts;
    const isWhole = kept.records === id && kept.verdicts.length === count && /^[0-9a-f]*$/.test(kept.verdicts);
    return isWhole && Array.isArray(kept.watched) && Array.isArray(kept.problems) ? kept : undefined;
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
