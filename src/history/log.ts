// The memory's history, in the style of git log. Versions of records are read from git's objects; trusted when their commit is on the default
// branch or their bytes are trusted.
import { idOfPath } from '../domain/id.ts';
import { type Excerpt, isTrusted } from '../domain/excerpt.ts';
import type { RawChange } from '../git/cites/renames.ts';
import { findOutside } from '../git/state/ancestors.ts';
import { readBlobs } from '../git/state/blobs.ts';
import { judgeTrust } from '../git/state/judge-trust.ts';
import { parseRecord } from '../format/frontmatter-read.ts';
import { type Memory, requireRepository } from '../memory/open.ts';
import { safeId } from '../memory/record-line.ts';
import { readMemoryLog } from '../git/history/memory-history.ts';
import { isRecordPath } from '../store/layout.ts';

export interface RecordChange {
  what: 'added' | 'superseding' | 'tombstone' | 'edited' | 'renamed' | 'removed';
  record: NamedRecord;
}

export async function readHistory(memory: Memory, options: { revision?: string; since?: string; maxCount?: number }) {
  requireRepository(memory);
  if (memory.snapshot.isUnborn && options.revision === undefined) return [];
  const log = await readMemoryLog(memory.paths, options);
  const records = log.map(({ commit, changes }) => ({
    commit,
    changes: changes.filter(({ path }) => isRecordPath(path)),
    /** Memory files that are not records. */
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

export function describeChange({ status }: Pick<RawChange, 'status'>, record: NamedRecord): RecordChange {
  if (status === 'D') return { what: 'removed', record };
  if (status === 'R') return { what: 'renamed', record };
  if (status === 'M') return { what: 'edited', record };
  if (record.type === 'tombstone') return { what: 'tombstone', record };
  return { what: record.supersedes.length > 0 ? 'superseding' : 'added', record };
}

/** A record as shown in lists: an untrusted one has neither title nor path, and only a safe id. */
export type NamedRecord = Pick<Excerpt, 'id' | 'path' | 'title' | 'supersedes' | 'forgets' | 'bytes'> & {
  type: string;
  isForeign: boolean;
};

interface Version {
  path: string;
  /** Full blob id. */
  blob: string;
  /** The commit that has it. */
  commit?: string | undefined;
}

/** The version that shows the record of a change: the new one, else the removed one; blob '' for an edited file that has none in git. */
export function versionOf({ path, status, before, after }: RawChange, commit?: string): Version {
  return { path, blob: after ?? (status === 'D' ? before : undefined) ?? '', commit };
}

/** Reads the blobs of all versions in one process. */
export function readNames(memory: Memory, versions: readonly Version[]): (version: Version) => NamedRecord {
  const { paths, snapshot, ledger } = memory;
  const blobs = versions.map(({ blob }) => blob);
  const texts = readBlobs(paths, blobs);
  const commits = new Set(versions.flatMap(({ commit }) => commit ?? []));
  const { defaultRef } = snapshot;
  const outside = defaultRef !== undefined && commits.size > 0 ? findOutside(paths, defaultRef, commits) : undefined;
  return ({ path, blob, commit }) => {
    const isReviewed = commit !== undefined && outside?.has(commit) === false;
    const isForeign = !isReviewed && !isTrusted(judgeTrust({ path, blob, tier: 'shared' }, snapshot, ledger));
    const id = idOfPath(path);
    const bytes = texts.get(blob);
    const parsed = bytes && parseRecord(id, bytes.toString('utf8'), '');
    const unread = { type: '', title: bytes ? '(cannot be read)' : '', supersedes: [], forgets: [] };
    const { type, title, supersedes, forgets } = parsed && 'record' in parsed ? parsed.record : unread;
    return nameRecord({ id, path, blob, type, title, supersedes, forgets, bytes: bytes?.length ?? 0 }, isForeign);
  };
}

export function nameRecord(
  { blob, ...known }: Omit<NamedRecord, 'isForeign'> & { blob: string },
  isForeign: boolean,
): NamedRecord {
  if (!isForeign) return { ...known, isForeign };
  return { ...known, id: safeId({ id: known.id, blob }), path: '', title: '', supersedes: [], forgets: [], isForeign };
}
