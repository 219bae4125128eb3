// The memory's history, as git log tells that of the code.
import type { CommitInfo } from '../git/commits.ts';
import { readMemoryLog, type MemoryChange } from '../git/memory-history.ts';
import { readNames, type NamedRecord } from './judge-history.ts';
import type { Memory } from './open.ts';
import { requireRepository } from './stage.ts';

export interface RecordChange {
  what: 'added' | 'superseding' | 'tombstone' | 'edited' | 'renamed' | 'removed';
  record: NamedRecord;
}

export interface HistoryEntry {
  commit: CommitInfo;
  changes: RecordChange[];
  /** Files of the memory that are no records. */
  files: string[];
}

export async function readHistory(
  memory: Memory,
  options: { revision?: string; since?: string; maxCount?: number },
): Promise<HistoryEntry[]> {
  requireRepository(memory);
  if (memory.snapshot.isUnborn && options.revision === undefined) return [];
  const log = await readMemoryLog(memory.place, options);
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

export function isRecordPath(path: string): boolean {
  return /^\.claude-mem\/(observations|sessions)\/.*\.md$/s.test(path);
}

/** The bytes that tell what a change was about: the new ones, else the old. */
function versionOf(change: MemoryChange, commit: string): { path: string; blob: string; commit: string } | undefined {
  const blob = change.after ?? change.before;
  return blob === undefined || !isRecordPath(change.path) ? undefined : { path: change.path, blob, commit };
}
