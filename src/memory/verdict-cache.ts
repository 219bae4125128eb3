// The verdicts of the cached records: `cache/verdicts-v5-<worktree>.json`. While the file is valid neither git nor the ledger is read. Derived and
// disposable; it belongs to one records file.
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { readCache, writeCache } from '../git/run/cache-file.ts';
import type { Basis } from './open.ts';
import type { RecordsState } from './validity.ts';
import type { Verdict } from './verdicts.ts';

export interface CachedVerdicts extends RecordsState {
  /** Id of the records file. */
  records: string;
  basis: Basis;
  /** Everything that is no record. */
  problems: readonly Problem[];
  /** Git checks each of the files that it has. */
  isWatched: boolean;
  /** By row. */
  verdicts: readonly Verdict[];
}

/** Another number makes old files unreadable, and unreadable is absent. */
const nameOf = ({ worktreeKey }: MemoryPaths): string => `verdicts-v5-${worktreeKey}.json`;

/** Undefined when there are none. Few verdicts differ: the file has each once, and its number a row. */
export function readVerdicts(paths: MemoryPaths): CachedVerdicts | undefined {
  const { kinds, rows, ...kept } = readCache(paths, nameOf(paths));
  if (![kinds, rows, kept['watched'], kept['problems']].every(Array.isArray)) return undefined;
  const verdicts = (rows as number[]).map((row) => (kinds as Verdict[])[row]);
  return verdicts.includes(undefined) ? undefined : ({ ...kept, verdicts } as unknown as CachedVerdicts);
}

/** Best effort: a read-only disk costs time, never an error. */
export function writeVerdicts(paths: MemoryPaths, { verdicts, ...kept }: CachedVerdicts): void {
  const kinds = new Map<string, number>();
  const rows = verdicts.map((verdict) => {
    const kind = JSON.stringify(verdict);
    if (!kinds.has(kind)) kinds.set(kind, kinds.size);
    return kinds.get(kind)!;
  });
  writeCache(paths, nameOf(paths), { ...kept, kinds: [...kinds.keys()].map((kind) => JSON.parse(kind)), rows });
}
