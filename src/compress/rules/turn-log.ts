// What a session said and did, turn by turn, as far as it still holds at its end: the closing, what was said on the way, the work itself.
// Local, and packed into few records: each file costs a head, and a search shows only the first few.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { ObservationType } from '../../domain/types.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { fileNames, holdsName } from './content-words.ts';
import { citesOfTurn } from './edited-lines.ts';
import { commitLines, readSubject } from './commit-messages.ts';
import { compactedLines } from './compacted.ts';
import { isSettled } from './decisions.ts';
import { holds, isWhole, keepLines, keptLines, makeDraft, type Kept } from './kept-text.ts';
import { planLines } from './plans.ts';
import { remarkLines, saidBefore } from './remarks.ts';
import { guess, subordinate, toDo } from './language.ts';
import { plain, writeLines, type Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { makeTitle } from './titles.ts';
import { namesDefined, workOf } from './work.ts';

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
      const commits = committedIn(group, turn);
      const kept = titled(group, commits) ?? built(group, session);
      const size = (kept?.title.title.length ?? 0) + (kept?.body.length ?? 0);
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

/** Under a whole statement, of a name where there is one; what the reader is to do is none. */
function titled(lines: readonly Line[], commits: readonly { line: Line }[]): Kept | undefined {
  const subject = commits[0]?.line.sentences[0];
  const isStatement = (sentence: string): boolean =>
    isWhole(sentence) && !toDo.test(plain(sentence)) && !guess.test(sentence);
  const isNamed = (sentence: string): boolean =>
    namesIn(plain(sentence)).length > 0 && !subordinate.test(plain(sentence));
  return (
    keepLines(lines, (sentence) => sentence === subject) ??
    keepLines(lines, (sentence) => isStatement(sentence) && isNamed(sentence)) ??
    keepLines(lines, isStatement)
  );
}

/** Where no sentence can be the title: what was built, of the files that the lines name; else what an edit changed, or what led to it. */
function built(lines: readonly Line[], { end }: PreparedSession): Pick<Kept, 'title' | 'body'> | undefined {
  const body = writeLines(lines);
  const files = end.files
    .filter(({ path }) => fileNames(path).some((name) => holdsName(body, name)))
    .map(({ path, added }) => ({ path, names: namesDefined(added).filter((name) => holdsName(body, name)) }))
    .sort((a, b) => b.names.length - a.names.length);
  const { path, names } = files[0] ?? { path: '', names: [] };
  const defines = [3, 2, 1].flatMap((count) =>
    names.length < count ? [] : [`\`${path}\` defines ${list(names.slice(0, count))}`],
  );
  const rows = lines.flatMap(({ kind, sentences }) => (kind === 'row' ? sentences : []));
  const isListed = path !== '' && lines.some(({ kind }) => kind === 'prose' || kind === 'item');
  const title = [...defines, ...rows.map(ofRow), isListed ? `\`${path}\` was edited` : '']
    .map((text) => (text.length > titleMaxChars ? undefined : makeTitle(text)))
    .find((each) => each !== undefined);
  return title === undefined ? undefined : { title, body };
}

/** The statement that a row makes; '' where it is none. */
function ofRow(row: string): string {
  const [, now, changed] = /(?:^|, )now (`[^`]+`) \((`[^`]+`)\)$/.exec(row) ?? [];
  if (now !== undefined) return `${changed} now has ${now}`;
  const [lead = '', file] = saidBefore.exec(row) ?? [];
  const before = `Before the edit of ${file}: `;
  const said = lead === '' ? undefined : makeTitle(row.slice(lead.length), false, titleMaxChars - before.length);
  return said === undefined ? '' : before + said.title;
}

const list = (names: readonly string[]): string =>
  names
    .map((name) => `\`${name}\``)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');

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
