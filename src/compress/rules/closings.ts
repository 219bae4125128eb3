// Closing texts, as far as they hold: the parts with a sentence that can be their title are records, the others lines of the session's
// summary. Local.
import type { Draft } from '../../domain/draft.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { titleClosing } from './closing-titles.ts';
import { citesOfTurn, hasDeed, hasEdit, isCodeEditedAfter, isWorkReplaced } from './edited-lines.ts';
import { bodyMaxChars, cutText, dropIdle, keptLines } from './kept-text.ts';
import { makeDraft } from './drafts.ts';
import { advice, attributed, choice, defect, reason } from './words/language.ts';
import { bareNames, isTouched } from './remarks.ts';
import { isQuestion, plain, readLines, writeLines, type Line } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { isSettled } from './settled-choices.ts';
import { editedIn } from './work.ts';

/** A shorter answer may be a hint or a manual's line. */
const answerMinChars = 480;

/** Of a closing text in the session's summary; of an answer, whose end explains more than was asked; of less, nothing. */
const textMaxChars = 1_100;
const answerMaxChars = 400;
const textMinChars = 20;
const answerTextMinChars = 120;
/** A section of less stands with the next one. */
const partMinChars = 500;

/** What is kept of a turn. */
export interface TurnLog {
  turn: Turn;
  drafts: Draft[];
  /** Closing texts that no record holds. */
  texts: string[];
  /** Short answers: told where a session has nothing else. */
  hints: string[];
}

interface Facts {
  said: readonly string[];
  /** By commands: they need no account. */
  shown: readonly string[];
}

/** Each part of the text under a statement of its own; what has none goes into the session's summary. */
export function addClosing(
  log: TurnLog,
  lines: readonly Line[],
  { said, shown }: Facts,
  session: PreparedSession,
): void {
  const { turn } = log;
  const isAnswer = !hasDeed(turn);
  if (isHint(turn)) return void log.hints.push(cutText(writeLines(lines), answerMaxChars));
  // What a manual says is for the manual.
  const isQuoted = isAnswer && attributed.test(turn.closing);
  const edited = editedIn(session, turn);
  const untold: Line[] = [];
  let isFirst = true;
  for (const part of partsOf(lines)) {
    const kept = isQuoted ? undefined : titleClosing(part, isAnswer);
    // One sentence without a deed that stands is a line of the summary.
    if (kept === undefined || (kept.body === '' && !isAnswer && edited.length === 0)) {
      untold.push(...part, blank);
      continue;
    }
    const draft = makeDraft('closing', turn, isAnswer ? 'discovery' : 'progress', kept.title.title, {
      body: kept.body,
      facts: isFirst ? [...edited, ...said, ...shown] : [],
      cites: citesOfTurn(turn, `${kept.title.title}\n${kept.body}`, session),
    });
    isFirst = false;
    // Where room is short the shortest go: each costs a head, and says least.
    log.drafts.push({ ...draft, importance: draft.importance + (0.04 * kept.body.length) / bodyMaxChars });
  }
  // Code in an answer is a draft.
  const lasting = isAnswer ? dropIdle(untold.filter(({ kind }) => kind !== 'code')) : untold;
  const text = isAnswer ? cutWhole(writeLines(lasting), answerMaxChars) : cutText(writeLines(lasting), textMaxChars);
  const isTelling = text.length >= (isAnswer ? answerTextMinChars : textMinChars);
  const told = isFirst ? [...(isTelling ? said : []), ...shown] : [];
  if (isTelling || told.length > 0)
    log.texts.push([text, ...told.map((fact) => `- ${fact}`)].filter(Boolean).join('\n'));
}

/** Without a list of which a part is cut off, and what introduces it. */
function cutWhole(text: string, maxChars: number): string {
  const cut = cutText(text, maxChars);
  const lines = readLines(cut);
  const next = readLines(text.slice(cut.length).trimStart())[0];
  if (next?.kind !== 'item') return cut;
  const end = lines.findLastIndex(({ kind }) => kind !== 'item' && kind !== 'blank');
  return writeLines(dropIdle(lines.slice(0, end + 1)));
}

const blank: Line = { mark: '', kind: 'blank', sentences: [] };

