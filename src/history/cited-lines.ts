// The cited lines, then and now, for people to compare.
import { diffArrays } from 'diff';
import type { Cite } from '../domain/cite.ts';
import { readWorkFile, splitLines, topOf } from '../git/cites/cites.ts';
import type { CiteState } from '../git/cites/judge-cite.ts';
import { readBlobs } from '../git/state/blobs.ts';
import type { Memory } from '../memory/open.ts';

export interface ComparedLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
  /** Line numbers then and now, from 1. */
  before?: number;
  after?: number;
}

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
): (ComparedLine[] | undefined)[] {
  const blobs = readBlobs(
    paths,
    cites.flatMap(({ blob }) => blob ?? []),
  );
  return cites.map((cite, index) => {
    const bytes = cite.blob === undefined ? undefined : blobs.get(cite.blob);
    const state = states[index];
    const nowPath = state?.path ?? cite.path;
    const file = state?.freshness === 'gone' ? undefined : readWorkFile(topOf(paths), nowPath);
    const today = file && splitLines(file);
    if (!bytes || bytes.subarray(0, 8000).includes(0)) return today ? aloneOf(cite, state, today) : undefined;
    const then = splitLines(bytes);
    const [first, last] = cite.lines ?? [1, Math.min(then.length, maxLines)];
    const old = then.slice(first - 1, Math.min(last, first - 1 + maxLines));
    if (!today) return old.map((text, at) => ({ kind: 'removed', text: cut(text), before: first + at }));
    const place = state?.lines ?? findToday(then, today, [first, last]);
    const [from, to] = [Math.max(1, place[0] - around), Math.min(today.length, place[1] + around, place[0] + maxLines)];
    const oldFrom = Math.max(1, first - around);
    const oldLines = then.slice(oldFrom - 1, Math.min(then.length, last + around, oldFrom + maxLines));
    return compareLines(oldLines, today.slice(from - 1, to), oldFrom, from);
  });
}

/** Line diff; `oldFrom` and `from` are the numbers of the first lines. */
export function compareLines(old: readonly string[], now: readonly string[], oldFrom = 1, from = 1): ComparedLine[] {
  let [before, after] = [oldFrom, from];
  return diffArrays([...old], [...now]).flatMap(({ added, removed, value }) =>
    value.map((text): ComparedLine => {
      const line = cut(text);
      if (removed) return { kind: 'removed', text: line, before: before++ };
      if (added) return { kind: 'added', text: line, after: after++ };
      return { kind: 'same', text: line, before: before++, after: after++ };
    }),
  );
}

function aloneOf(cite: Cite, state: CiteState | undefined, today: readonly string[]): ComparedLine[] {
  const [first, last] = state?.lines ?? cite.lines ?? [1, Math.min(today.length, 40)];
  return today
    .slice(first - 1, last)
    .map((text, at) => ({ kind: 'same', text: cut(text), before: first + at, after: first + at }));
}

/** Maps the lines to today's numbers by counting the lines added and removed above them. */
function findToday(
  then: readonly string[],
  today: readonly string[],
  [first, last]: [number, number],
): [number, number] {
  let [before, after] = [1, 1];
  let [start, end] = [first, last];
  let isStarted = false;
  for (const { added, removed, count } of diffArrays([...then], [...today])) {
    if (!isStarted && before + (added ? 0 : count) > first) {
      isStarted = true;
      start = after + (added || removed ? 0 : first - before);
    }
    if (before <= last) end = after + (removed ? 0 : added ? count - 1 : Math.min(count - 1, last - before));
    if (!added) before += count;
    if (!removed) after += count;
  }
  return [Math.max(1, start), Math.max(start, end)];
}

function cut(text: string): string {
  return text.length > maxChars ? `${text.slice(0, maxChars)}…` : text;
}
