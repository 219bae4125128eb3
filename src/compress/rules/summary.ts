// The session's summary: what was asked, learned, done and left, of what holds at the end.
import type { Draft, SummaryDraft } from '../../domain/draft.ts';
import { openPrompt, type OpenPrompt } from '../session/open-prompt.ts';
import type { Committed, PreparedSession, Turn } from '../session/prepared-session.ts';
import { askedTitle } from './closing-titles.ts';
import { learnedBefore, pendingIn } from './compacted.ts';
import { commitText } from './commit-messages.ts';
import { cutText, keptLines } from './kept-text.ts';
import { isPasted, ownWords } from './own-words.ts';
import { affirmation, otherWay, pending, refusal } from './words/language.ts';
import { fromNowOn } from './words/ruling-words.ts';
import { plain, readLines } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { contentOf } from './words/content-words.ts';
import { makeTitle } from './titles.ts';
import type { TurnLog } from './closings.ts';
import { code, editedIn } from './work.ts';

const requestMaxChars = 390;
const itemMaxChars = 300;
const itemsMax = 8;
/** Words of content that a first prompt needs to be a title. */
const titleMinWords = 2;
/** Of a commit with its message. */
const commitMaxChars = 395;
/** Of all closing texts together. */
const textsMaxChars = 3_500;
/** Undefined where nothing was asked and nothing done. Pure: it serves an ended, a killed and a cleared session alike. */
export function summarize(
  session: PreparedSession,
  timeline: Timeline,
  drafts: readonly Draft[],
  log: readonly TurnLog[],
): SummaryDraft | undefined {
  const prompts = session.turns.map(({ prompt }) => prompt).filter((prompt) => prompt !== '');
  const completed = completedOf(session, timeline, drafts);
  if (prompts.length === 0 && completed.length === 0) return undefined;
  const lastCommit = commitsIn(session).at(-1)?.subject;
  const shared = drafts.filter(({ place }) => place === 'shared');
  const request = requestOf(session.turns);
  const first = firstSentence(prompts.find((prompt) => !isPasted(prompt)) ?? '');
  // "…, here are the important points:"
  const wish = /[:：]$/.test(first) ? makeTitle(first.replace(/[,，][^,，]*$/u, ''), true) : undefined;
  const title =
    lastCommit ??
    (contentOf(first).size >= titleMinWords ? (makeTitle(first) ?? wish)?.title : undefined) ??
    prompts.map(askedTitle).find((each) => each !== undefined) ??
    drafts[0]?.title ??
    completed[0] ??
    first;
  const learned = [...shared.slice(0, itemsMax).map(gistOf), ...learnedBefore(session, timeline)];
  const isBare = completed.length + drafts.length === 0 && log.every(({ texts }) => texts.length === 0);
  return {
    title: title.slice(0, 110),
    request,
    investigated: [],
    learned,
    completed,
    nextSteps: nextStepsOf(session, timeline),
    texts: textsOf(isBare ? log.map((each) => ({ ...each, texts: each.hints.filter(Boolean) })) : log),
  };
}

/** A bugfix without its cure would read as a standing trap. */
const gistOf = ({ type, title, description }: Draft): string =>
  type === 'bugfix' && description !== '' ? `${title}; ${description}` : title;

const isChange = ({ prompt }: Turn): boolean => refusal.test(prompt) || otherWay.test(prompt) || fromNowOn.test(prompt);

/** The first prompt, what changed it later, and further prompts as far as there is room; in whole sentences, in order. */
function requestOf(turns: readonly Turn[]): string {
  const asked = turns.filter(({ prompt }) => prompt !== '');
  const told = asked.map((): string[] => []);
  let room = requestMaxChars;
  const take = (place: number, sentences: readonly string[]): void => {
    if (told[place]!.length > 0) return;
    for (const sentence of sentences.map(plain)) {
      if (sentence.length + 1 > room) break;
      room -= sentence.length + 1;
      told[place]!.push(sentence);
    }
  };
  for (const [place, turn] of asked.slice(0, 1).entries())
    take(place, isPasted(turn.prompt) ? [] : sentencesOf(turn.prompt));
  for (const [place, turn] of asked.entries()) if (isChange(turn)) take(place, ownWords(turn.prompt));
  for (const [place, turn] of asked.entries()) if (place > 0) take(place, ownWords(turn.prompt));
  return told.flat().join(' ') || firstSentence(asked[0]?.prompt ?? '').slice(0, requestMaxChars);
}

function sentencesOf(prompt: string): string[] {
  return readLines(prompt)
    .filter(({ kind }) => kind === 'prose' || kind === 'item')
    .flatMap(({ sentences }) => sentences);
}

function firstSentence(text: string): string {
  return plain(sentencesOf(text)[0] ?? text.split('\n')[0] ?? '');
}

