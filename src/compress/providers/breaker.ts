// Pauses a failing endpoint for ten minutes: after three failures in a row, or one that needs user action. Stored in
// `<privateDir>/breaker.json`, shared by all compressors; doctor reads it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { privateFile } from '../claims/claim.ts';
import { writeFileAtomic } from '../../store/atomic.ts';

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
  try {
    const state = JSON.parse(readFileSync(breakerFile(paths), 'utf8')) as Partial<BreakerState> | null;
    const isState =
      typeof state?.setup === 'string' && typeof state.failures === 'number' && typeof state.last?.reason === 'string';
    return isState ? (state as BreakerState) : undefined;
  } catch {
    return undefined;
  }
}

/** The reason for a pause; undefined: not paused. */
export function whyPaused(state: BreakerState | undefined, setup: string, now: Date): string | undefined {
  if (state?.setup !== setup || state.until === undefined || !(Date.parse(state.until) > now.getTime()))
    return undefined;
  return `not asked until ${state.until.slice(11, 16)} UTC: ${state.last.reason}`;
}

export function noteFailure(
  paths: MemoryPaths,
  setup: string,
  now: Date,
  failure: { reason: string; isLasting: boolean; retryAfterMs?: number },
): void {
  const known = readBreaker(paths);
  const failures = (known?.setup === setup ? known.failures : 0) + 1;
  const isPaused = failure.isLasting || failures >= failuresMax;
  const wait = Math.max(isPaused ? pauseMs : 0, failure.retryAfterMs ?? 0);
  const { reason, isLasting } = failure;
  write(paths, {
    setup,
    failures,
    ...(isPaused ? { until: new Date(now.getTime() + wait).toISOString() } : {}),
    last: { at: now.toISOString(), reason, isLasting },
  });
}

export function noteSuccess(paths: MemoryPaths): void {
  const known = readBreaker(paths);
  if (known !== undefined) write(paths, { ...known, setup: '', failures: 0 });
}

function write(paths: MemoryPaths, state: BreakerState): void {
  try {
    writeFileAtomic(breakerFile(paths), JSON.stringify(state), privateFile);
  } catch {
    // A full disk must not lose a reply that was paid for.
  }
}
