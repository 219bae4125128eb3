// The host's own summary of what it compacted: one record for each of its sections that tells what was asked, how the files stood and
// which errors were met, each told as of the compaction. Local.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { keepLines, keptLines, leave, makeDraft } from './kept-text.ts';
import { defect, pending } from './language.ts';
import { plain } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { code } from './work.ts';

/** Facts of a record. */
const pointsMax = 12;
const pointMaxChars = 260;
const open = /\b(?:unresolved|unsolved|blocking|blocked|to fix|needs?|still)\b/i;
const item = /^\s*(?:[-*]|\d+\.)\s/;
const request = /^(?:the )?user (?:has )?(?:asked|requested|wants?|wanted|said)\b/i;

/** Of the last summary alone: it covers the earlier ones. */
export function compactedDrafts(
  step: Step & { kind: 'summary' },
  turn: Turn,
  { turns }: PreparedSession,
  timeline: Timeline,
): Draft[] {
  if (step !== turns.flatMap(({ steps }) => steps).findLast(({ kind }) => kind === 'summary')) return [];
  const at = timeline.stepAt(step);
  const isFollowed = timeline.isFollowed(at);
  const isOpen = (line: string): boolean => isFollowed && (open.test(line) || pending.test(plain(line)));
  // What a line in bold calls an error was mended since.
  const isMended = (line: string): boolean => isFollowed && defect.test(/\*\*([^*]+)\*\*/.exec(line)?.[1] ?? '');
  const standing = (line: string): boolean =>
    !isOpen(line) && !isMended(line) && !/[:：]\s*$/.test(line) && !timeline.isUndone(line, at);
  const text = step.text.replace(/^[\s\S]*?\n?\s*Summary:\s*\n/, '').replace(/[ \t]*```[\s\S]*?(?:```|$)\n?/g, '');
  return text.split(/\n(?=\s*(?:\d+\.|#{1,4})\s+\S[^\n]{2,60}:?\s*\n)/).flatMap((section): Draft[] => {
    const [heading = '', ...rest] = section.trim().split('\n');
    if (/\brequest\b/i.test(heading) && rest.some((line) => item.test(line))) {
      const lines = keptLines(rest.join('\n'), at, timeline).flatMap((line) =>
        leave(line, (each) => request.test(each)),
      );
      const kept = keepLines(lines);
      return kept === undefined ? [] : [makeDraft('closing', turn, 'discovery', kept.title.title, { body: kept.body })];
    }
    const points = pointsOf(rest)
      .map(([first = '', ...below]) => ({
        name: nameOf(first),
        told: [first.replace(/^.*?\*\*.+?\*\*(?:\s*\([^)]*\))?:?/, ''), ...below]
          .filter((line) => line.trim() !== '' && standing(line))
          // What is open is not cut off.
          .toSorted((a, b) => Number(open.test(b)) - Number(open.test(a)))
          .map((line) => line.replace(item, '').trim()),
        isOpen: isOpen(nameOf(first)) || /\bcurrent\b/i.test(first) || !item.test(first),
      }))
      .filter(({ told, isOpen: isLeft }) => told.length > 0 && !isLeft);
    if (/\berrors?\b|\bfix(?:es)?\b/i.test(heading)) {
      const met = points.filter(({ name }) => !/^user\b/i.test(name));
      return tellPoints(
        turn,
        'Errors met before the compaction, and what was done',
        met,
        met.map(({ name }) => name),
      );
    }
    if (/\bfiles\b|\bcode sections\b/i.test(heading)) {
      const richest = points.toSorted((a, b) => b.told.join('').length - a.told.join('').length).slice(0, pointsMax);
      const names = richest.map(({ name }) => code(name.replace(/^.*\//, '')));
      return tellPoints(
        turn,
        `How ${points.length} files stood at the compaction, among them`,
        points.filter((point) => richest.includes(point)),
        names.slice(0, 2),
      );
    }
    return [];
  });
}

function tellPoints(turn: Turn, head: string, points: readonly Point[], names: readonly string[]): Draft[] {
  const facts = points.map(tellPoint).slice(0, pointsMax);
  return facts.length === 0 ? [] : [makeDraft('closing', turn, 'discovery', titleOf(head, names), { facts })];
}

interface Point {
  name: string;
  told: string[];
}

/** On one line, as many of its statements as a fact has room for. */
function tellPoint({ name, told }: Point): string {
  return told.reduce((line, each, index) => {
    const more = `${line}${index === 0 ? ': ' : '; '}${each.replace(/[.;]$/, '')}`;
    return more.length > pointMaxChars ? line : more;
  }, name);
}

/** The head with as many of the names as there is room for. */
function titleOf(head: string, names: readonly string[]): string {
  return names.reduce((title, name, index) => {
    const more = `${title}${index === 0 ? ': ' : ', '}${name}`;
    return more.length > titleMaxChars ? title : more;
  }, head);
}

/** What a point begins with: its words in bold, else up to its colon. */
function nameOf(first: string): string {
  const text = first.replace(item, '').trim();
  return plain(/^\*\*(.+?)\*\*/.exec(text)?.[1] ?? text.split(/[:：]\s/)[0]!).replace(/[`:.]+/g, (mark) =>
    mark === '.' ? '.' : '',
  );
}

/** What the last summary lists as pending, where nothing was done after it. */
export function pendingIn({ turns }: PreparedSession): string[] {
  const steps = turns.flatMap((turn) => turn.steps);
  const at = steps.findLastIndex(({ kind }) => kind === 'summary');
  const last = steps[at];
  if (last?.kind !== 'summary' || steps.slice(at).some(({ kind }) => kind === 'edit' || kind === 'ran')) return [];
  const [, section = ''] =
    /\n\s*(?:\d+\.|#{1,4})\s+\**pending tasks\**:?\**\s*\n([\s\S]*?)(?=\n\s*(?:\d+\.|#{1,4})\s+\S|$)/i.exec(
      last.text,
    ) ?? [];
  return section
    .split('\n')
    .filter((line) => item.test(line))
    .map((line) => plain(line.replace(item, '')));
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
