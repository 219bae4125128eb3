// Titles as a colleague would write them: one clause of the session's own words, at most 90 characters.
import { titleMaxChars } from '../../domain/record.ts';
import { dangling, pointing } from './cues.ts';
import { plainText, raiseFirst, splitSentences } from './sentences.ts';
import { clip, containment, stemsOf } from './words.ts';

const breaks = [
  /\s[—–]\s/g,
  /\s-\s/g,
  /;\s/g,
  /\.\s/g,
  /:\s/g,
  /,\s(?=(?:so|but|and|because|which|since|while|not|instead|rather)\b)/gi,
  /\s(?=(?:because|since|so that|rather than|instead of|which|while|when|after|before)\b)/gi,
  /,\s/g,
  /\s(?=and\b)/gi,
];
/** A cut before these may say another thing than the whole: the last resort. */
const weakBreaks = /\s(?=(?:as|with|from|by|via|through)\b)/gi;
const trailing =
  /[\s,;:–—-]+$|\s+(?:and|or|but|so|the|a|an|of|to|in|on|at|by|for|with|from|that|which|is|are|was|as|because|via|using|both)$/i;

/** Openings of a clause that hangs on another one, or speaks of the writer. */
const unfit =
  /^(?:(?:because|since|when|while|after|before|if|as|weil|dass|da|wenn|nachdem|obwohl|damit)\b(?!.{8,}, )|so|rather|instead|which|not|or|i|we|my|our|you|your|given|with|no new|including|excluding|using|according|good|great|now|currently|ich|wir|achtung|also|denn)\b/i;

/** Words that announce a finding without being one. */
const contentless =
  /^(?:the |one |another )?(?:\w+ )?(?:issue|problem|bug|reason|cause|culprit|catch|fix|thing) (?:here |in this \w+ )?(?:is|was)(?: that)?:? (?=\S)|^(?:\w+ )?fix in this session: |^(?:the )?(?:(?:root|real|actual) )?cause(?: is| was)?(?: that)?:? (?=\S)|^(?:die )?(?:eigentliche |wahre )?ursache(?: ist| war)?: (?=\S)/i;

/** The writer as the doer: `We keep x` reads as `Keep x`. */
const ownDoing =
  /^(?:we|i) (?!am\b|are\b|was\b|were\b|have\b|had\b|can\b|could\b|need\b|will\b|would\b|should\b|do\b|did\b|don't\b|didn't\b|think\b|see\b|also\b|just\b|still\b)(?=\p{Ll})/iu;

