// A session in one order, and what of it was overturned later: by an edit, by the user, by the agent's own later word.
import { excludes, negation, readSentence, type Claimed } from '../plan/contradict.ts';
import { namesIn } from '../plan/names.ts';
import type { PreparedSession, Step, Turn } from '../session/prepared-session.ts';
import {
  admission,
  advice,
  choice,
  defect,
  didNotWork,
  guess,
  mended,
  otherWay,
  past,
  pending,
  refusal,
  words,
} from './words/language.ts';
import { isQuestion, plain, readLines } from './words/sentences.ts';
import { isSwapped, swapsOf, type Swap } from './swapped-words.ts';
import { isTakenBack } from './taken-back.ts';
import { isProse } from './work.ts';
import { contentOf, fileNames, holdsName, shared, subjectOf } from './words/content-words.ts';

export interface Timeline {
  /** Where a turn's closing text stands. */
  closingAt(turn: Turn): number;
  stepAt(step: Step): number;
  /** Something was done after that place. */
  isFollowed(at: number): boolean;
  /** A statement made at that place does not hold at the end of the session. */
  isOverturned(sentence: string, at: number): boolean;
  /** It measures work that was edited since. */
  isDated(sentence: string, at: number): boolean;
  /** Only what the work itself says: what it names was put back or taken out again. For commit messages. */
  isUndone(sentence: string, at: number): boolean;
}

interface Told extends Stance {
  at: number;
}

interface Stance {
  /** Names that the sentence affirms and denies, clause by clause. */
  affirmed: ReadonlySet<string>;
  denied: ReadonlySet<string>;
  /** It does both. */
  isContrast: boolean;
  claim: Claimed;
  /** The names in order: two statements on different ones exclude nothing. */
  subject: string;
}

interface Change {
  kind: 'refused' | 'failed' | 'admitted' | 'otherwise';
  /** What speaks of it. */
  by: string;
  /** Places of the turn that it speaks of: from after the closing before it to its own. */
  after: number;
  of: number;
}

const token = /[\p{L}_$@][\p{L}\p{N}_$]*(?:[.:/-]+[\p{L}\p{N}_$]+)*|\d[\d.,_]*\p{L}*|\p{Extended_Pictographic}/gu;

function tokensIn(text: string): Set<string> {
  const found = new Set<string>();
  for (const [whole] of text.matchAll(token)) {
    found.add(whole);
    if (/^\d/.test(whole)) found.add(whole.replace(/\p{L}+$/u, ''));
    for (const part of whole.split(/[.:/]+/)) found.add(part);
  }
  return found;
}

/** A size or count of the work, which the next edit changes. */
const measured =
  /\d(?:[.,]\d+)?\s*(?:[KMG]i?B|(?:pages?|tests|API calls|Seiten|páginas|pagine)(?![\p{L}])|[页頁]|ページ)/u;

/** How the work tree stood. */
const treeState = words(
  'git status shows?|repo(?:sitory)? state|working tree (?:is|has)|(?:is|are|stays?|remains?|still|only|your) (?:\\p{L}+ ){0,2}(?:unstaged|uncommitted|untracked|staged)|no (?:\\p{L}+ )?(?:or \\p{L}+ )?(?:source|code|test|production)\\p{L}*(?: \\p{L}+)? (?:was |were |is )?(?:touched|changed)',
);

/** Could hardly be an ordinary word. */
const isStrong = (name: string): boolean =>
  /[\p{L}\p{N}][_.:/-][\p{L}\p{N}]|\p{Ll}\p{Lu}|\p{Lu}{2}|\p{L}\d{2}|^\d{3,}$|^\d+[.,]\d|\p{Extended_Pictographic}/u.test(
    name,
  );

const strongNames = (text: string): Set<string> =>
  new Set(
    namesIn(text)
      .filter((name) => !/^\d{1,2}$/.test(name))
      .map(bareName),
  );

