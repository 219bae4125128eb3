// What a session said and did, turn by turn, as far as it still holds at its end: the closing, what was said on the way, the work itself.
// Local, and packed into few records: each file costs a head, and a search shows only the first few.
import type { Draft } from '../../domain/draft.ts';
import { titleMaxChars } from '../../domain/record.ts';
import type { ObservationType } from '../../domain/types.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import { fileNames, holdsName } from './content-words.ts';
import { citesOfTurn, hasDeed, hasEdit, isWorkReplaced } from './edited-lines.ts';
import { commitLines, readSubject } from './commit-messages.ts';
import { compactedLines, fixed } from './compacted.ts';
import { isSettled } from './decisions.ts';
import { holds, introduces, isWhole, keepLines, keptLines, leave, makeDraft, type Kept } from './kept-text.ts';
import { bareNames, isTouched, remarkLines } from './remarks.ts';
import { advice, choice, defect, guess, reason, subordinate, toDo } from './language.ts';
import { isQuestion, plain, readLines, writeLines, type Line } from './sentences.ts';
import type { Timeline } from './session-order.ts';
import { inventory, makeTitle } from './titles.ts';
import { code, namesDefined, workOf } from './work.ts';

/** Of one record. */
const groupMaxChars = 1_100;
/** A record of less says too little to be found. */
const groupMinChars = 120;
const blank: Line = { mark: '', kind: 'blank', sentences: [] };
/** `told` are the drafts made so far: what one of them holds is not told again. */
export function logOf(session: PreparedSession, timeline: Timeline, told: readonly Draft[]): Draft[] {
  return session.turns.flatMap((turn) => {
    const others = told.filter((draft) => draft.turn === turn.number);
    // "Committed as `ab12cd3`."
    const ids = turn.steps.flatMap((step) => (step.kind === 'commit' && step.id !== undefined ? [step.id] : []));
    const isTold = (sentence: string): boolean =>
      ids.some((id) => sentence.includes(id)) || others.some((draft) => holds(draft, sentence));
    const closing = closingLines(turn, session, timeline, isTold);
    const work = workOf(turn, session);
    const parts = [closing, ...turn.steps.map((_, at) => onTheWay(turn, at, session, timeline)), work];
    const news = parts
      .map((part) => part.filter(({ sentences }) => !isTold(sentences[0] ?? '')))
      .filter((part) => part.length > 0);
    return grouped(news).flatMap((group) => {
      const isClosing = group.some((line) => closing.includes(line));
      // Alone it says what the tree says.
      const isWork = group.every((line) => line.kind === 'blank' || line.kind === 'row' || work.includes(line));
      if (isWork && turn.closing !== '') return [];
      const commits = committedIn(group, turn);
      const own = titled(group, commits);
      const kept = own ?? built(group, turn, session, isClosing);
      const size = (kept?.title.title.length ?? 0) + (kept?.body.length ?? 0);
      const isTelling = own !== undefined && (isClosing || commits.length > 0);
      if (kept === undefined || (size < groupMinChars && !isTelling)) return [];
      const committed = group[0] === commits[0]?.line ? commits[0]?.type : undefined;
      const type = committed ?? (isClosing && hasDeed(turn) ? 'progress' : 'discovery');
      const draft = makeDraft(isClosing ? 'closing' : 'onTheWay', turn, type, kept.title.title, {
        body: kept.body,
        facts: commits.flatMap(({ id }) => (id === undefined ? [] : [`commit ${id}`])),
        cites: isClosing ? citesOfTurn(turn, `${kept.title.title}\n${kept.body}`, session) : [],
      });
      // Where room is short the shortest go: each costs a head, and says least.
      return [{ ...draft, importance: draft.importance + (0.04 * kept.body.length) / groupMaxChars }];
    });
  });
}

const isStatement = (sentence: string): boolean =>
  (isWhole(sentence) || introduces(sentence)) && !toDo.test(plain(sentence)) && !guess.test(sentence);
