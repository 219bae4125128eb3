// What of a text stays as it stands: without questions, offers, promises and whatever was overturned, cut at a line's or sentence's end.
import { acknowledgement, anaphor, backward, contrary, momentary, offer, promise, reason } from './words/language.ts';
import { isTable, plain, readLines, splitSentences, writeLines, type Line } from './words/sentences.ts';
import type { Timeline } from './session-order.ts';
import { hasName, isMomentary, isSmallTalk, isPersonal, makeTitle, type Title } from './titles.ts';
import { wordsIn } from './words/content-words.ts';

/** Of a record's body. */
export const bodyMaxChars = 1_100;

/** A phrase, a label or a row of names ends without a full stop. */
export const isWhole = (sentence: string): boolean => ended.test(sentence);
const ended = /(?<!\.\.)[.!。！][\s*_)"'”’»」]*$/u;

const introduction = /[:：]\**$/;

export interface Kept {
  title: Title;
  /** The text without the title's sentence. */
  body: string;
}

/** Lines of a text told at a place in the session, as far as they still hold at its end. */
export function keptLines(text: string, at: number, timeline: Timeline): Line[] {
  const stands = (kind: Line['kind'], sentence: string, index: number, sentences: readonly string[]): boolean => {
    const bare = plain(sentence);
    const isAsked = /[?？¿]/.test(bare.replace(/`[^`]*`|"[^"]*"/g, ''));
    // "You are ready to push" held for a moment.
    const isToReader = isPersonal(bare) && (introduction.test(bare) || (momentary.test(bare) && !reason.test(bare)));
    // "However, I can't test it here" takes back some of what stands before it.
    const isAside = !contrary.test(bare) && (isToReader || offer.test(bare));
    const isPassing = isPromise(sentences[index + 1] ?? '');
    if (isAsked || isAside || isPassing || backward.test(bare) || (kind === 'prose' && isIdle(bare))) return false;
    return !sentence.includes('[…') && !timeline.isOverturned(sentence, at);
  };
  let isLost = false;
  // "Next steps", and something was done since.
  let lostLevel = 0;
  const lines = readLines(text).flatMap((line): Line[] => {
    // Items and code whose introduction does not hold.
    if (isLost && (line.kind === 'item' || line.kind === 'code')) return [];
    if (line.kind !== 'blank') isLost = false;
    if (line.kind === 'heading') {
      const heading = line.sentences.join(' ');
      const isLostHeading = timeline.isOverturned(heading, at) || (timeline.isFollowed(at) && proposal.test(heading));
      // It ends with the next heading of its level.
      if (isLostHeading && lostLevel === 0) lostLevel = levelOf(line);
      else if (!isLostHeading && levelOf(line) <= lostLevel) lostLevel = 0;
    }
    if (lostLevel > 0) return [];
    if (line.kind === 'blank' || line.kind === 'heading') return [line];
    // "Before: …" and what follows it on the line tell how it was.
    if (backward.test(plain(line.sentences[0] ?? ''))) return [];
    const isHead = (row: number): boolean => isTable(line.sentences) && row < 2;
    const sentences =
      line.kind === 'code' || line.kind === 'row'
        ? line.sentences.filter((code, row) => isHead(row) || !timeline.isOverturned(code, at))
        : withoutTails(
            line.sentences,
            line.sentences.filter((sentence, index, all) => stands(line.kind, sentence, index, all)),
          );
    const last = line.sentences.at(-1) ?? '';
    const isIntroduction = line.kind === 'prose' && introduction.test(last);
    // "I've added:" goes, and what was added stays.
    isLost = isIntroduction && !sentences.includes(last) && (offer.test(last) || timeline.isOverturned(last, at));
    const isEmpty = sentences.length <= (isHead(0) ? 2 : 0);
    if (isEmpty) return [];
    // A size of then is told as past.
    const dated = line.kind === 'code' ? [] : sentences.filter((sentence) => timeline.isDated(sentence, at));
    const rows = dated.map((sentence): Line => ({ mark: line.mark, kind: 'row', sentences: [`was: ${sentence}`] }));
    return [...leave({ ...line, sentences }, (sentence) => dated.includes(sentence)), ...rows];
  });
  return dropIdle(lines);
}

/** 1 is the highest; a line in bold stands below all. */
const levelOf = ({ mark }: Line): number => mark.trim().length || 7;

/** Over what was proposed, and something was done since. */
const proposal =
  /(?<![\p{L}])(?:needed|proposed|proposals?|suggest\p{L}+|recommend\p{L}+|(?:my|implementation) plan|options?|vorschl\p{L}+|empfehlung\p{L}*|propositions?|propuesta\p{L}*|recomenda\p{L}+|sugest\p{L}+|propost\p{L}+)(?![\p{L}])|建议|方案|提案/iu;

/** "The helpers are unused. Let me remove them." was so until the next deed. */
export const isPromise = (sentence: string): boolean => promise.test(plain(sentence));

/** What points back at a sentence that was left out goes with it. */
function withoutTails(all: readonly string[], kept: readonly string[]): string[] {
  const told: string[] = [];
  for (const [index, sentence] of all.entries()) {
    const isTail = index > 0 && !told.includes(all[index - 1]!) && anaphor.test(plain(sentence));
    if (kept.includes(sentence) && !isTail) told.push(sentence);
  }
  return told;
}

/** "Done.", "Yes.", "All tests pass now." and praise tell nothing. */
function isIdle(sentence: string): boolean {
  if (isMomentary(sentence) && !sentence.includes('`')) return true;
  const bare = `${sentence} `.replace(acknowledgement, '').trim();
  return bare === '' || isSmallTalk(sentence) || (wordsIn(bare).length <= 2 && !hasName(bare) && !/[:：]$/.test(bare));
}

/** Headings and introductions of which nothing is left. */
export function dropIdle(lines: readonly Line[]): Line[] {
  const kept: Line[] = [];
  for (const line of [...lines].reverse()) {
    const next = kept.findLast(({ kind }) => kind !== 'blank');
    const isIntroduction = line.kind === 'heading' || introduction.test(line.sentences.at(-1) ?? '');
    const isAlone =
      next === undefined ||
      next.kind === 'heading' ||
      (line.kind === 'item' && next.kind === 'item' && indent(next) <= indent(line)) ||
      (line.kind !== 'heading' && next.kind === 'prose');
    const isKept =
      line.kind === 'blank' ? kept.length > 0 && kept.at(-1)!.kind !== 'blank' : !(isIntroduction && isAlone);
    if (isKept) kept.push(line);
  }
  return kept.reverse();
}

const indent = ({ mark }: Line): number => /^\s*/.exec(mark)![0].length;

/** The first sentence that can be a title, of those that `isWanted`; undefined where there is none. */
export function keepText(
  text: string,
  at: number,
  timeline: Timeline,
  isWanted: (sentence: string) => boolean = () => true,
): Kept | undefined {
  return keepLines(keptLines(text, at, timeline), isWanted);
}

/** The same of lines that hold. */
export function keepLines(
  lines: readonly Line[],
  isWanted: (sentence: string) => boolean = () => true,
): Kept | undefined {
  const candidates = [...lines.entries()].flatMap(([index, line]) =>
    line.kind === 'prose' || line.kind === 'item'
      ? // What follows in an item speaks of what it begins with.
        line.sentences
          .slice(0, line.kind === 'item' ? 1 : undefined)
          .map((sentence) => ({ index, kind: line.kind, sentence }))
      : [],
  );
  // A sentence of a paragraph before an item of a list.
  for (const kind of ['prose', 'item'] as const)
    for (const { index, sentence } of candidates.filter((each) => each.kind === kind)) {
      const title = isWanted(sentence)
        ? makeTitle(introduces(sentence) ? sentence.replace(introduction, '') : sentence)
        : undefined;
      if (title === undefined) continue;
      // A list stays whole, and a paragraph further down.
      const isLead = lines.slice(0, index).every((line) => line.kind === 'blank');
      const without = lines.flatMap((line, place) =>
        place === index && kind === 'prose' && isLead ? leave(line, (each) => each === sentence) : [line],
      );
      const left = title.rest === '' || !isLead || kind === 'item' ? '' : `${raise(title.rest)}\n\n`;
      const body = cutText(`${left}${writeLines(dropIdle(without))}`, bodyMaxChars);
      return { title, body };
    }
  return undefined;
}

/** What a list or table below it is about. */
export const introduces = (sentence: string): boolean => introduction.test(sentence) && wordsIn(sentence).length > 5;

export const raise = (text: string): string =>
  text.replace(/^(?:and|und|et|y|e) /, '').replace(/^\p{Ll}(?=[\p{Ll}'’]*(?:\s|,|$))/u, (first) => first.toUpperCase());

/** The line without some of its sentences; none where nothing is left. */
export function leave(line: Line, isLeft: (sentence: string) => boolean): Line[] {
  const sentences = line.sentences.filter((sentence) => !isLeft(sentence));
  return line.kind !== 'blank' && sentences.length === 0 ? [] : [{ ...line, sentences }];
}

/** At a line's end where possible, else at a sentence's. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text.trim();
  const kept: string[] = [];
  let size = 0;
  let fence = false;
  for (const line of text.split('\n')) {
    if (size + line.length + 1 > maxChars) {
      let head = '';
      for (const sentence of fence ? [] : splitSentences(line)) {
        if (size + head.length + sentence.length + 1 > maxChars) break;
        head += head === '' ? sentence : ` ${sentence}`;
      }
      if (/[\p{L}]{2}/u.test(head)) kept.push(head);
      break;
    }
    if (/^\s*```/.test(line)) fence = !fence;
    kept.push(line);
    size += line.length + 1;
  }
  if (fence) kept.splice(kept.findLastIndex((line) => /^\s*```/.test(line)));
  while (kept.length > 0 && (/^#|[:：]\**$/.test(kept.at(-1)!.trim()) || kept.at(-1)!.trim() === '')) kept.pop();
  return kept.join('\n').trim();
}
