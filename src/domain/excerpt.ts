import type { MemoryRecord } from './record.ts';

export type Tier = 'shared' | 'local';

/** Determined by where git can reach the exact bytes of the file; never by the file's own claims. */
export type Trust = 'reviewed' | 'own' | 'local' | 'foreign';

export function isTrusted(trust: Trust): boolean {
  return trust !== 'foreign';
}

/** The slice of a record kept in the cache to list, rank and filter: everything but body, facts and unknown keys. */
export interface Excerpt extends Omit<MemoryRecord, 'body' | 'facts' | 'extra' | 'files'> {
  /** Relative to the folder that holds `.claude-mem` (shared), absolute (local), with forward slashes. */
  path: string;
  tier: Tier;
  /** Full git blob id of the file's bytes. */
  blob: string;
  bytes: number;
  mtimeMs: number;
  /** Cost of a full read in tokens: ⌈characters / 4⌉. */
  tokens: number;
}

/** Estimated tokens of a text: ⌈characters / 4⌉, the measure of format.md. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}
