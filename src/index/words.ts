// Text to the words of the index: identifiers and paths split (and kept joined), dates as words, stop words out, Porter stems.
// The same function reads records and questions, so both sides agree whatever its choices are.
import { stemmer } from 'stemmer';
import { baseForms, isStopWord } from './english.ts';

export const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const;

/** Longer chunks (data URLs, hashes, minified code) are noise in an index. */
const chunkMaxChars = 200;
const wordMaxChars = 48;
const memoMaxChunks = 60_000;

const chunks = /[\p{L}\p{N}\p{M}_$]+(?:[-'’./\\:@+#][\p{L}\p{N}\p{M}_$]+)*/gu;
// Of plain text the same, without Unicode's tables: to compile those takes longer than to read a record.
const plainChunks = /[A-Za-z0-9_$]+(?:[-'./\\:@+#][A-Za-z0-9_$]+)*/g;
const borders = /[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const plainBorders = /[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;
const notAscii = /[^\x00-\x7f]/;
/** Most words of a text: nothing to take apart, no number. */
const plainWord = /^[A-Z]?[a-z]+$/;
const isoDate = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?$/;
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]{2,}/gu;

/** Vocabulary is small beside text: each distinct chunk is taken apart once. Emptied when full. */
const memo = new Map<string, readonly string[]>();

/** The stems of a text in order, repeats kept, stop words left out; for the index, for questions and for comparing records. */
export function stemmedWords(text: string): string[] {
  const out: string[] = [];
  const found = text.match(notAscii.test(text) ? chunks : plainChunks);
  if (found === null) return out;
  for (const chunk of found) {
    let words = memo.get(chunk);
    if (words === undefined) {
      words = chunk.length > chunkMaxChars ? [] : splitChunk(chunk);
      if (memo.size >= memoMaxChunks) memo.clear();
      memo.set(chunk, words);
    }
    for (const word of words) out.push(word);
  }
  return out;
}

function splitChunk(chunk: string): string[] {
  if (plainWord.test(chunk)) return wordOf(chunk.toLowerCase());
  const date = isoDate.exec(chunk);
  if (date) return dateWords(chunk);
  const isAscii = !notAscii.test(chunk);
  const out: string[] = [];
  for (const identifier of (isAscii ? chunk : fold(chunk)).split(/[/\\:@+#]+/)) addIdentifier(identifier, out);
  if (!isAscii) for (const run of chunk.match(unspaced) ?? []) addBigrams(run, out);
  return out;
}

/** "2023-05-08…" as people ask for it: 2023, may, 8. */
export function dateWords(iso: string): string[] {
  const [, year, month, day] = isoDate.exec(iso) ?? [];
  const name = monthNames[Number(month) - 1];
  if (year === undefined || name === undefined) return iso.split(/\D+/).filter((part) => part !== '');
  return [year, stemmer(name), ...(day === undefined ? [] : [String(Number(day))])];
}

function addIdentifier(identifier: string, out: string[]): void {
  const bare = identifier.replace(/['’](?:s|d|ll|re|ve|m)$/i, '').replace(/['’]/g, '');
  const parts = bare.split(notAscii.test(bare) ? borders : plainBorders);
  const words = parts.filter((part) => part !== '');
  for (const word of words) addWord(word.toLowerCase(), out);
  if (words.length > 1 && words.length <= 6) addWord(words.join('').toLowerCase(), out);
}

function addWord(word: string, out: string[]): void {
  if (/^\d+$/.test(word)) {
    if (word.length <= wordMaxChars) out.push(word.replace(/^0+(?=\d)/, ''));
    return;
  }
  const ordinal = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1];
  if (ordinal === undefined) out.push(...wordOf(word));
  else out.push(ordinal);
}

/** Of a word without numbers: its stem, or nothing. */
function wordOf(word: string): string[] {
  return word.length > wordMaxChars || isStopWord(word) ? [] : [stemmer(baseForms.get(word) ?? word)];
}

/** Scripts without spaces: pairs of letters. */
function addBigrams(run: string, out: string[]): void {
  const letters = [...run];
  for (let i = 0; i + 1 < letters.length; i++) out.push(letters[i]! + letters[i + 1]!);
}

/** Latin letters lose their accents; other scripts keep their marks. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC');
}
