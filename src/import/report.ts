import type { Tier } from '../domain/excerpt.ts';
import type { RecordType } from '../domain/types.ts';

export interface ImportedRecord {
  id: string;
  from: string;
  tier: Tier;
  type: RecordType;
  title: string;
  /** Absolute. */
  path: string;
}

/** What a run did, or (with `isDry`) would do. */
export interface ImportReport {
  source: string;
  run: string;
  isDry: boolean;
  /** Items that the source had for this repository. */
  read: number;
  /** Imported by an earlier run. */
  known: number;
  records: ImportedRecord[];
  skipped: Record<string, number>;
  /** Records of which some cite no longer stands. */
  stale: number;
  /** Passages that were taken out. */
  redacted: number;
  notes: string[];
}

export function addSkipped(to: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [reason, count] of Object.entries(more)) to[reason] = (to[reason] ?? 0) + count;
}
