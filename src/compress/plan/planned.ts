// The shapes of a plan: what publishing carries out.
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { RecordType } from '../../domain/types.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import type { SessionFile } from './session-files.ts';
import type { SessionState } from '../claims/state.ts';
import type { UsageLine } from '../claims/usage.ts';

/** `path` is relative to the tier's folder, with forward slashes: the repository may have moved before a replay. */
export interface PlannedFile {
  tier: Tier;
  path: string;
  text: string;
}

export interface PlannedRemoval {
  tier: Tier;
  path: string;
  /** Removed only while it is still what we wrote. */
  hash: string;
}

export interface Plan {
  files: PlannedFile[];
  removals: PlannedRemoval[];
  ledger: LedgerEntry[];
  usage: UsageLine[];
  /** The state after it; its revision is one more than the one planned on. */
  state: SessionState;
  written: { id: string; tier: Tier; path: string; title: string; type: RecordType }[];
  dropped: { title: string; reason: string }[];
  /** A model is to be asked about the session later. */
  isWaiting: boolean;
}

/** A record that may be written, not yet with a place. */
export interface Made {
  record: MemoryRecord;
  text: string;
  /** More comes first. */
  importance: number;
  /** Where the evidence puts it; absent: where its type belongs. */
  place?: Tier;
  /** An earlier pass wrote the very same: its file and its id stay. */
  kept?: SessionFile;
}
