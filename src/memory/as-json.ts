// Records as `--json` prints them: one shape for the terminal's programs and for the page.
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { Found } from './find.ts';
import type { FullRecord } from './read.ts';
import { pathFrom, recordLine } from './record-line.ts';
import { staleLines } from './stale-lines.ts';

/** A hit of a search. Of a foreign record only what cannot speak: id, date and the mark; a file's name can. */
export function hitAsJson(found: Found, root: string, state?: RecordFreshness) {
  const { hit, trust } = found;
  const score = Number(hit.score.toFixed(4));
  return { ...recordLine(found, root, state), score, ...(trust !== 'foreign' && { why: hit.why }) };
}

/** A whole record; keys that the format does not know stand beside the others. */
export function recordAsJson(
  { record, excerpt, trust, isHere, isActive }: FullRecord,
  root: string,
  state?: RecordFreshness,
): unknown {
  const { extra, ...known } = record;
  return {
    ...extra,
    ...known,
    path: pathFrom(root, excerpt.path),
    tier: excerpt.tier,
    tokens: excerpt.tokens,
    trust,
    isHere,
    isActive,
    ...(state && { freshness: state.freshness, stale: staleLines(excerpt, state) }),
  };
}