const commitsIn = ({ turns }: PreparedSession): Committed[] =>
  turns.flatMap(({ steps }) => steps.filter((step) => step.kind === 'commit'));

function completedOf(session: PreparedSession, timeline: Timeline, drafts: readonly Draft[]): string[] {
  const { end } = session;
  const commits = commitsIn(session)
    .filter((commit) => !timeline.isUndone(commit.subject, timeline.stepAt(commit)))
    .map((commit) => tellCommit(commit, drafts, timeline));
  const checks = end.passed
    .slice(-2)
    .map(({ command, line }) => `\`${command.replaceAll('`', "'")}\` passed${line === '' ? '' : `: ${line}`}`)
    .filter((item) => item.length <= itemMaxChars);
  const told = [...new Set(commits)].slice(-(itemsMax - checks.length));
  return [...told, ...checks, ...editedIn(session)];
}

/** The subject with as many parts of the message as there is room for, unless a record holds it. */
function tellCommit(commit: Committed, drafts: readonly Draft[], timeline: Timeline): string {
  const { subject, id } = commit;
  const head = id === undefined ? subject : `${subject} (\`${id}\`)`;
  const isTold = id !== undefined && drafts.some(({ facts }) => facts.includes(`commit ${id}`));
  const parts = isTold ? [] : (commitText(commit, timeline) ?? '').split(/\n\s*[-*] |\n\s*\n/);
  return parts
    .map((part) =>
      part
        .replace(/^[-*] /, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter(Boolean)
    .reduce((told, part) => {
      const more = `${told}${told === head ? ': ' : '; '}${part.replace(/[.;]$/, '')}`;
      return more.length > commitMaxChars ? told : more;
    }, head);
}

/** The last closing texts that no record holds, each under what was asked, as far as there is room. */
function textsOf(log: readonly TurnLog[]): string[] {
  let room = textsMaxChars;
  const told = log.flatMap(({ turn, texts }) => {
    const asked = askedTitle(turn.prompt);
    return texts.map((text) => (asked === undefined ? text : `${asked}\n\n${text}`));
  });
  return told
    .toReversed()
    .filter((text) => (room -= text.length) >= 0)
    .toReversed();
}

/** Of the last turn alone: tasks left open, what the agent says is left, and a prompt that got no answer. */
function nextStepsOf(session: PreparedSession, timeline: Timeline): string[] {
  const { turns, end } = session;
  // Not the commands that the user typed after it.
  const last = turns.findLast(({ prompt, closing }) => prompt !== '' || closing !== '');
  if (last === undefined) return [];
  const worked = turns.findLast(
    ({ steps, closing }) => closing !== '' && steps.some(({ kind }) => kind === 'edit' || kind === 'commit'),
  );
  const left = [worked ?? last, last]
    .filter((turn, index, all) => all.indexOf(turn) === index)
    .flatMap((turn) => leftIn(turn, timeline));
  const open = openPrompt(session);
  const unanswered = open === undefined ? [] : [tellUnanswered(open, last)];
  return [...unanswered, ...end.openTasks, ...left, ...pendingIn(session)].slice(0, itemsMax);
}

/** The open prompt; where it only says yes, with the question that it answers. */
function tellUnanswered({ prompt, asked }: OpenPrompt, { steps }: Turn): string {
  const words = ownWords(prompt);
  const told = (words.length > 0 ? words : sentencesOf(prompt)).map(plain).join(' ');
  const about = affirmation.test(prompt) && asked !== '' ? ` (to: ${plain(asked)})` : '';
  const edited = [...new Set(steps.flatMap((step) => (step.kind === 'edit' ? [code(step.path)] : [])))];
  const head =
    edited.length === 0 ? 'Not answered' : `${edited.slice(0, 3).join(', ')} edited, but no closing answer to`;
  return `${head}: ${cutText(`${told}${about}`, itemMaxChars)}`;
}

function leftIn(turn: Turn, timeline: Timeline): string[] {
  let isUnder = false;
  return keptLines(turn.closing, timeline.closingAt(turn), timeline).flatMap(({ kind, sentences }) => {
    if (kind === 'heading') isUnder = pending.test(sentences.join(' '));
    if (kind !== 'prose' && kind !== 'item') return [];
    return sentences
      .filter(
        (sentence) =>
          (isUnder || pending.test(sentence.replace(quoted, ''))) &&
          sentence.length <= itemMaxChars &&
          !/^I(?: |')/.test(sentence) &&
          !/[:：]$/.test(sentence),
      )
      .map((sentence) => plain(withoutLabel(sentence)));
  });
}

const quoted = /`[^`]*`|"[^"]*"/g;

/** `Next: …` stands under a heading that says so. */
function withoutLabel(sentence: string): string {
  const [label = ''] = /^[^:：]{1,24}[:：]\s*/.exec(sentence) ?? [];
  return pending.test(label) ? sentence.slice(label.length) : sentence;
}
