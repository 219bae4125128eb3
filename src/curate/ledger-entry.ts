import type { Excerpt } from '../domain/excerpt.ts';
import type { LedgerEntry } from '../git/state/ledger.ts';
import type { Memory } from '../memory/open.ts';

/** The ledger entry for an existing record without one: made here, now, on the current branch. */
export function entryOf(
  { paths, snapshot }: Memory,
  record: Pick<Excerpt, 'id' | 'blob' | 'session'>,
  at: string,
): LedgerEntry {
  return {
    id: record.id,
    blob: record.blob,
    at,
    ...(record.session && { session: record.session }),
    ...(snapshot.head && { commit: snapshot.head }),
    ...(snapshot.branch && { branch: snapshot.branch }),
    onDefault: snapshot.branch === undefined || snapshot.branch === snapshot.defaultBranch,
    worktree: paths.worktreeKey,
  };
}