/** `feat(scope)!: subject (#12)` → kind `feat`, `Subject`. */
export function readSubject(subject: string): { prefix: string; text: string } {
  const match = /^(\w+)(?:\([^)]*\))?!?:\s+(.*)$/.exec(subject);
  const text = (match?.[2] ?? subject).replace(/\s*\((?:#\d+|[\w.-]*\d[\w.-]*|[a-z]+-[a-z0-9.]+)\)\s*$/i, '');
  return { prefix: match?.[1]?.toLowerCase() ?? '', text: raiseFirst(withoutTask(text.trim())) };
}

/** The id of a task tracker says nothing to who does not know it. */
export function withoutTask(text: string): string {
  const bare = text.replace(
    /^(?:\[[A-Z]+-\d+\]|#\d+|[A-Z]{2,10}-\d+|[a-z][a-z0-9]*-[a-z0-9]*\d?[a-z0-9]*(?:\.\d+)+)\s*[-–—:]?\s+(?=\S+ \S)/,
    '',
  );
  return bare.length < 12 ? text : bare;
}

function tidy(text: string): string {
  let title = text.trim();
  for (let before = ''; before !== title;) {
    before = title;
    title = title.replace(trailing, '');
  }
  title = title
    .replace(/[.。]$/, '')
    .replace(contentless, '')
    .replace(ownDoing, '');
  if ((title.split('`').length - 1) % 2 === 1) title = title.replace(/`/g, '');
  if ((title.match(/\(/g)?.length ?? 0) > (title.match(/\)/g)?.length ?? 0))
    title = title.slice(0, title.lastIndexOf('(')).trim();
  return raiseFirst(title);
}

/** Which letters stand in code, quotes or brackets: no title is cut there. */
function insideOf(text: string): boolean[] {
  let depth = 0;
  let code = false;
  return [...text].map((letter) => {
    if (letter === '`') code = !code;
    else if (!code && '([{'.includes(letter)) depth++;
    else if (!code && ')]}'.includes(letter)) depth = Math.max(0, depth - 1);
    return code || depth > 0;
  });
}

/** Verbs whose doer stands elsewhere: `Returns the row` is no title. */
export const doerless =
  /^(?:returns|adds|uses|calls|loads|maps|contains|tests|defines|handles|wraps|reads|writes|sends|sets|gets|takes|renders|emits|extracts|exposes|provides|implements|supports|shows|keeps|stores|generates|accepts|expects|requires|respects|rescues|sources|creates|updates|removes|checks|runs|is|are|was|were|has|have|does|had|can|cannot|must|should|will)\b/i;
/** Leans on something that only the session knows. */
const leaning =
  /\b(?:itself|themselves)\b|\bthe (?:old|same|latter|former|other|others|above|following|remaining|duplicate|rest|second|third|two|three|both|existing)\b|\b(?:alten|selbst|folgenden?|übrigen)\b/i;
/** Breaks off before it says what happened. */
const unfinished =
  /:\s*(?:the )?(?:tests?|builds?|it|compilation|checks?|commits?) (?:failed|fails|broke|breaks)$|\b(?:fixed|solved|resolved|caused|done)$/i;

function isTitle(title: string): boolean {
  if (title.length > titleMaxChars || title.length < 18 || title.split(/\s+/).length < 3) return false;
  if (/[;,]\s*(?:(?:i|we|it|they|this|that|you)\s+)?\w+$/i.test(title)) return false;
  if (/\b(?:I|my)\b/.test(title) || title.endsWith('?')) return false;
  if (/^\d+ (?:\w+ )?(?:tests?|specs?|checks?)\b/i.test(title) || plainWords(title) < 2) return false;
  if (doerless.test(title) || leaning.test(title) || unfinished.test(title)) return false;
  return !dangling.test(title) && !unfit.test(title) && !pointing.test(title);
}

/** Words of a language, not of code. */
function plainWords(title: string): number {
  const plain = title.replace(/`[^`]*`/g, ' ').match(/(?<![\w./:@-])\p{L}[\p{L}'’-]*(?![\w./:(@])/gu) ?? [];
  return plain.filter((word) => !/^(?:and|or|to|in|the|a|an|of|und|oder)$/i.test(word)).length;
}

/** A cut ends a clause; what stands on either side may stand alone. */
const minPartChars = 28;
/** The beginning names the subject: worth this many characters of any other part. */
const beginningBonus = 35;
const wholeBonus = 60;
const weakLoss = 60;
const minWeakChars = 45;
/** Without the beginning nobody knows who does it. */
const tailLoss = 40;
/** What stands before a colon only announces. */
const labelLoss = 40;

/**
 * One clause of the text that can stand alone: the beginning, as much of it as fits, else the longest part between two breaks; undefined
 * when there is none.
 */
export function makeTitle(text: string): string | undefined {
  const sentence = plainText(withoutTask(text));
  const first = splitSentences(sentence)[0] ?? sentence;
  const bare = first.replace(/`[^`]*`|\s*\((?:[^()]|\([^)]*\)){8,}\)/g, keepCode);
  const parts = [first, bare].flatMap(partsOf);
  // A call without what it was given, where nothing else fits.
  if (parts.length === 0) parts.push(...partsOf(bare.replace(/`([\w.:?!]+)\([^`]{8,}\)`/g, '`$1`')));
  return parts.sort((a, b) => b.worth - a.worth)[0]?.title;
}

const keepCode = (part: string): string => (part.startsWith('`') ? part : '');

function partsOf(whole: string): { title: string; worth: number }[] {
  if (isTitle(tidy(whole))) return [{ title: tidy(whole), worth: wholeBonus + titleMaxChars }];
  const inside = insideOf(whole);
  const cutsAt = (pattern: RegExp): RegExpMatchArray[] =>
    [...whole.matchAll(pattern)].filter((match) => inside[match.index ?? 0] !== true);
  const cuts = breaks.flatMap(cutsAt);
  const starts = [0, ...cuts.map((match) => (match.index ?? 0) + match[0].length)];
  const ends = cuts.map((match) => ({ end: match.index ?? 0, loss: match[0].startsWith(':') ? labelLoss : 0 }));
  ends.push({ end: whole.length, loss: 0 });
  ends.push(...cutsAt(weakBreaks).map((match) => ({ end: match.index ?? 0, loss: weakLoss })));
  return starts.flatMap((start) =>
    ends
      .filter(({ end }) => end - start >= minPartChars)
      .map(({ end, loss }) => ({ title: tidy(whole.slice(start, end).replace(/^(?:because|since) /i, '')), loss }))
      .filter(({ title, loss }) => isTitle(title) && title.length >= (loss === weakLoss ? minWeakChars : minPartChars))
      .map(({ title, loss }) => ({ title, worth: title.length + (start === 0 ? beginningBonus : -tailLoss) - loss })),
  );
}

/** For what has a name already, such as a commit: cut where it is too long. */
export function clipTitle(text: string): string {
  return clip(raiseFirst(plainText(withoutTask(text)).replace(/[.。]$/, '')), titleMaxChars);
}

/** Without a first sentence that the title says already, where another follows. */
export function withoutTitle(text: string, title: string): string {
  const [first = '', ...rest] = splitSentences(text);
  const said = new Set(stemsOf(title));
  return rest.length > 0 && containment(new Set(stemsOf(first)), said) >= 0.9 ? rest.join(' ') : text;
}
