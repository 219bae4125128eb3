// What the agent wrote down beside its closings: reasons given to a tracker, and the host's own summary of what it compacted. Local.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { cutText, keepText, keptLines, makeDraft } from './kept-text.ts';
import { pending } from './language.ts';
import { plain, readLines, writeLines } from './sentences.ts';
import { sectionDrafts } from './remarks.ts';
import type { Timeline } from './timeline.ts';
import { makeTitle, type Title } from './titles.ts';

/** `tracker close 12 --reason "…"`: a text given with a command, of some length. */
const given = /--(?:reason|message|body|comment|notes?|description)[=\s]+(["'])((?:(?!\1)[^\\]|\\.){60,}?)\1/;
const summaryMaxChars = 11_000;
const noteMaxChars = 1_000;
/** A longer block of code is the repository's to tell. */
const codeMaxChars = 450;
const pointMinChars = 70;
/** Less about a file is no more than its listing tells. */
const nameBodyMinChars = 60;
const fixed = ' (fixed)';
const open = /\b(?:current(?! interfaces)|unresolved|unsolved|blocking|blocked|still|to fix)\b/i;
/** Sections of a compaction's summary that tell what was found and made; the others repeat the user or tell plans. */
const telling = /\b(?:errors?|fix(?:es)?|files|code sections|decisions?|learn\w*|concepts?|request)\b/i;

export function notesOf(session: PreparedSession, timeline: Timeline): Draft[] {
  const drafts: Draft[] = [];
  for (const turn of session.turns)
    for (const step of turn.steps) {
      if (step.kind === 'ran' && step.ok && !/(?:^|[\s;&|])git\s/.test(step.command))
        drafts.push(...toTracker(step, turn, timeline));
    }
  const last = session.turns
    .flatMap((turn) => turn.steps.map((step) => ({ turn, step })))
    .findLast(({ step }) => step.kind === 'summary');
  return last === undefined ? drafts : [...drafts, ...compacted(last.step, last.turn, timeline)];
}

function toTracker(step: Step & { kind: 'ran' }, turn: Turn, timeline: Timeline): Draft[] {
  const text = given.exec(step.command)?.[2]?.replace(/\\(["'\\$`])/g, '$1');
  const kept = text === undefined ? undefined : keepText(text, timeline.stepAt(step), timeline);
  return kept === undefined ? [] : [noteDraft(kept.title.title, kept.body, turn)];
}

/** Each point of the telling sections as a record of its own, as long as there is room. */
function compacted(step: Step, turn: Turn, timeline: Timeline): Draft[] {
  if (step.kind !== 'summary') return [];
  const text = step.text
    .replace(/^[\s\S]*?\n?\s*Summary:\s*\n/, '')
    .replace(/[ \t]*```[\s\S]*?(?:```|$)/g, (code) => (code.length > codeMaxChars || open.test(code) ? '' : code));
  const drafts: Draft[] = [];
  let room = summaryMaxChars;
  for (const section of text.split(/\n(?=\s*(?:\d+\.|#{1,4})\s+\S[^\n]{2,60}:?\s*\n)/)) {
    const heading = section.trim().split('\n')[0] ?? '';
    if (!telling.test(heading) || /pending|next|message|current/i.test(heading)) continue;
    const points = pointsOf(section.trim().split('\n').slice(1)).map(withoutOpen);
    const isError = /error|fix/i.test(heading);
    // Points of other sections are too short to stand alone.
    const told = /error|fix|file|code/i.test(heading)
      ? points.flatMap((point) => pointDraft(point, step, turn, timeline, isError) ?? [])
      : sectionDrafts(keptLines(points.join('\n'), timeline.stepAt(step), timeline), turn);
    for (const draft of told) {
      if (draft.body.length + draft.title.length > room) continue;
      room -= draft.body.length + draft.title.length;
      drafts.push(draft);
    }
  }
  return drafts;
}

/** Without lines that tell of a moment's state; '' where the point itself does. */
function withoutOpen(point: string): string {
  const [first = '', ...rest] = point.split('\n');
  const holds = (line: string): boolean => !open.test(line) && !pending.test(plain(line));
  return open.test(first) ? '' : [first, ...rest.filter(holds)].join('\n');
}

/** Items of the outermost list, each with what is indented below it. */
function pointsOf(lines: readonly string[]): string[] {
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)![0].length));
  const points: string[][] = [];
  for (const line of lines) {
    const isTop = /^\s*(?:[-*]|\d+\.)\s/.test(line) && /^\s*/.exec(line)![0].length <= indent;
    if (isTop || points.length === 0) points.push([line]);
    else points.at(-1)!.push(line);
  }
  return points.map((point) => point.join('\n').trim()).filter((point) => point !== '');
}

/** The point's own line as title; a name alone is joined by the first line below it. */
function pointDraft(point: string, step: Step, turn: Turn, timeline: Timeline, isError: boolean): Draft | undefined {
  const bare = point.replace(/\s*\([^()\n]*\)(?=\**:?\s*(?:\n|$))/, '');
  const [first, ...rest] = keptLines(bare, timeline.stepAt(step), timeline).filter(({ kind }) => kind !== 'blank');
  if (first === undefined || readLines(bare)[0]?.sentences[0] !== first.sentences[0]) return undefined;
  const [sentence = '', ...others] = first.sentences;
  const head = plain(sentence).replace(/[:：]$/, '');
  const isName = head.split(/\s+/).length < 4 && others.length === 0;
  const said = isName ? rest.findIndex(({ sentences }) => joined(head, plain(sentences[0] ?? '')) !== undefined) : -1;
  const title = isName ? joined(head, plain(rest[said]?.sentences[0] ?? '')) : makeTitle(head, true);
  if (title === undefined || point.length < pointMinChars) return undefined;
  const below = rest
    .filter((_line, at) => !(at === said && title.rest === ''))
    .map((line) => ({
      ...line,
      mark: line.mark.trimStart(),
    }));
  const body = [isName ? '' : [title.rest, ...others].filter(Boolean).join(' '), writeLines(below)]
    .filter(Boolean)
    .join('\n\n');
  if (body === '' && (isName || isError)) return undefined;
  if (isName && body.length < nameBodyMinChars) return undefined;
  // An error's name alone would read as one that stands.
  const told = isError && title.title.length + fixed.length <= titleMaxChars ? `${title.title}${fixed}` : title.title;
  return noteDraft(told, cutText(body, noteMaxChars), turn);
}

/** `name: what the first line says of it`, cut at a clause of that line. */
function joined(head: string, below: string): Title | undefined {
  const room = titleMaxChars - head.length - 2;
  const told = below === '' || room < 25 ? undefined : makeTitle(below, true, room);
  if (told === undefined || head === '') return undefined;
  return { title: `${head}: ${told.title}`, rest: told.rest };
}

function noteDraft(title: string, body: string, turn: Turn): Draft {
  return makeDraft('discovery', title, {
    body,
    importance: 0.3,
    confidence: 0.5,
    place: 'local',
    turn: turn.number,
    evidence: 'agent',
  });
}
