// Judges every record against one snapshot of git and the ledger: trust, branch, active or not.
import { isAbsolute } from 'node:path';
import { type Excerpt, isTrusted, type Trust } from '../domain/excerpt.ts';
import { idOfPath } from '../domain/id.ts';
import { belongsHere, judgeTrust } from '../git/state/judge-trust.ts';
import type { Ledger } from '../git/state/ledger.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import type { RecordTable } from '../index/table.ts';

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

/** The fields that decide whether a record is active. */
interface Linked extends Pick<Excerpt, 'id' | 'type' | 'created'> {
  supersedes: readonly string[];
  forgets: readonly string[];
}

/**
 * The active records: no tombstones, no forgotten or superseded ones. Only records that have an effect forget or supersede, a forgotten
 * one supersedes nothing, and of two that supersede each other the later one is active.
 */
export function activeExcerpts<T extends Linked>(excerpts: readonly T[], hasEffect: (excerpt: T) => boolean): T[] {
  const forgotten = new Set<string>();
  for (const excerpt of excerpts)
    if (excerpt.forgets.length > 0 && excerpt.type === 'tombstone' && hasEffect(excerpt))
      for (const id of excerpt.forgets) forgotten.add(id);

  const supersededBy = new Map<string, T[]>();
  for (const excerpt of excerpts)
    if (excerpt.supersedes.length > 0 && !forgotten.has(excerpt.id) && hasEffect(excerpt))
      for (const id of excerpt.supersedes) supersededBy.set(id, [...(supersededBy.get(id) ?? []), excerpt]);

  const replaces = (other: T, excerpt: T): boolean =>
    other.id !== excerpt.id && !(excerpt.supersedes.includes(other.id) && isLater(excerpt, other));
  return excerpts.filter(
    (excerpt) =>
      excerpt.type !== 'tombstone' &&
      !forgotten.has(excerpt.id) &&
      !supersededBy.get(excerpt.id)?.some((other) => replaces(other, excerpt)),
  );
}

function isLater(a: Linked, b: Linked): boolean {
  return a.created === b.created ? a.id > b.id : a.created > b.created;
}
