// Marks records whose cited code changed. History is asked only by commands; hooks take what is known.
import type { Candidate } from '../context/rank.ts';
import { isStale } from '../domain/cite.ts';
import { judgeFreshness, type RecordFreshness } from '../git/cites/freshness.ts';
import type { Memory } from './open.ts';
import type { AssessedRecord } from './records.ts';

/** Asks git nothing of history: hooks wait for it. */
export async function markStale(memory: Memory, assessed: readonly AssessedRecord[]): Promise<Candidate[]> {
  const states = freshnessOf(memory, assessed);
  return assessed.map(({ excerpt, trust }) => {
    const state = states.get(excerpt.path);
    if (!state || !isStale(state.freshness)) return { excerpt, trust };
    const freshness = state.freshness === 'gone' ? ('gone' as const) : ('changed' as const);
    return { excerpt, trust, stale: { freshness, ...(state.commit && { commit: state.commit }) } };
  });
}

/** By Excerpt.path. Without cites nobody asks git. */
export function freshnessOf(
  memory: Memory,
  assessed: readonly AssessedRecord[],
  history: 'cached' | 'ask' = 'cached',
): Map<string, RecordFreshness> {
  const cited = assessed.map(({ excerpt }) => excerpt).filter(({ cites }) => cites.length > 0);
  if (cited.length === 0) return new Map();
  const { paths, emptySnapshot } = memory;
  if (emptySnapshot !== undefined) {
    const states = judgeFreshness(paths, cited, emptySnapshot, 'none');
    // What moved or changed is for git to tell.
    if ([...states.values()].every(({ freshness }) => !isStale(freshness))) return states;
  }
  return judgeFreshness(paths, cited, memory.snapshot, history);
}
