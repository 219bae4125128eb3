// The host's own summary of what it compacted: errors and files, as lines for the session's summary.
import type { PreparedSession, Step } from '../session/prepared-session.ts';
import { defect, mended, pending } from './words/language.ts';
import { plain, splitSentences } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';

const linesMax = 12;
const lineMaxChars = 260;
const open = /\b(?:unresolved|unsolved|blocking|blocked|to fix|needs?|still|in progress|being \w+ed)\b/i;
const item = /^\s*(?:[-*]|\d+\.)\s/;

interface Section {
  heading: string;
  lines: string[];
}

/** Of the last summary alone: it covers the earlier ones. */
function lastSummary({ turns }: PreparedSession): (Step & { kind: 'summary' }) | undefined {
  return turns.flatMap(({ steps }) => steps).findLast((step) => step.kind === 'summary');
}

function sectionsOf({ text }: { text: string }): Section[] {
  const told = text.replace(/^[\s\S]*?\n?\s*Summary:\s*\n/, '').replace(/[ \t]*```[\s\S]*?(?:```|$)\n?/g, '');
  return told.split(/\n(?=\s*(?:\d+\.|#{1,4})\s+\S[^\n]{2,60}:?\s*\n)/).map((section) => {
    const [heading = '', ...lines] = section.trim().split('\n');
    return { heading, lines };
  });
}

/** Errors that were met, each with what was done, and how the files stood, as far as both still hold; a line each. */
export function learnedBefore(session: PreparedSession, timeline: Timeline): string[] {
  const step = lastSummary(session);
  if (step === undefined) return [];
  const points = (heading: RegExp): Point[] =>
    sectionsOf(step)
      .filter((section) => heading.test(section.heading))
      .flatMap(({ lines }) => standingPoints(lines, timeline.stepAt(step), timeline));
  const errors = points(/\berrors?\b|\bfix(?:es)?\b/i)
    .filter(({ name }) => !/^user\b/i.test(name))
    // The cure first, where there is no room for both.
    .map((point) => ({
      ...point,
      told: point.told.toSorted((a, b) => Number(mended.test(b)) - Number(mended.test(a))),
    }));
  const files = points(/\bfiles\b|\bcode sections\b/i).toSorted(
    (a, b) => b.told.join('').length - a.told.join('').length,
  );
  return [...errors, ...files].map(tellPoint).filter(Boolean).slice(0, linesMax);
}

interface Point {
  name: string;
  told: string[];
}

function standingPoints(lines: readonly string[], at: number, timeline: Timeline): Point[] {
  const isFollowed = timeline.isFollowed(at);
  const isOpen = (line: string): boolean => isFollowed && (open.test(line) || pending.test(plain(line)));
  // What a line in bold calls an error was mended since.
  const isMended = (line: string): boolean => isFollowed && defect.test(/\*\*([^*]+)\*\*/.exec(line)?.[1] ?? '');
  const standing = (line: string): boolean =>
    !isOpen(line) && !isMended(line) && !/[:：]\s*$/.test(line) && !timeline.isUndone(line, at);
  return pointsOf(lines).flatMap(([first = '', ...below]): Point[] => {
    const told = [first.replace(/^.*?\*\*.+?\*\*(?:\s*\([^)]*\))?:?/, ''), ...below]
      .filter((line) => line.trim() !== '' && standing(line))
      // What is open is not cut off.
      .toSorted((a, b) => Number(open.test(b)) - Number(open.test(a)))
      .flatMap((line) => splitSentences(line.replace(item, '').trim()));
    const isLeft = isOpen(nameOf(first)) || /\bcurrent\b/i.test(first) || !item.test(first);
    const name = nameOf(first);
    const more = told.filter((line) => line.replaceAll('`', '') !== name);
    return more.length === 0 || isLeft ? [] : [{ name, told: more }];
  });
}

/** On one line, as many of its sentences as it has room for; '' where it has room for none: a name alone tells an error as if it stood. */
function tellPoint({ name, told }: Point): string {
  const line = told.reduce((text, each) => {
    const more = `${text}${text === name ? ': ' : '; '}${each.replace(/[.;]$/, '')}`;
    return more.length > lineMaxChars ? text : more;
  }, name);
  return line === name ? '' : line;
}

/** What a point begins with: its words in bold, else up to its colon. */
function nameOf(first: string): string {
  const text = first.replace(item, '').trim();
  return plain(/^\*\*(.+?)\*\*/.exec(text)?.[1] ?? text.split(/[:：]\s/)[0]!).replace(/[`:.]+/g, (mark) =>
    mark === '.' ? '.' : '',
  );
}

/** What the last summary lists as pending, where nothing was done after it. */
export function pendingIn(session: PreparedSession): string[] {
  const step = lastSummary(session);
  const steps = session.turns.flatMap((turn) => turn.steps);
  if (step === undefined) return [];
  const since = steps.slice(steps.indexOf(step));
  if (since.some(({ kind }) => kind === 'edit' || kind === 'ran')) return [];
  const section = sectionsOf(step).find(({ heading }) => /^(?:\d+\.|#{1,4})\s+\**pending tasks\b/i.test(heading));
  return (section?.lines ?? []).filter((line) => item.test(line)).map((line) => plain(line.replace(item, '')));
}

const indentOf = (line: string): number => /^\s*/.exec(line)![0].length;

/** Items of the outermost list, each with what is indented below it. */
function pointsOf(lines: readonly string[]): string[][] {
  const outermost = Math.min(...lines.filter((line) => line.trim() !== '').map(indentOf));
  const points: string[][] = [];
  for (const line of lines) {
    const isTop = item.test(line) && indentOf(line) <= outermost;
    if (isTop || points.length === 0) points.push([line]);
    else points.at(-1)!.push(line);
  }
  return points;
}