const bareName = (name: string): string => name.toLowerCase().replace(/\(.*$|[`"']/g, '');

export function readTimeline(session: PreparedSession): Timeline {
  const places = new Map<Turn | Step, number>();
  const removedAt = new Map<string, number>();
  const addedAt = new Map<string, number>();
  const putBackAt = new Map<string, number>();
  const told: Told[] = [];
  const changes: Change[] = [];
  const swaps: { at: number; swap: Swap }[] = [];
  const judged = new Map<string, boolean>();
  /** What the user had answered and took back in a later turn. */
  const answers: { chosen: ReadonlySet<string>; by: Turn }[] = [];
  let lastDeed = 0;
  let lastCodeEdit = 0;
  let lastCommit = 0;
  let at = 0;
  let previous = 0;
  let beforePrevious = 0;
  for (const [index, turn] of session.turns.entries()) {
    at++;
    for (const step of turn.steps) {
      places.set(step, ++at);
      if (step.kind === 'edit') {
        lastDeed = at;
        if (!isProse(step.path)) lastCodeEdit = at;
        const removed = tokensIn(step.hunks.flatMap((hunk) => hunk.removed).join('\n'));
        const added = tokensIn(step.hunks.flatMap((hunk) => hunk.added).join('\n'));
        for (const name of added) addedAt.set(name, at);
        for (const name of removed) if (!added.has(name)) removedAt.set(name, at);
        if (session.end.reverted.includes(step.path)) putBackAt.set(step.path, at);
        for (const swap of swapsOf(step)) swaps.push({ at, swap });
      } else if (step.kind === 'ran') {
        for (const path of step.putBack ?? []) putBackAt.set(path, at);
        if (step.ok && /(?:^|[\s;&|])git (?:\S+ )*?push\b/.test(step.command)) lastCommit = at;
      } else if (step.kind === 'commit') {
        lastCommit = at;
      } else if (step.kind === 'answered') {
        const later = session.turns.slice(index + 1);
        const by = later.findIndex((each) => isTakenBack(`${step.question} ${step.chosen}`, step.chosen, [each]));
        if (by >= 0) answers.push({ chosen: subjectOf(step.chosen), by: later[by]! });
      }
    }
    places.set(turn, ++at);
    const kind = changeOf(turn);
    const by = kind === 'otherwise' ? turn.prompt : `${turn.prompt}\n${turn.closing}`;
    if (kind !== undefined && previous > 0) changes.push({ kind, by, after: beforePrevious, of: previous });
    for (const line of readLines(turn.closing))
      for (const sentence of line.kind === 'code' ? [] : line.sentences)
        told.push({ at, ...stanceOf(plain(sentence)) });
    beforePrevious = previous;
    previous = at;
  }

  const isGone = (name: string, from: number): boolean => {
    const removed = removedAt.get(name) ?? 0;
    return removed > from && removed > (addedAt.get(name) ?? 0);
  };
  const namesGone = (sentence: string, from: number): boolean => {
    // A block of code is told as an example: only what could hardly be an ordinary word counts there.
    const isCode = /^\s*```/.test(sentence);
    const quoted = tokensIn(isCode ? '' : (sentence.match(/`[^`]+`|"[^"]+"/g) ?? []).join(' '));
    for (const name of tokensIn(sentence))
      if ((isStrong(name) || (quoted.has(name) && name.length > 2)) && isGone(name, from)) return true;
    return false;
  };
  const namesPutBack = (sentence: string, from: number): boolean =>
    [...putBackAt].some(([path, when]) => when > from && fileNames(path).some((name) => holdsName(sentence, name)));
  const isCorrected = (sentence: string, from: number): boolean => {
    const { affirmed, denied, claim, subject } = stanceOf(sentence);
    const names = [...affirmed, ...denied];
    const isGuess = guess.test(sentence);
    return told.some((later) => {
      if (later.at <= from) return false;
      if (later.subject === subject && excludes(later.claim, claim)) return true;
      // "It is A, not B" corrects what denied A or affirmed B.
      const isOpposite = later.isContrast && (shared(affirmed, later.denied) > 0 || shared(denied, later.affirmed) > 0);
      // A guess yields to the next word on the same names.
      return isOpposite || (isGuess && heldIn(names, later) >= 2);
    });
  };
  const takesUp = (sentence: string, from: number): boolean =>
    answers.some(
      ({ chosen, by }) =>
        from < (places.get(by) ?? 0) && shared(subjectOf(sentence), chosen) >= Math.max(1, chosen.size * 0.6),
    );
  const closingOf = (from: number): string => session.turns.find((turn) => places.get(turn) === from)?.closing ?? '';
  // Of two pieces of advice on one thing the later one counts.
  const isAdvisedAnew = (sentence: string, from: number): boolean =>
    (advice.test(sentence) || choice.test(sentence)) &&
    session.turns.some((turn) => {
      const isLater = (places.get(turn) ?? 0) > from && advice.test(turn.closing);
      if (!isLater) return false;
      const names = strongNames(turn.closing);
      return shared(strongNames(sentence), names) >= 1 || shared(strongNames(closingOf(from)), names) >= 2;
    });
  const isChanged = (sentence: string, from: number): boolean =>
    changes.some((change) => {
      if (from <= change.after || from > change.of) return false;
      if (change.kind === 'failed') return true;
      if (shared(strongNames(sentence), strongNames(change.by)) >= 1) return true;
      const least = change.kind === 'otherwise' ? 2 : 1;
      return shared(contentOf(sentence), contentOf(change.by)) >= least;
    });
  return {
    closingAt: (turn) => places.get(turn) ?? 0,
    stepAt: (step) => places.get(step) ?? 0,
    isFollowed: (from) => Math.max(lastDeed, lastCommit) > from,
    isDated: (sentence, from) => lastCodeEdit > from && measured.test(plain(sentence)),
    isUndone: (sentence, from) =>
      namesPutBack(plain(sentence), from) || (!past.test(sentence) && namesGone(sentence, from)),
    isOverturned(sentence, from) {
      const key = `${from} ${sentence}`;
      const known = judged.get(key) ?? judge(sentence, from);
      judged.set(key, known);
      return known;
    },
  };

  function judge(sentence: string, from: number): boolean {
    const text = plain(sentence);
    // What is quoted says nothing of the work.
    const own = text.replace(/`[^`]*`|"[^"]*"/g, ' ');
    if (namesPutBack(text, from)) return true;
    if (Math.max(lastDeed, lastCommit) > from && (pending.test(own) || treeState.test(text.replaceAll('`', ''))))
      return true;
    const later = swaps.filter((each) => each.at > from);
    if (
      isSwapped(
        text,
        later.map(({ swap }) => swap),
      )
    )
      return true;
    const isPast = past.test(text);
    if (takesUp(text, from) || isChanged(text, from)) return true;
    if (isAdvisedAnew(text, from) || isCorrected(text, from)) return true;
    if (isPast || mended.test(text)) return false;
    if (lastCodeEdit > from && defect.test(own)) return true;
    return namesGone(sentence, from);
  }
}

function stanceOf(sentence: string): Stance {
  const [affirmed, denied] = [new Set<string>(), new Set<string>()];
  for (const clause of sentence.split(/[,;:，、；：。]\s*|\s[—–-]\s/)) {
    const at = clause.search(negation);
    // What follows the negation is denied; in Japanese what stands before it.
    const isDenied = (name: string): boolean =>
      at >= 0 && (/[\p{Script=Hiragana}]/u.test(clause) ? clause.indexOf(name) < at : clause.indexOf(name) > at);
    for (const name of tokensIn(clause))
      if (isStrong(name)) (isDenied(name) ? denied : affirmed).add(name.toLowerCase());
  }
  const claim = readSentence(sentence);
  const isContrast = affirmed.size > 0 && denied.size > 0;
  return { affirmed, denied, isContrast, claim, subject: [...claim.names].sort().join(' ') };
}

const heldIn = (names: readonly string[], { affirmed, denied }: Stance): number =>
  names.filter((name) => affirmed.has(name) || denied.has(name)).length;

/** How a turn speaks of what the agent said before it. */
function changeOf({ prompt, closing }: Turn): Change['kind'] | undefined {
  const isAsked = isQuestion(prompt);
  if (didNotWork.test(prompt) && !isAsked) return 'failed';
  if (refusal.test(prompt) && !isAsked) return 'refused';
  if (admission.test(closing.slice(0, 200))) return 'admitted';
  return otherWay.test(prompt) && !isAsked ? 'otherwise' : undefined;
}
