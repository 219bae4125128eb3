// The host's own summary of what it compacted: sections that tell what was found and made; the others repeat the user or tell plans.
import type { PreparedSession, Step } from '../session/prepared-session.ts';
import { keptLines, leave } from './kept-text.ts';
import { pending } from './language.ts';
import { plain, splitSentences, type Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';

/** A longer block of code is the repository's to tell. */
const codeMaxChars = 450;
export const fixed = ' (fixed)';
const open = /\b(?:current(?! interfaces)|unresolved|unsolved|blocking|blocked|still|to fix|needs|plan is|planned)\b/i;
const item = /^\s*(?:[-*]|\d+\.)\s/;
const request = /^(?:the )?user (?:has )?(?:asked|requested|wants?|wanted|said)\b/i;
const telling = /\b(?:errors?|fix(?:es)?|files|code sections|decisions?|learn\w*|concepts?|request)\b/i;

/** Of the last summary alone: it covers the earlier ones. */
export function compactedLines(
  step: Step & { kind: 'summary' },
  { turns }: PreparedSession,
  timeline: Timeline,
): Line[] {
  const last = turns.flatMap(({ steps }) => steps).findLast(({ kind }) => kind === 'summary');
  if (step !== last) return [];
  const text = step.text
    .replace(/^[\s\S]*?\n?\s*Summary:\s*\n/, '')
    .replace(/[ \t]*```[\s\S]*?(?:```|$)/g, (code) => (code.length > codeMaxChars || open.test(code) ? '' : code));
  return text.split(/\n(?=\s*(?:\d+\.|#{1,4})\s+\S[^\n]{2,60}:?\s*\n)/).flatMap((section) => {
    const [heading = '', ...rest] = section.trim().split('\n');
    if (!telling.test(heading) || /pending|next|message|current/i.test(heading)) return [];
    const isError = /error|fix/i.test(heading);
    // What was asked is the summary's to tell, but for the requirements.
    if (/request/i.test(heading) && !rest.some((line) => item.test(line))) return [];
    const points = pointsOf(rest).flatMap((point) => withoutOpen(point, isError));
    const kept = keptLines(points.join('\n'), timeline.stepAt(step), timeline);
    const lines = kept
      .flatMap((line) => leave(line, (each) => request.test(each)))
      .map((line): Line => {
        // An error is no title: the cure below it is.
        return line.sentences[0]?.endsWith(`${fixed}.`) === true ? { ...line, kind: 'row' } : line;
      });
    return lines.length === 0 ? [] : [...lines, { mark: '', kind: 'blank', sentences: [] }];
  });
}

/** Without lines that tell of a moment's state; nothing where the point itself does. */
function withoutOpen([first = '', ...rest]: string[], isError: boolean): string[] {
  // What the user wished for is no error.
  if (open.test(first) || (isError && /^\W*user\b/i.test(first))) return [];
  const below = rest.filter((line) => !open.test(line) && !pending.test(plain(line)));
  const [head = '', ...others] = splitSentences(first.replace(/\*\*|:\s*$/g, ''));
  // An error's name alone would read as one that stands, and a file's name says nothing.
  if (isError) return [[`${head.replace(/[.:\s]+$/, '')}${fixed}.`, ...others].join(' '), ...below];
  const isName =
    others.length === 0 &&
    head
      .replace(/\([^)]*\)/g, '')
      .trim()
      .split(/\s+/).length < 4 &&
    below[0] !== undefined;
  return isName
    ? [`${head.replace(/\s*\([^)]*\)$/, '')}: ${below[0]!.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '')}`, ...below.slice(1)]
    : [first, ...below];
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
