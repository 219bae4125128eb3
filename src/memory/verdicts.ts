// Judges every record against one snapshot of git and the ledger: trust, branch, active or not.
import { isAbsolute } from 'node:path';
import { isTrusted, type Trust } from '../domain/excerpt.ts';
import { idOfPath } from '../domain/id.ts';
import { belongsHere, judgeTrust } from '../git/state/judge-trust.ts';
import type { Ledger } from '../git/state/ledger.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import type { RecordTable } from '../index/table.ts';
import { activeExcerpts } from './active.ts';

export interface Verdict {
  trust: Trust;
  /** Belongs to the branch that is checked out. */
  isHere: boolean;
  /** Not superseded, not forgotten, no tombstone. */
  isActive: boolean;
}

/** By row. */
export function judgeAll(table: RecordTable, snapshot: Snapshot, ledger: Ledger): Verdict[] {
  const [blobs, branches, types] = [table.column('blob'), table.column('branch'), table.column('type')];
  const [created, supersedes, forgets] = [table.column('created'), table.column('supersedes'), table.column('forgets')];
  const judged = table.column('path').map((path, row) => {
    const blob = blobs[row]!;
    const branch = branches[row]!;
    const tier = isAbsolute(path) ? ('local' as const) : ('shared' as const);
    const located = branch === '' ? { path, tier, blob } : { path, tier, blob, branch };
    return {
      trust: judgeTrust(located, snapshot, ledger),
      isHere: belongsHere(located, snapshot, ledger),
      id: idOfPath(path),
      type: types[row]!,
      created: created[row]!,
      supersedes: supersedes[row]!,
      forgets: forgets[row]!,
    };
  });
  // What belongs to another branch replaces nothing here.
  const active = new Set(activeExcerpts(judged, ({ isHere, trust }) => isHere && isTrusted(trust)));
  return judged.map((one) => ({ trust: one.trust, isHere: one.isHere, isActive: active.has(one) }));
}
