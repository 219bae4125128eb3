// Judges every record against one snapshot of git and the ledger: trust, branch, active or not. A verdict is a hexadecimal digit a record.
import { isTrusted, type Trust } from '../domain/excerpt.ts';
import { idOfName } from '../domain/id.ts';
import { isAbsolute } from 'node:path';
import type { Ledger } from '../git/state/ledger.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import { belongsHere, judgeTrust } from '../git/state/judge-trust.ts';
import type { RecordTable } from '../index/table.ts';
import { activeExcerpts, type Linked } from './active.ts';

export interface Verdict {
  trust: Trust;
  /** Belongs to the branch that is checked out. */
  isHere: boolean;
  /** Not superseded, not forgotten, no tombstone. */
  isActive: boolean;
}

const trusts: readonly Trust[] = ['foreign', 'local', 'own', 'reviewed'];
const trustBits = 3;
const hereBit = 4;
const activeBit = 8;

/** A digit a row, in the order of the table. */
export function judgeAll(table: RecordTable, snapshot: Snapshot, ledger: Ledger): string {
  const [paths, blobs, branches] = [table.column('path'), table.column('blob'), table.column('branch')];
  const believed: boolean[] = [];
  const verdicts = paths.map((path, row) => {
    const tier = isAbsolute(path) ? ('local' as const) : ('shared' as const);
    const [blob, branch] = [blobs[row]!, branches[row]!];
    const located = branch === '' ? { path, tier, blob } : { path, tier, blob, branch };
    const trust = judgeTrust(located, snapshot, ledger);
    const isHere = belongsHere(located, snapshot, ledger);
    believed.push(isHere && isTrusted(trust));
    return trusts.indexOf(trust) + (isHere ? hereBit : 0);
  });
  const linked = linkedRows(table);
  // What belongs to another branch replaces nothing here.
  const active = new Set(activeExcerpts([...linked.values()], ({ row }) => believed[row]!));
  const types = table.column('type');
  for (let row = 0; row < verdicts.length; row++) {
    const one = linked.get(row);
    if (one === undefined ? types[row] !== 'tombstone' : active.has(one)) verdicts[row]! += activeBit;
  }
  return verdicts.map((bits) => bits.toString(16)).join('');
}

/** Rows that say something of others, and those that others name. */
function linkedRows(table: RecordTable): Map<number, Linked & { row: number }> {
  const { links } = table;
  const linked = new Map<number, Linked & { row: number }>();
  if (links.length === 0) return linked;
  const [types, created] = [table.column('type'), table.column('created')];
  const saying = new Map(links.map((link) => [link[0], link]));
  const named = new Set(links.flatMap(([, supersedes, forgets]) => [...supersedes, ...forgets]));
  for (const [row, path] of table.column('path').entries()) {
    const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
    const [, supersedes = [], forgets = []] = saying.get(row) ?? [];
    if (saying.has(row) || named.has(id))
      linked.set(row, {
        row,
        id,
        type: types[row]!,
        created: created[row]!,
        supersedes: [...supersedes],
        forgets: [...forgets],
      });
  }
  return linked;
}

export function packVerdict({ trust, isHere, isActive }: Verdict): string {
  return (trusts.indexOf(trust) + (isHere ? hereBit : 0) + (isActive ? activeBit : 0)).toString(16);
}

export function verdictAt(verdicts: string, row: number): Verdict {
  const bits = Number.parseInt(verdicts[row]!, 16);
  return { trust: trusts[bits & trustBits]!, isHere: (bits & hereBit) !== 0, isActive: (bits & activeBit) !== 0 };
}

/** Hexadecimal digits in lower case sort as their values do. */
const leastFindable = (hereBit + activeBit).toString(16);

/** Active, and belongs to the branch that is checked out. */
export function isFindable(verdicts: string, row: number): boolean {
  return verdicts[row]! >= leastFindable;
}
