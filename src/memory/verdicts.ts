// Judges every record against one snapshot of git and the ledger: trust, branch, active or not. A verdict is a hexadecimal digit a record.
import { isAbsolute } from 'node:path';
import { isTrusted, type Trust } from '../domain/excerpt.ts';
import { idOfName } from '../domain/id.ts';
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

const trusts: readonly Trust[] = ['foreign', 'local', 'own', 'reviewed'];
const trustBits = 3;
const hereBit = 4;
const activeBit = 8;

/** A digit a row, in the order of the table. */
export function judgeAll(table: RecordTable, snapshot: Snapshot, ledger: Ledger): string {
  const [blobs, branches] = [table.column('blob'), table.column('branch')];
  const judged = table.column('path').map((path, row) => {
    const blob = blobs[row]!;
    const branch = branches[row]!;
    const tier = isAbsolute(path) ? ('local' as const) : ('shared' as const);
    const located = branch === '' ? { path, tier, blob } : { path, tier, blob, branch };
    return { trust: judgeTrust(located, snapshot, ledger), isHere: belongsHere(located, snapshot, ledger) };
  });
  // What belongs to another branch replaces nothing here.
  const isActive = activeTest(table, (row) => judged[row]!.isHere && isTrusted(judged[row]!.trust));
  return judged.map((one, row) => packVerdict(one, isActive(row))).join('');
}

/** Whether a row is active. */
function activeTest(table: RecordTable, isBelieved: (row: number) => boolean): (row: number) => boolean {
  const [types, created] = [table.column('type'), table.column('created')];
  const links = new Map(table.column('links').map((link) => [link[0], link]));
  if (links.size === 0) return (row) => types[row] !== 'tombstone';
  const linked = table.column('path').map((path, row) => {
    const id = idOfName(path.slice(path.lastIndexOf('/') + 1));
    const [, supersedes = [], forgets = []] = links.get(row) ?? [];
    return { row, id, type: types[row]!, created: created[row]!, supersedes, forgets };
  });
  const active = new Set(activeExcerpts(linked, ({ row }) => isBelieved(row)).map(({ row }) => row));
  return (row) => active.has(row);
}

export function packVerdict({ trust, isHere }: Pick<Verdict, 'trust' | 'isHere'>, isActive: boolean): string {
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