const isNamed = (sentence: string): boolean =>
  namesIn(plain(sentence)).length > 0 && !subordinate.test(plain(sentence));

/** Under a whole statement, of a name where there is one; what the reader is to do is none. */
function titled(lines: readonly Line[], commits: readonly { line: Line }[]): Kept | undefined {
  const subject = commits[0]?.line.sentences[0];
  return (
    keepLines(lines, (sentence) => sentence === subject) ??
    keepLines(lines, (sentence) => isStatement(sentence) && isNamed(sentence)) ??
    keepLines(lines, isStatement)
  );
}

/** Where no sentence can: what was dealt with, a heading with a name in it, a file with what was done there. */
function labelled(lines: readonly Line[], isClosing: boolean): Kept | undefined {
  for (const { kind, sentences } of lines) {
    const text = plain(sentences[0] ?? '').replace(/[.:]+$/, '');
    const isNamedHeading = kind === 'heading' && namesIn(text).length > 0 && text.split(' ').length > 2;
    // One file of those that a closing lists is not what the turn did.
    const isTelling = !isClosing && kind === 'item' && inventory.test(text) && text.split(' ').length > 5;
    if (!isNamedHeading && !isTelling && !(kind === 'row' && text.endsWith(fixed))) continue;
    if (makeTitle(text, true)?.rest !== '') continue;
    const body = writeLines(lines.flatMap((line) => leave(line, (each) => each === sentences[0])));
    return { title: { title: text, rest: '' }, body };
  }
  return undefined;
}

/** Where no sentence can be the title: what was built, of the files that the lines name; else what an edit changed. */
function built(lines: readonly Line[], turn: Turn, { end }: PreparedSession, isClosing: boolean): Kept | undefined {
  const body = writeLines(lines);
  const own = end.files.filter(({ path }) => turn.steps.some((step) => step.kind === 'edit' && step.path === path));
  const named = end.files.filter(({ path }) => fileNames(path).some((name) => holdsName(body, name)));
  const defined = named
    .map(({ path, added }) => ({ path, names: namesDefined(added).filter((name) => holdsName(body, name)) }))
    .toSorted((a, b) => b.names.length - a.names.length)
    // One name of many files says too little.
    .filter(({ names }) => names.length >= Math.min(2, named.length))
    .flatMap(({ path, names }) => [3, 2, 1].map((count) => `\`${path}\` defines ${list(names.slice(0, count))}`));
  const now = lines.flatMap(({ sentences }) => {
    const match = /(?:^|, )now (`[^`]+`) \((`[^`]+`)\)$/.exec(sentences[0] ?? '');
    return match === null ? [] : [`${match[2]} now has ${match[1]}`];
  });
  const edited = [2, 1].map((count) => {
    const paths = (named.length > 0 ? named : own).map(({ path }) => path);
    const more = paths.length - count;
    const told = more > 0 ? `${paths.slice(0, count).map(code).join(', ')} and ${more} more` : list(paths);
    return own.length === 0 ? '' : withLabels(told, lines);
  });
  const fitting = (texts: readonly string[]): Kept | undefined => {
    const title = texts.find((text) => text !== '' && text.length <= titleMaxChars);
    return title === undefined ? undefined : { title: { title, rest: '' }, body };
  };
  return fitting(defined) ?? labelled(lines, isClosing) ?? fitting([...now, ...edited]);
}

/** Files with as many of the leading words in bold as there is room for, which tell what the edits are about; '' where there are none. */
function withLabels(text: string, lines: readonly Line[]): string {
  const labels = lines.flatMap(
    ({ sentences }) => /^\*\*([^*]{3,40}?)[:：]?\*\*(?!:?$)/.exec(sentences[0] ?? '')?.[1] ?? [],
  );
  const told = labels
    .filter((label) => !text.includes(label.replaceAll('`', '')))
    .reduce((head, label, index) => {
      const more = `${head}${index === 0 ? ': ' : ', '}${label}`;
      return more.length > titleMaxChars ? head : more;
    }, text);
  return told === text ? '' : told;
}

