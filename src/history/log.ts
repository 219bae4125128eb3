// The memory's history, in the style of git log.
import type { RawChange } from '../git/cites/renames.ts';
import type { CommitInfo } from '../git/history/commits.ts';
import { readMemoryLog } from '../git/history/memory-history.ts';
import { readNames, type NamedRecord } from './assess.ts';
import { requireRepository, type Memory } from '../memory/open.ts';
import { isRecordPath } from '../store/layout.ts';

export interface RecordChange {
  what: 'added' | 'superseding' | 'tombstone' | 'edited' | 'renamed' | 'removed';
  record: NamedRecord;
}

interface HistoryEntry {
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
  const records = log.map(({ commit, changes }) => ({
    commit,
    changes: changes.filter(({ path }) => isRecordPath(path)),
    files: changes.filter(({ path }) => !isRecordPath(path)).map(({ path }) => path),
  }));
  const versions = records.flatMap(({ commit, changes }) => changes.map((change) => versionOf(change, commit.id)));
  const name = readNames(memory, versions);
  return records.map(({ commit, changes, files }) => ({
    commit,
    changes: changes.map((change) => describeChange(change, name(versionOf(change, commit.id)))),
    files,
  }));
}

/** The blob that shows the record: the new one, else the old. */
function versionOf({ path, after, before = '' }: RawChange, commit: string) {
  return { path, blob: after ?? before, commit };
}

export function describeChange({ status }: Pick<RawChange, 'status'>, record: NamedRecord): RecordChange {
  if (status === 'D') return { what: 'removed', record };
  if (status === 'R') return { what: 'renamed', record };
  if (status === 'M') return { what: 'edited', record };
  if (record.type === 'tombstone') return { what: 'tombstone', record };
  return { what: record.supersedes.length > 0 ? 'superseding' : 'added', record };
}
