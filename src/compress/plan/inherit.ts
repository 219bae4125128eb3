// The most similar new record inherits what a replaced record superseded in other sessions.
import { parseRecord } from '../../format/frontmatter-read.ts';
import type { Made } from './planned.ts';
import { formatWithin } from './record-of-draft.ts';
import type { SessionFile } from './session-files.ts';
import { jaccard, wordsOf } from './similarity.ts';

/** Minimum share of common words (Jaccard) for a successor. */
const successorMinLikeness = 0.25;

export function inheritSuperseded(made: readonly Made[], replaced: readonly SessionFile[]): Made[] {
  const inherited = new Map<Made, string[]>();
  const ids = new Set(replaced.map(({ record }) => record.id));
  for (const { record, text } of replaced) {
    const read = parseRecord(record.id, text);
    if (!('record' in read)) continue;
    const older = read.record;
    const superseded = older.supersedes.filter((id) => !ids.has(id));
    if (superseded.length === 0) continue;
    const scored = made.map((each) => ({ each, likeness: jaccard(wordsOf(each.record), wordsOf(older)) }));
    const [best] = scored.sort((a, b) => b.likeness - a.likeness);
    if (best !== undefined && best.likeness >= successorMinLikeness)
      inherited.set(best.each, [...(inherited.get(best.each) ?? []), ...superseded]);
  }
  return made.map((each) => {
    const more = inherited.get(each);
    if (more === undefined) return each;
    const supersedes = [...new Set([...each.record.supersedes, ...more])];
    return { ...each, ...formatWithin({ ...each.record, supersedes }) };
  });
}
