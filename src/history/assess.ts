// Versions of records read from git's objects; trusted when their commit is on the default branch or their bytes are trusted.
import { idOfPath } from '../domain/id.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { findOutside } from '../git/state/ancestors.ts';
import { readBlobs } from '../git/state/blobs.ts';
import { judgeTrust } from '../git/state/judge-trust.ts';
import { parseRecord } from '../format/frontmatter-read.ts';
import type { Memory } from '../memory/open.ts';
import { safeId } from '../memory/safe-id.ts';

/** A record as shown in lists: an untrusted one has neither title nor path, and only a safe id. */
export interface NamedRecord {
  id: string;
  path: string;
  type: string;
  title: string;
  isForeign: boolean;
  supersedes: string[];
  forgets: string[];
  bytes: number;
}

interface Version {
  path: string;
  /** Full blob id. */
  blob: string;
  /** The commit that has it. */
  commit?: string | undefined;
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
