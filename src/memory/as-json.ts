// Records as `--json` prints them: one shape for the terminal's programs and for the page.
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { Found } from './find.ts';
import type { FullRecord } from './read.ts';
import { safeId } from './safe-id.ts';
import { staleLines } from './stale-lines.ts';

/** A hit of a search. Of a foreign record only what cannot speak: id, date and the mark; a file's name can. */
export function hitAsJson({ excerpt, trust, hit }: Found, state?: RecordFreshness): object {
  const { id, type, title, path, created, tokens, tier, branch } = excerpt;
  const score = Number(hit.score.toFixed(4));
  if (trust === 'foreign')
    return { id: safeId(excerpt), type, title: '', path: '', created, score, tokens, tier, trust };
  const known = { id, type, title, path, created, score, tokens, tier, trust, ...(branch && { branch }), why: hit.why };
  return { ...known, ...(state && { freshness: state.freshness, stale: staleLines(excerpt, state) }) };
}

/** A whole record; keys that the format does not know stand beside the others. */
export function recordAsJson(
  { record, excerpt, trust, isHere, isActive }: FullRecord,
  state?: RecordFreshness,
): unknown {
  const { extra, ...known } = record;
  return {
    ...extra,
    ...known,
    path: excerpt.path,
    tier: excerpt.tier,
    tokens: excerpt.tokens,
    trust,
    isHere,
    isActive,
    ...(state && { freshness: state.freshness, stale: staleLines(excerpt, state) }),
  };
}