const list = (names: readonly string[]): string =>
  names
    .map(code)
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

/** What of a turn's closing text still holds, but for what is told elsewhere. */
function closingLines(
  turn: Turn,
  session: PreparedSession,
  timeline: Timeline,
  isTold: (sentence: string) => boolean = () => false,
): Line[] {
  const next = session.turns[session.turns.indexOf(turn) + 1];
  // The decision tells what came of the choice; the arguments for what was not taken are nobody's knowledge.
  if ((next !== undefined && isSettled(turn, next)) || isSentBack(turn) || isWorkReplaced(turn, session)) return [];
  // An answer tells how it was: what was edited since may be otherwise.
  const since = session.turns.slice(session.turns.indexOf(turn) + 1).flatMap(({ steps }) => steps);
  // A name in capitals may be a product's.
  const isCode = (name: string): boolean =>
    turn.closing.toLowerCase().includes(`\`${name}`) || /[._/(:]\p{L}/u.test(name);
  const names = bareNames(turn.closing).filter(isCode);
  if (!hasEdit(turn) && isTouched(names, since)) return [];
  // What explains a proposal that another one replaced.
  const at = timeline.closingAt(turn);
  const all = readLines(turn.closing).flatMap(({ kind, sentences }) => (kind === 'code' ? [] : sentences));
  if (all.some((each) => (advice.test(each) || choice.test(each)) && timeline.isOverturned(each, at))) return [];
  // The cause that was asked for is no review.
  const isOpenFault = (sentence: string): boolean =>
    defect.test(plain(sentence)) && !(isQuestion(turn.prompt) && reason.test(sentence));
  const lines = keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap((line): Line[] => {
    const sentences = line.sentences.filter((sentence) => !isTold(sentence));
    // A fault that an answer finds is mended by the reader, as a rule.
    const isFault = line.kind !== 'code' && line.kind !== 'heading' && sentences.some(isOpenFault);
    if (!hasDeed(turn) && isFault)
      return [{ mark: line.mark, kind: 'row', sentences: [`was found: ${sentences.join(' ')}`] }];
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

  return remarkLines(turn, at, session, timeline);
}

const sizeOf = (lines: readonly Line[]): number =>
  lines.reduce((size, { mark, sentences }) => size + mark.length + sentences.join(' ').length + 1, 0);

/** Whole parts, as many as fit into one record; a longer one is broken between its lines, and what a line stands under is told again. */
function grouped(parts: readonly (readonly Line[])[]): Line[][] {
  const groups: Line[][] = [[]];
  const hasRoom = (lines: readonly Line[]): boolean => sizeOf([...groups.at(-1)!, ...lines]) <= groupMaxChars;
  for (const part of parts) {
    if (!hasRoom(part)) groups.push([]);
    for (const [at, line] of [...part, blank].entries()) {
      if (!hasRoom([line])) {
        const parents = line === blank ? [] : parentsOf(part, at);
        while (parents.includes(groups.at(-1)!.at(-1)!)) groups.at(-1)!.pop();
        groups.push(parents);
      }
      groups.at(-1)!.push(line);
    }
  }
  return groups;
}

/** The introduction or heading of an item's list, and the items that it is indented below. */
function parentsOf(lines: readonly Line[], at: number): Line[] {
  const parents: Line[] = [];
  let depth = depthOf(lines[at]!);
  for (const line of lines.slice(0, at).toReversed()) {
    if (depth === 0) break;
    const above = depthOf(line);
    if (line.kind === 'blank' || above >= depth) continue;
    if (above > 0 || line.kind === 'heading' || /[:：]\**$/.test(line.sentences.at(-1) ?? '')) parents.unshift(line);
    depth = above;
  }
  return parents;
}

/** 0: stands alone. */
const depthOf = ({ kind, mark }: Line): number => (kind === 'item' ? /^\s*/.exec(mark)![0].length + 1 : 0);
