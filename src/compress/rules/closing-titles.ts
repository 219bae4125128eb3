// Titles of closing texts: a statement of the text, else what the user asked, else what the turn's files define.
import { titleMaxChars } from '../../domain/record.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Turn } from '../session/prepared-session.ts';
import { contentOf, isUnspaced, wordsIn } from './content-words.ts';
import { hasDeed } from './edited-lines.ts';
import { bodyMaxChars, cutText, introduces, isWhole, keepLines, ownWords, type Kept } from './kept-text.ts';
import { contrary, guess, subordinate, toDo } from './language.ts';
import { isQuestion, plain, writeLines, type Line } from './sentences.ts';
import { makeTitle, withoutAsides } from './titles.ts';
import { definedIn } from './work.ts';

/** A closing of less, without a statement that can be its title, tells nothing. */
const closingMinChars = 120;
const promptMaxSentences = 2;
/** Words of content that a sentence of the user's needs to be understood alone. */
const askedMinWords = 3;
/** Emphasized words of a list's item are a statement from here on. */
const statementMinWords = 5;

/** The lines of a closing under a title; undefined where they tell nothing that can have one. */
export function titleClosing(lines: readonly Line[], turn: Turn, session: PreparedSession): Kept | undefined {
  const isAnswer = !hasDeed(turn);
  return titled(lines, isAnswer) ?? (isAnswer ? answered(lines, turn) : named(lines, turn, session));
}

/** A sentence, not what leads to a list or what the reader is to do. */
const isStatement = (sentence: string): boolean => {
  const text = plain(sentence);
  return !toDo.test(text) && !subordinate.test(text) && !guess.test(withoutAsides(sentence));
};
const isNamed = (sentence: string): boolean => namesIn(plain(sentence)).length > 0;

const proseOf = (lines: readonly Line[]): string[] =>
  lines.filter(({ kind }) => kind === 'prose').flatMap(({ sentences }) => sentences);

/** "However, …" is a part of what it is said to, and takes some of that back. */
function isQualified(sentence: string, prose: readonly string[]): boolean {
  const at = prose.indexOf(sentence);
  return (at > 0 && contrary.test(plain(sentence))) || contrary.test(plain(prose[at + 1] ?? ''));
}

/** Under a statement of its own, of a name where there is one; of an answer, one of its prose: its lists are drafts and manuals. */
function titled(lines: readonly Line[], isAnswer: boolean): Kept | undefined {
  const prose = proseOf(lines);
  const isFit = (sentence: string): boolean =>
    isStatement(sentence) &&
    !isQualified(sentence, prose) &&
    (isWhole(sentence) ? !isAnswer || prose.includes(sentence) : !isAnswer && introduces(sentence));
  const kept = keepLines(lines, (sentence) => isFit(sentence) && isNamed(sentence));
  return kept ?? (isAnswer ? undefined : keepLines(lines, isFit));
}

/** An answer that says something of its own, under what was asked. */
function answered(lines: readonly Line[], { prompt }: Turn): Kept | undefined {
  const prose = proseOf(lines);
  const kept = keepLines(
    lines,
    (sentence) => prose.includes(sentence) && isStatement(sentence) && (isWhole(sentence) || introduces(sentence)),
  );
  const title = askedTitle(prompt);
  if (kept === undefined || title === undefined) return kept;
  return { title: { title, rest: '' }, body: cutText(writeLines(lines), bodyMaxChars) };
}

/** Where no sentence of a report can be its title: what the user had asked, or what the turn defined. */
function named(lines: readonly Line[], turn: Turn, session: PreparedSession): Kept | undefined {
  const body = cutText(writeLines(lines), bodyMaxChars);
  if (body.length < closingMinChars) return undefined;
  const emphasized = lines.flatMap(({ kind, sentences: [first = ''] }) => {
    const lead = kind === 'item' ? /^\*\*([^*]+)\*\*/.exec(first)?.[1] : undefined;
    return lead === undefined || wordsIn(lead).length < statementMinWords ? [] : (makeTitle(lead)?.title ?? []);
  });
  // "Continue" names nothing, and of a long prompt one sentence says little.
  const isShort = ownWords(turn.prompt, true).length <= promptMaxSentences;
  const asked = askedTitle(turn.prompt) ?? [];
  const titles = [...emphasized, ...(isShort ? [asked] : []), ...definedIn(session, turn), asked].flat();
  const title = titles.find((each) => each.length <= titleMaxChars);
  return title === undefined ? undefined : { title: { title, rest: '' }, body };
}

/** The sentence of a prompt that says most, of those that stand for themselves, as the user's. */
export function askedTitle(prompt: string): string | undefined {
  const head = 'The user asked: "';
  const own = ownWords(prompt, true).flatMap((sentence) => {
    const bare = plain(sentence)
      .replace(/[\s?？.!]+$/u, '')
      .replaceAll('"', "'");
    const made = makeTitle(bare, true, titleMaxChars - head.length - 1);
    // A question first.
    const worth = contentOf(sentence).size + (isQuestion(sentence) ? 100 : 0);
    const isTelling = contentOf(sentence).size >= askedMinWords || isUnspaced(sentence);
    return made?.rest === '' && isTelling ? [{ title: made.title, worth }] : [];
  });
  const [best] = own.toSorted((a, b) => b.worth - a.worth);
  return best === undefined ? undefined : `${head}${best.title}"`;
}
