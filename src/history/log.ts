// The memory's history, in the style of git log.
import type { CommitInfo } from '../git/history/commits.ts';
import { readMemoryLog, type MemoryChange } from '../git/history/memory-history.ts';
import { readNames, type NamedRecord } from './assess.ts';
import type { Memory } from '../memory/open.ts';
import { requireRepository } from '../memory/open.ts';
import { isRecordPath } from '../store/layout.ts';

export interface RecordChange {
  what: 'added' | 'superseding' | 'tombstone' | 'edited' | 'renamed' | 'removed';
  record: NamedRecord;
}

export interface HistoryEntry {
  commit: CommitInfo;
  changes: RecordChange[];
  /** Memory files that are not records. */
  files: string[];
}

export async function readHistory(
  memory: Memory,
  options: { revision?: string; since?: string; maxCount?: number },
): Promise<HistoryEntry[]> {
  requireRepository(memory);
  if (memory.snapshot.isUnborn && options.revision === undefined) return [];
  const log = await readMemoryLog(memory.paths, options);
  const name = readNames(
    memory,
    log.flatMap(({ commit, changes }) => changes.flatMap((change) => versionOf(change, commit.id) ?? [])),
  );
  return log.map(({ commit, changes }) => ({
    commit,
    changes: changes.flatMap((change) => {
      const version = versionOf(change, commit.id);
      return version ? [describeChange(change, name(version))] : [];
    }),
    files: changes.filter(({ path }) => !isRecordPath(path)).map(({ path }) => path),
  }));
}

export function describeChange({ status }: Pick<MemoryChange, 'status'>, record: NamedRecord): RecordChange {
  return { what: kindOf(status, record), record };
}

function kindOf(status: MemoryChange['status'], record: NamedRecord): RecordChange['what'] {
  if (status === 'D') return 'removed';
  if (status === 'R') return 'renamed';
  if (status === 'M') return 'edited';
  if (record.type === 'tombstone') return 'tombstone';
  return record.supersedes.length > 0 ? 'superseding' : 'added';
}

/** The blob that shows the record: the new one, else the old. */
function versionOf(change: MemoryChange, commit: string): { path: string; blob: string; commit: string } | undefined {
  const blob = change.after ?? change.before;
  return blob === undefined || !isRecordPath(change.path) ? undefined : { path: change.path, blob, commit };
}