/** Paragraphs and sections, as many together as one record has room for; a heading begins a new part. */
function partsOf(lines: readonly Line[]): Line[][] {
  const parts: Line[][] = [[]];
  let block: Line[] = [];
  const close = (): void => {
    const part = parts.at(-1)!;
    const isFull = writeLines([...part, ...block]).length > bodyMaxChars;
    if (part.length > 0 && (isFull || (block[0]?.kind === 'heading' && writeLines(part).length > partMinChars)))
      parts.push(block);
    else part.push(...block);
    block = [];
  };
  for (const line of lines) {
    block.push(line);
    // A heading stands with what follows it.
    const before = block.findLast(({ kind }) => kind !== 'blank');
    if (line.kind === 'blank' && before !== undefined && before.kind !== 'heading') close();
  }
  close();
  return parts;
}

const fileName =
  /\w\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|h|cc|cpp|cs|php|ex|exs|sh|sql|tf|vue|svelte|html?|s?css|json|ya?ml|toml|xml|ini|conf|env|md|txt|csv|ipynb|lock|proto)$/;
/** Nothing was looked at and nothing done. */
export const isTalk = ({ steps }: Turn): boolean => steps.every(({ kind }) => kind === 'said');

/** A short answer to mere talk, unless it gives a reason or names a file, in prose: a hint, or a line of a manual. */
function isHint(turn: Turn): boolean {
  const { closing } = turn;
  if (closing.length >= answerMinChars || !isTalk(turn)) return false;
  const isProseOnly = readLines(closing).every(({ kind }) => kind === 'prose' || kind === 'blank');
  const isOfFile = bareNames(closing).some((name) => fileName.test(name));
  return !isProseOnly || !(isOfFile || reason.test(closing));
}

const isCodeName = (text: string, name: string): boolean =>
  text.toLowerCase().includes(`\`${name}`) || /[._/(:]\p{L}/u.test(name);

/** What of a turn's closing text still holds, but for what is told elsewhere. */
export function closingLines(
  turn: Turn,
  session: PreparedSession,
  timeline: Timeline,
  isTold: (sentence: string) => boolean,
): Line[] {
  const next = session.turns[session.turns.indexOf(turn) + 1];
  // The decision tells what came of the choice; the arguments for what was not taken are nobody's knowledge.
  if ((next !== undefined && isSettled(turn, next)) || isSentBack(turn) || isWorkReplaced(turn, session)) return [];
  if (isMended(turn) || (!hasDeed(turn) && !isTalk(turn) && isCodeEditedAfter(turn, session))) return [];
  // An answer tells how it was: what was edited since may be otherwise.
  const since = session.turns.slice(session.turns.indexOf(turn) + 1).flatMap(({ steps }) => steps);
  const names = bareNames(turn.closing).filter((name) => isCodeName(turn.closing, name));
  if (!hasEdit(turn) && isTouched(names, since)) return [];
  // What explains a proposal that another one replaced.
  const at = timeline.closingAt(turn);
  const all = readLines(turn.closing).flatMap(({ sentences }) => sentences);
  if (all.some((each) => (advice.test(each) || choice.test(each)) && timeline.isOverturned(each, at))) return [];
  // The cause that was asked for is no review.
  const isOpenFault = (sentence: string): boolean =>
    defect.test(plain(sentence)) && !(isQuestion(turn.prompt) && reason.test(sentence));
  const isOfCommit = (sentence: string): boolean =>
    turn.steps.some((step) => step.kind === 'commit' && step.id !== undefined && sentence.includes(step.id));
  const lines = keptLines(turn.closing, at, timeline).flatMap((line): Line[] => {
    const sentences = line.sentences.filter((sentence) => !isTold(sentence) && !isOfCommit(sentence));
    // A fault that an answer finds is mended by the reader, as a rule.
    const isSaid = line.kind === 'prose' || line.kind === 'item';
    const isFault = isSaid && sentences.some(isOpenFault);
    if (!hasDeed(turn) && isFault)
      return [{ mark: line.mark, kind: 'row', sentences: [`was found: ${sentences.join(' ')}`] }];
    return line.kind !== 'blank' && sentences.length === 0 ? [] : [{ ...line, sentences }];
  });
  // Of a closing that a decision or fix tells, a table alone says nothing.
  return lines.some(({ kind }) => kind === 'prose' || kind === 'item') ? lines : [];
}

/** Its last command failed, and passed in a later turn. */
function isMended({ number, steps }: Turn): boolean {
  const last = steps.findLast((step) => step.kind === 'ran');
  return last?.ok === false && (last.passedIn ?? 0) > number;
}

/** What a refused plan said is nobody's. */
export function isSentBack({ steps }: Turn): boolean {
  const plans = steps.filter((step) => step.kind === 'plan');
  return plans.length > 0 && plans.every((plan) => plan.verdict === 'refused');
}
