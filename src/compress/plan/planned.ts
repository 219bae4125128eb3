// The shapes of a plan: what publishing carries out.
import { createHash } from 'node:crypto';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { RecordType } from '../../domain/types.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import type { SessionRecord, SessionState } from '../claims/state.ts';
import type { UsageLine } from '../claims/usage.ts';

/** A session's record as it stands on disk. */
export interface Standing {
  record: SessionRecord;
  text: string;
  /** Neither edited by a person nor tracked or staged: it may be moved, replaced, removed. */
  canMove: boolean;
}

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
}

/** A record that may be written, not yet with a place. */
export interface Made {
  record: MemoryRecord;
  text: string;
  importance: number;
  /** A pass over a part of the session wrote the very same: its file and its id stay. */
  kept?: Standing;
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function tierDir(paths: MemoryPaths, tier: Tier): string {
  return tier === 'shared' ? paths.memoryDir : paths.localDir;
}
