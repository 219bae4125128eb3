// What is judged of every record at this moment, a byte each: who may be believed, what belongs to this branch, what still stands.
import { isTrusted, type Excerpt, type Trust } from '../domain/excerpt.ts';
import type { Ledger } from '../git/state/ledger.ts';
import type { Snapshot } from '../git/state/snapshot.ts';
import { belongsHere, judgeTrust } from '../git/state/trust.ts';
import { activeExcerpts, type Linked } from './active.ts';

export interface Verdict {
  trust: Trust;
  /** Belongs to the branch that is checked out. */
  isHere: boolean;
  /** Not superseded, not forgotten, no tombstone. */
  isActive: boolean;
}

type Judgeable = Linked & Pick<Excerpt, 'path' | 'tier' | 'blob' | 'branch'>;

const trusts: readonly Trust[] = ['foreign', 'local', 'own', 'reviewed'];
const trustBits = 3;
const hereBit = 4;
const activeBit = 8;

/** By place in `records`. */
export function judgeAll(records: readonly Judgeable[], snapshot: Snapshot, ledger: Ledger): Uint8Array {
  const verdicts = new Uint8Array(records.length);
  const believed = new Set<Judgeable>();
  for (let paths = 0; paths < records.length; paths++) {
    const record = records[paths]!;
    const trust = judgeTrust(record, snapshot, ledger);
    const isHere = belongsHere(record, snapshot, ledger);
    verdicts[paths] = packVerdict({ trust, isHere, isActive: false });
    if (isHere && isTrusted(trust)) believed.add(record);
  }
  // What belongs to another branch replaces nothing here.
  const active = new Set(activeExcerpts(records, (record) => believed.has(record)));
  for (let paths = 0; paths < records.length; paths++) if (active.has(records[paths]!)) verdicts[paths]! |= activeBit;
  return verdicts;
}

export function packVerdict({ trust, isHere, isActive }: Verdict): number {
  return trusts.indexOf(trust) + (isHere ? hereBit : 0) + (isActive ? activeBit : 0);
}

export function verdictAt(verdicts: Uint8Array, paths: number): Verdict {
  const bits = verdicts[paths]!;
  return { trust: trusts[bits & trustBits]!, isHere: (bits & hereBit) !== 0, isActive: (bits & activeBit) !== 0 };
}

/** Stands, and belongs to the branch that is checked out. */
export function isFindable(verdicts: Uint8Array, paths: number): boolean {
  return (verdicts[paths]! & (hereBit | activeBit)) === (hereBit | activeBit);
}
