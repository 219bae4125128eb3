import type { Excerpt } from '../domain/excerpt.ts';
import type { LedgerEntry } from '../git/state/ledger.ts';
import type { Memory } from '../memory/open.ts';

/** The entry of a record that exists already and has none: made here, now, on the branch that is checked out. */
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
