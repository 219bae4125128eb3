// Versions of records read from git's objects; trusted when their commit is on the default branch or their bytes are trusted.
import { idOfName } from '../domain/id.ts';
import type { MemoryRecord } from '../domain/record.ts';
import { isTrusted } from '../domain/excerpt.ts';
import { readBlobs } from '../git/state/blobs.ts';
import { runIn } from '../git/run/runner.ts';
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
  commit?: string;
}

export type Namer = (version: Version) => NamedRecord;

/** Reads the blobs of all versions in one process. */
export function readNames(memory: Memory, versions: readonly Version[]): Namer {
  const { paths, snapshot, ledger } = memory;
  const texts = readBlobs(paths, [...new Set(versions.map(({ blob }) => blob))]);
  const reviewed = listReviewed(memory, new Set(versions.flatMap(({ commit }) => commit ?? [])));
  return ({ path, blob, commit }) => {
    const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
    const bytes = texts.get(blob);
    const isOld = commit !== undefined && reviewed.has(commit);
    const isForeign = !isOld && !isTrusted(judgeTrust({ path, blob, tier: 'shared' }, snapshot, ledger));
    const parsed = bytes && parseRecord(id, bytes.toString('utf8'), '');
    const named = isForeign ? { id: safeId({ id, blob }), path: '' } : { id, path };
    const known = { ...named, isForeign, bytes: bytes?.length ?? 0 };
    if (!parsed || !('record' in parsed))
      return { ...known, type: '', title: bytes ? '(cannot be read)' : '', supersedes: [], forgets: [] };
    const { type, title, supersedes, forgets }: MemoryRecord = parsed.record;
    return isForeign
      ? { ...known, type, title: '', supersedes: [], forgets: [] }
      : { ...known, type, title, supersedes, forgets };
  };
}

/** Those of `commits` that are in the default branch's history. */
function listReviewed({ paths, snapshot }: Memory, commits: ReadonlySet<string>): Set<string> {
  if (snapshot.defaultRef === undefined || commits.size === 0) return new Set();
  const outside = runIn(paths, ['rev-list', '--stdin'], {
    stdin: `^${snapshot.defaultRef}\n${[...commits].join('\n')}\n`,
  });
  if (!outside.ok) return new Set();
  const beyond = new Set(outside.stdout.split('\n'));
  return new Set([...commits].filter((commit) => !beyond.has(commit)));
}
