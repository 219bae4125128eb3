// What a session said and did, turn by turn, as far as it still holds at its end: the closing, what was said on the way, the work itself.
// Local, and packed into few records: each file costs a head, and a search shows only the first few.
import type { Draft } from '../../domain/draft.ts';
import type { ObservationType } from '../../domain/types.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { citesOfTurn, unique } from './edited-lines.ts';
import { commitLines, readSubject } from './commit-messages.ts';
import { compactedLines } from './compacted.ts';
import { isSettled } from './decisions.ts';
import { holds, keepLines, keptLines, makeDraft, type Kept } from './kept-text.ts';
import { planLines } from './plans.ts';
import { remarkLines } from './remarks.ts';
import { writeLines, type Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { workOf } from './work.ts';

/** Of one record. */
const groupMaxChars = 1_100;
/** A record of less says too little to be found. */
const groupMinChars = 120;
const blank: Line = { mark: '', kind: 'blank', sentences: [] };
/** `told` are the drafts made so far: what one of them holds is not told again. */
export function logOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  return session.turns.flatMap((turn, index) => {
    const others = told.filter((draft) => draft.turn === turn.number);
    const closing = closingLines(turn, session.turns[index + 1], timeline, others);
    const parts = [
      closing,
      ...turn.steps.map((_, at) => onTheWay(turn, at, session, timeline)),
      workOf(turn, session, timeline).filter(({ sentences }) => !others.some((draft) => holds(draft, sentences[0]!))),
    ];
    const lines = parts.filter((part) => part.length > 0).flatMap((part) => [...part, blank]);
    return grouped(lines).flatMap((group) => {
      const isClosing = group.some((line) => closing.includes(line));
      const kept = keepLines(group) ?? edited(group, turn, session);
      const size = (kept?.title.title.length ?? 0) + (kept?.body.length ?? 0);
      const commits = committedIn(group, turn);
      if (kept === undefined || (size < groupMinChars && !isClosing && commits.length === 0)) return [];
      const hasDeed = turn.steps.some(({ kind }) => kind === 'edit' || kind === 'commit');
      const type = group[0] === commits[0]?.line ? commits[0]?.type : undefined;
      return [
        makeDraft(type ?? (isClosing && hasDeed ? 'progress' : 'discovery'), kept.title.title, {
          body: kept.body,
          facts: commits.flatMap(({ id }) => (id === undefined ? [] : [`commit ${id}`])),
          cites: isClosing ? citesOfTurn(turn, `${kept.title.title}\n${kept.body}`, session) : [],
          // Where room is short the shortest go: each costs a head, and says least.
          importance: (isClosing ? 0.35 : 0.3) + (0.04 * kept.body.length) / groupMaxChars,
          confidence: isClosing ? 0.6 : 0.5,
          place: 'local',
          turn: turn.number,
          evidence: 'agent',
          ...(isClosing ? { isClosing } : {}),
        }),
      ];
    });
  });
}

/** Where no sentence can be the title: what was edited. */
function edited(
  lines: readonly Line[],
  { steps }: Turn,
  { end }: PreparedSession,
): Pick<Kept, 'title' | 'body'> | undefined {
  const paths = steps.flatMap((step) => (step.kind === 'edit' ? [step.path] : []));
  const body = writeLines(lines);
  const named = paths
    .filter(unique)
    .filter((path) => body.includes(path) && end.files.some((file) => file.path === path));
  if (named.length === 0) return undefined;
  const title = `Edited ${named
    .slice(0, 2)
    .map((path) => `\`${path}\``)
    .join(' and ')}`;
  return { title: { title, rest: '' }, body };
}

/** Commits whose messages the lines hold, with their conventional types. */
function committedIn(lines: readonly Line[], { steps }: Turn): { line: Line; id?: string; type: ObservationType }[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'commit') return [];
    const { type, text } = readSubject(step.subject);
    const line = lines.find(({ sentences }) => sentences[0]?.startsWith(text));
    return line === undefined ? [] : [{ line, type, ...(step.id === undefined ? {} : { id: step.id }) }];
  });
}

function closingLines(turn: Turn, next: Turn | undefined, timeline: Timeline, others: readonly Draft[]): Line[] {
  // The decision tells what came of the choice; the arguments for what was not taken are nobody's knowledge.
  if ((next !== undefined && isSettled(turn, next)) || isSentBack(turn)) return [];
  // Its result comes later, with another word.
  const last = turn.steps.at(-1);
  if (last?.kind === 'ran' && last.unproven === 'background') return [];
  const lines = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line) => {
    const sentences = line.sentences.filter((sentence) => !others.some((draft) => holds(draft, sentence)));
    return line.kind !== 'blank' && sentences.length === 0 ? [] : [{ ...line, sentences }];
  });
  // Of a closing that a decision or fix tells, a table alone says nothing.
  return lines.some(({ kind }) => kind === 'prose' || kind === 'item') ? lines : [];
}

/** What a refused plan said is nobody's. */
function isSentBack({ steps }: Turn): boolean {
  const plans = steps.filter((step) => step.kind === 'plan');
  return plans.length > 0 && plans.every((plan) => plan.verdict === 'refused');
}

function onTheWay(turn: Turn, at: number, session: PreparedSession, timeline: Timeline): Line[] {
  const step: Step = turn.steps[at]!;
  if (step.kind === 'commit') return commitLines(step, timeline);
  if (step.kind === 'summary') return compactedLines(step, session, timeline);
  if (step.kind !== 'said') return [];
  if (step.isFinal === true && !isSentBack(turn)) return keptLines(step.text, timeline.stepAt(step), timeline);
  const plan = planLines(turn, at, session, timeline);
  return plan ?? remarkLines(turn, at, session, timeline);
}

const sizeOf = ({ mark, sentences }: Line): number => mark.length + sentences.join(' ').length + 1;

/** Consecutive lines, as many as fit into one record; broken at a blank line where one is near. */
function grouped(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  let group: Line[] = [];
  let size = 0;
  for (const line of lines) {
    if (size + sizeOf(line) > groupMaxChars) {
      const end = group.findLastIndex(({ kind }) => kind === 'blank');
      const isNear = end > 0 && group.slice(0, end).reduce((sum, each) => sum + sizeOf(each), 0) > groupMaxChars * 0.6;
      groups.push(isNear ? group.slice(0, end) : group);
      group = isNear ? group.slice(end + 1) : [];
      size = group.reduce((sum, each) => sum + sizeOf(each), 0);
    }
    group.push(line);
    size += sizeOf(line);
  }
  return [...groups, group];
}
