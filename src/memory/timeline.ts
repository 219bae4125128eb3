// What came before and after: the anchor is an id, a date, or the best hit of a question.
import { isTrusted, type Excerpt } from '../domain/excerpt.ts';
import { codeOf } from '../domain/errors.ts';
import { parseSpan } from '../search/dates.ts';
import { byNewest } from '../search/query.ts';
import { search } from './find.ts';
import type { Memory } from './open.ts';
import { recordLine, type RecordLine } from './record-line.ts';
import { resolveId } from './read.ts';
import type { RecordSet } from './records.ts';

/** `reach`: how many at most on either side. `anchor`: id of the record in the middle; absent for a date. `entries`: oldest first. */
export async function timelineOf(
  memory: Memory,
  asked: string,
  reach: { before: number; after: number },
  recordSet: RecordSet,
): Promise<{ anchor?: string; entries: RecordLine[] }> {
  const middle = await findAnchor(memory, recordSet, asked);
  if (middle === undefined) return { entries: [] };
  const visible = recordSet.assessed
    .filter(({ excerpt, trust, isHere, isActive }) => (isHere && isActive && isTrusted(trust)) || excerpt === middle)
    .map(({ excerpt }) => excerpt);
  const entries = around(visible, middle, reach).map(({ path }) =>
    recordLine(recordSet.byPath.get(path)!, memory.paths.root),
  );
  return { ...(typeof middle !== 'string' && { anchor: middle.id }), entries };
}

/** Oldest first. `middle`: one of the records, which is among them, or a moment (ISO 8601). */
export function around(
  records: readonly Excerpt[],
  middle: Excerpt | string,
  { before, after }: { before: number; after: number },
): Excerpt[] {
  const ordered = [...records].sort((a, b) => byNewest(b, a));
  const isMoment = typeof middle === 'string';
  const found = ordered.findIndex((one) => (isMoment ? one.created >= middle : one === middle));
  const at = found < 0 ? ordered.length : found;
  return ordered.slice(Math.max(0, at - before), at + (isMoment ? 0 : 1) + after);
}

async function findAnchor(memory: Memory, recordSet: RecordSet, anchor: string): Promise<Excerpt | string | undefined> {
  try {
    const assessed = resolveId(recordSet, anchor);
    if (isTrusted(assessed.trust)) return assessed.excerpt;
  } catch (error) {
    if (codeOf(error) !== 'not-found') throw error;
  }
  const date = parseSpan(anchor, memory.env.now());
  if (date) return date.from;
  const { found } = await search(memory, recordSet, { text: anchor, limit: 5 });
  return found.find(({ trust }) => isTrusted(trust))?.excerpt;
}
