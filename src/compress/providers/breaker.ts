// Pauses a failing endpoint for ten minutes: after three failures in a row, or one that needs user action. Stored in
// `<privateDir>/breaker.json`, shared by all compressors; doctor reads it.
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { attempt } from '../../domain/errors.ts';
import { writeFileAtomic } from '../../store/atomic.ts';
import { readJson } from '../../store/lenient-files.ts';
import { privateFile } from '../claims/claim.ts';
import { tokensOn } from '../claims/usage.ts';

export interface BreakerState {
  /** Hash of provider, model, endpoint and key: other settings reset the failures. */
  setup: string;
  failures: number;
  /** ISO 8601; no requests before. */
  until?: string;
  last: { at: string; reason: string; isLasting: boolean };
}

const failuresMax = 3;
const pauseMs = 10 * 60_000;

const breakerFile = (paths: MemoryPaths): string => join(paths.privateDir, 'breaker.json');

/** Undefined when nothing failed since the last answer, or when the file is unreadable. */
export function readBreaker(paths: MemoryPaths): BreakerState | undefined {
  const state = readJson(breakerFile(paths)) as BreakerState | null | undefined;
  return typeof state?.last?.reason === 'string' ? state : undefined;
}

/** Why a model is not asked now: its endpoint is paused, or the day's tokens are spent (with `tokens` more). Undefined: it is. */
export function whyNotNow(
  { paths, setup, maxPerDay }: { paths: MemoryPaths; setup: string; maxPerDay: number },
  now: Date,
  tokens = 0,
): string | undefined {
  const state = readBreaker(paths);
  if (state?.setup === setup && state.until !== undefined && Date.parse(state.until) > now.getTime())
    return `not asked until ${state.until.slice(11, 16)} UTC: ${state.last.reason}`;
  const spent = tokensOn(paths, now);
  if (maxPerDay === 0 || spent + tokens < maxPerDay) return undefined;
  const more = tokens > 0 ? `, and a request may take ${tokens}` : '';
  return `${spent} of ${maxPerDay} tokens are spent today (tokens.maxPerDay)${more}`;
}

export function noteFailure(
  paths: MemoryPaths,
  setup: string,
  now: Date,
  { reason, isLasting, retryAfterMs = 0 }: { reason: string; isLasting: boolean; retryAfterMs?: number },
): void {
  const known = readBreaker(paths);
  const failures = (known?.setup === setup ? known.failures : 0) + 1;
  const isPaused = isLasting || failures >= failuresMax;
  const wait = Math.max(pauseMs, retryAfterMs);
  write(paths, {
    setup,
    failures,
    until: isPaused ? new Date(now.getTime() + wait).toISOString() : undefined,
    last: { at: now.toISOString(), reason, isLasting },
  });
}

export function noteSuccess(paths: MemoryPaths): void {
  const known = readBreaker(paths);
  if (known !== undefined) write(paths, { ...known, setup: '', failures: 0 });
}

/** A full disk must not lose a reply that was paid for. */
function write(paths: MemoryPaths, state: BreakerState): void {
  attempt(() => writeFileAtomic(breakerFile(paths), JSON.stringify(state), privateFile));
}
