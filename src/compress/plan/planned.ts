// The data of a plan, which publishing executes.
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { RecordType } from '../../domain/types.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import type { PreparedClaim } from '../claims/prepared-claim.ts';
import type { AnsweredPass } from '../claims/request.ts';
import type { SessionState } from '../claims/session-state.ts';
import type { UsageLine } from '../claims/usage.ts';
import type { SessionFile } from './session-files.ts';

export interface PlanInput {
  prepared: PreparedClaim;
  state: SessionState;
  /** Absent when the claim held nothing new. */
  answer?: AnsweredPass;
}

/** Paths are relative to the tier's folder, with forward slashes: the repository may have moved before a replay. */
export interface Plan {
  files: { tier: Tier; path: string; text: string }[];
  /** Removed only if their content is still as we wrote it. */
  removals: { tier: Tier; path: string; hash: string }[];
  ledger: LedgerEntry[];
  usage: UsageLine[];
  /** The next state; its revision is one higher than the plan's base. */
  state: SessionState;
  written: { id: string; tier: Tier; path: string; title: string; type: RecordType }[];
  dropped: { title: string; reason: string }[];
  /** A model will be asked about the session later. */
  isWaiting: boolean;
}

/** A record or summary to be written, without a tier yet. */
export interface Made {
  record: MemoryRecord;
  text: string;
  /** Higher ranks first. */
  importance: number;
  /** Tier derived from the evidence; absent: the default tier of its type. */
  place?: Tier;
  /** An earlier pass wrote the same record: its file and id are kept. */
  kept?: SessionFile;
}
