// Titles of closing texts, which are statements of the text, and of sessions, which quote the user.
import { titleMaxChars } from '../../domain/record.ts';
import { namesIn } from '../plan/names.ts';
import { contentOf } from './words/content-words.ts';
import { introduces, isWhole, keepLines, type Kept } from './kept-text.ts';
import { ownWords } from './own-words.ts';
import { contrary, guess, pending, reason, subordinate, toDo } from './words/language.ts';
import { isQuestion, plain, type Line } from './words/sentences.ts';
import { makeTitle } from './titles.ts';

/** Words of content that a sentence of the user's needs to be understood alone. */
const askedMinWords = 3;
/** A sentence, not what leads to a list or what the reader is to do. */
const isStatement = (sentence: string): boolean => {
  const text = plain(sentence);
  return !toDo.test(text) && !subordinate.test(text) && !guess.test(text) && !pending.test(text);
};
const isNamed = (sentence: string): boolean => namesIn(plain(sentence)).length > 0;

const proseOf = (lines: readonly Line[]): string[] =>
  lines.filter(({ kind }) => kind === 'prose').flatMap(({ sentences }) => sentences);

/** "However, …" is a part of what it is said to, and takes some of that back. */
function isQualified(sentence: string, prose: readonly string[]): boolean {
  const at = prose.indexOf(sentence);
  return (at > 0 && contrary.test(plain(sentence))) || contrary.test(plain(prose[at + 1] ?? ''));
}

/**
 * The lines under a statement of theirs, of a name where there is one; undefined where none can be a title. Of an answer a sentence of its
 * prose that names something or gives a reason: its lists are drafts and manuals.
 */
export function titleClosing(lines: readonly Line[], isAnswer: boolean): Kept | undefined {
  const prose = proseOf(lines);
  const isFit = (sentence: string): boolean =>
    isStatement(sentence) &&
    !isQualified(sentence, prose) &&
    prose.includes(sentence) &&
    (isWhole(sentence) || (!isAnswer && introduces(sentence)));
  return (
    keepLines(lines, (sentence) => isFit(sentence) && isNamed(sentence)) ??
    keepLines(lines, (sentence) => isFit(sentence) && reason.test(sentence))
  );
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
    const isTelling = contentOf(sentence).size >= askedMinWords;
    return made?.rest === '' && isTelling ? [{ title: made.title, worth }] : [];
  });
  const [best] = own.toSorted((a, b) => b.worth - a.worth);
  return best === undefined ? undefined : `${head}${best.title}"`;
}
