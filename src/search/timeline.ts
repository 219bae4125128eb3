import type { Excerpt } from '../domain/excerpt.ts';
import { byNewest } from './query.ts';

export interface Timeline {
  /** Oldest first, all three. */
  before: Excerpt[];
  /** Absent when the anchor is a moment. */
  at: Excerpt | undefined;
  after: Excerpt[];
}

/** What came before and after a record or a moment (ISO 8601). */
export function timeline(
  excerpts: readonly Excerpt[],
  anchor: Excerpt | string,
  before: number,
  after: number,
): Timeline {
  const ordered = [...excerpts].sort((a, b) => byNewest(b, a));
  const isMoment = typeof anchor === 'string';
  const found = isMoment
    ? ordered.findIndex((excerpt) => excerpt.created >= anchor)
    : ordered.findIndex((excerpt) => excerpt.path === anchor.path);
  const at = found < 0 ? ordered.length : found;
  const rest = isMoment ? at : at + 1;
  return {
    before: ordered.slice(Math.max(0, at - before), at),
    at: isMoment ? undefined : anchor,
    after: ordered.slice(rest, rest + after),
  };
}
