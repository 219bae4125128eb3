// Text to the words of the index: identifiers and paths split (and kept joined), dates as words, words without meaning out, stems.
// The same functions read records and questions, so both sides agree whatever their choices are.
import { stemmer } from 'stemmer';
import { once } from '../domain/once.ts';
import { fold, notAscii, patternFor } from './fold.ts';
import { type Language, languageOf, saysNothing, stemIn, stemsIn } from './languages.ts';

export const monthNames = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** Longer chunks (data URLs, hashes, minified code) are noise in an index. */
const chunkMaxChars = 200;
const wordMaxChars = 48;
const memoMaxChunks = 60_000;

const chunksIn = patternFor(String.raw`[\p{L}\p{N}\p{M}_$]+(?:[-'’./\\:@+#][\p{L}\p{N}\p{M}_$]+)*`, 'g');
const bordersIn = patternFor(
  String.raw`[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=[\p{Lu}])|(?<=[\p{Lu}])(?=[\p{Lu}][\p{Ll}])`,
);
/** Most words of a text: nothing to take apart, no number. */
const plainWord = /^[A-Z]?[a-z]+$/;
const isoDate = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?$/;
/** `RFC7230`: people ask for it with and without a space. */
const glued = /^(\D{2,})(\d{1,6})$/;
const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}`;
const unspaced = once(() => new RegExp(`[${cjk}ー々]+`, 'gu'));
const han = /\p{Script=Han}/u;
const hangul = /\p{Script=Hangul}/u;

type WordsOf = (word: string, out: string[]) => void;

/** Vocabulary is small beside text: each distinct chunk is taken apart once. Emptied when full. */
const memos = new Map<Language, Map<string, readonly string[]>>();

/**
 * The stems of a text in order, repeats kept, words that say nothing left out; for the index and for comparing records. In another language
 * than English a word gives its English stem as well, where that differs: code and names stand in every language.
 */
export function stemmedWords(text: string, language: Language = 'en'): string[] {
  const memo = memos.get(language) ?? new Map<string, readonly string[]>();
  memos.set(language, memo);
  const out: string[] = [];
  for (const chunk of text.match(chunksIn(text)) ?? []) {
    let words = memo.get(chunk);
    if (words === undefined) {
      words = takeApart(chunk, (word, into) => addStems(word, language, into));
      if (memo.size >= memoMaxChunks) memo.clear();
      // A copy has no room to grow.
      memo.set(chunk, [...words]);
    }
    for (const word of words) out.push(word);
  }
  return out;
}

/** A word of a question. */
export interface AskedWord {
  /** As it was written. */
  spoken: string;
  /** In the question's language and in English. */
  stems: readonly string[];
  /** In other languages, for a word that no record holds otherwise. */
  others(): readonly string[];
  /** In a language that joins words: compounds of it are meant as well. */
  isCompounding: boolean;
  /** The identifier, path or run of letters that it is a part of. */
  within?: string;
}

/** The words of a question, each stem once. */
export function askedWords(question: string): AskedWord[] {
  const language = languageOf(question) ?? 'en';
  const found = new Map<string, AskedWord>();
  for (const chunk of question.match(chunksIn(question)) ?? []) {
    const words = takeApart(chunk, (word, out) => void (saysNothing(word, language) || out.push(`=${word}`)));
    for (const word of words) {
      const bare = word.startsWith('=') ? word.slice(1) : undefined;
      const stems = bare === undefined ? [word] : stemsIn(bare, [language, 'en']);
      if (found.has(stems[0]!)) continue;
      const spoken = spokenPart(chunk, bare ?? word);
      const isPart = spoken !== chunk;
      found.set(stems[0]!, {
        spoken,
        stems,
        others: () => (bare === undefined ? [] : stemsIn(bare).filter((stem) => !stems.includes(stem))),
        isCompounding: language === 'de',
        ...(isPart && { within: chunk }),
      });
    }
  }
  return [...found.values()];
}

/** A word as it stands in its chunk; the chunk where it stands there in no such form. */
function spokenPart(chunk: string, word: string): string {
  const plain = notAscii.test(chunk) ? fold(chunk) : chunk;
  const at = plain.length === chunk.length ? plain.toLowerCase().indexOf(word) : -1;
  return at < 0 ? chunk : chunk.slice(at, at + word.length);
}

/** `addWord` is given each word without numbers, in lower case and without accents. */
function takeApart(chunk: string, addWord: WordsOf): string[] {
  const out: string[] = [];
  if (chunk.length > chunkMaxChars) return out;
  if (plainWord.test(chunk)) addWord(chunk.toLowerCase(), out);
  else if (isoDate.test(chunk)) out.push(...dateWords(chunk));
  else {
    const isAscii = !notAscii.test(chunk);
    const runs = isAscii ? null : chunk.match(unspaced());
    const spaced = isAscii ? chunk : fold(runs === null ? chunk : chunk.replace(unspaced(), '/'));
    for (const identifier of spaced.split(/[/\\:@+#]+/)) addIdentifier(identifier, out, addWord);
    for (const run of runs ?? []) addRun(run.normalize('NFKC'), out);
  }
  return out;
}

/** "2023-05-08…" as people ask for it: 2023, may, 8. */
export function dateWords(iso: string): string[] {
  const [, year, month, day] = isoDate.exec(iso) ?? [];
  const name = monthNames[Number(month) - 1];
  if (year === undefined || name === undefined) return iso.split(/\D+/).filter((part) => part !== '');
  return [year, stemmer(name), ...(day === undefined ? [] : [String(Number(day))])];
}

function addIdentifier(identifier: string, out: string[], addWord: WordsOf): void {
  const bare = identifier
    .replace(/['’](?:s|d|ll|re|ve|m)$/i, '')
    .replace(/^(?:[cdjlmnst]|qu)['’](?=..)/i, '')
    .replace(/['’]/g, '');
  const parts = bare.split(bordersIn(bare));
  const words = parts.filter((part) => part !== '').map((part) => part.toLowerCase());
  for (const word of words) addPart(word, out, addWord);
  if (words.length > 1 && words.length <= 6) addPart(words.join(''), out, addWord);
}

function addPart(word: string, out: string[], addWord: WordsOf): void {
  if (word.length > wordMaxChars) return;
  if (/^(?:\d+|\d{1,2}(?:st|nd|rd|th))$/.test(word)) return void out.push(bareNumber(word));
  addWord(word, out);
  const [, name, number] = glued.exec(word) ?? [];
  if (name === undefined) return;
  addWord(name, out);
  out.push(bareNumber(number!));
}

/** Without zeros before it and letters behind it. */
function bareNumber(word: string): string {
  return word.replace(/\D+$/, '').replace(/^0+(?=\d)/, '');
}

function addStems(word: string, language: Language, out: string[]): void {
  if (saysNothing(word, language)) return;
  const stem = stemIn(word, 'en');
  out.push(stem);
  if (language === 'en') return;
  const own = stemIn(word, language);
  if (own !== stem) out.push(own);
}

/** Scripts without spaces: pairs of letters, and each Chinese character, which is a word. Korean words as well: their endings vary. */
function addRun(run: string, out: string[]): void {
  const letters = [...run];
  if (letters.length === 1 || (hangul.test(run) && letters.length !== 2)) out.push(run);
  for (let i = 0; i + 1 < letters.length; i++) out.push(letters[i]! + letters[i + 1]!);
  if (letters.length > 1) for (const letter of letters) if (han.test(letter)) out.push(letter);
}
