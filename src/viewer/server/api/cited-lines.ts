// The cited lines, then and now, for people to compare.
import { diffArrays } from 'diff';
import type { Cite } from '../../../domain/cite.ts';
import { isBinary, readWorkFile, splitLines, topOf } from '../../../git/cites/cites.ts';
import type { CiteState } from '../../../git/cites/judge-cite.ts';
import { readBlobs } from '../../../git/state/blobs.ts';
import type { Memory } from '../../../memory/open.ts';
import type { DiffRow } from '../../wire.ts';

/** Context lines around the current lines. */
const around = 2;
const maxLines = 400;
const maxChars = 500;

/**
 * One entry per cite, in order. If git lacks the cited version, today's lines alone; undefined when those are not readable either. A
 * cite without line numbers covers the file's first lines.
 */
export function compareCites(
  { paths }: Memory,
  cites: readonly Cite[],
  states: readonly CiteState[],
): (DiffRow[] | undefined)[] {
  const names = cites.flatMap(({ blob }) => blob ?? []);
  const blobs = readBlobs(paths, names);
  return cites.map((cite, index) => {
    const bytes = blobs.get(cite.blob ?? '');
    const state = states[index];
    const file = state?.freshness === 'gone' ? undefined : readWorkFile(topOf(paths), state?.path ?? cite.path);
    const today = file && splitLines(file);
    const then = bytes && !isBinary(bytes) ? splitLines(bytes) : undefined;
    if (!then) return today && alone(today, state?.lines ?? cite.lines ?? [1, 40], 'same');
    const [first, last] = cite.lines ?? [1, maxLines];
    if (!today) return alone(then, [first, last], 'removed');
    const [oldFrom, oldTo] = [Math.max(1, first - around), Math.min(last + around, first + maxLines)];
    const place = state?.lines;
    if (!place) return partOf(compareLines(then, today), oldFrom, oldTo);
    const from = Math.max(1, place[0] - around);
    return compareLines(then.slice(oldFrom - 1, oldTo), today.slice(from - 1, place[1] + around), oldFrom, from);
  });
}

/** Line diff; `oldFrom` and `from` are the numbers of the first lines. */
function compareLines(old: readonly string[], now: readonly string[], oldFrom = 1, from = 1): DiffRow[] {
  let [before, after] = [oldFrom, from];
  return diffArrays([...old], [...now]).flatMap(({ added, removed, value }) =>
    value.map((text): DiffRow => {
      const line = cut(text);
      if (removed) return { kind: 'removed', text: line, before: before++ };
      if (added) return { kind: 'added', text: line, after: after++ };
      return { kind: 'same', text: line, before: before++, after: after++ };
    }),
  );
}

/** The rows of the old lines from `first` to `last`, with the lines that were added among them. */
function partOf(rows: readonly DiffRow[], first: number, last: number): DiffRow[] {
  const start = rows.findIndex(({ before = 0 }) => before >= first);
  const end = rows.findLastIndex(({ before = Infinity }) => before <= last);
  const rest = rows.slice(end + 1);
  const added = rest.findIndex(({ kind }) => kind !== 'added');
  return start === -1 ? [] : rows.slice(start, end + 1 + (added === -1 ? rest.length : added)).slice(0, 2 * maxLines);
}

function alone(lines: readonly string[], [first, last]: [number, number], kind: 'same' | 'removed'): DiffRow[] {
  return lines.slice(first - 1, Math.min(last, first - 1 + maxLines)).map((text, at) => ({
    kind,
    text: cut(text),
    before: first + at,
    ...(kind === 'same' && { after: first + at }),
  }));
}

function cut(text: string): string {
  return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
}
