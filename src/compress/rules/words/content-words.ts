// Words and names of a text, in any language.
import { stemIn } from '../../../index/languages.ts';
import { namesIn } from '../../plan/names.ts';

/** Short words without content, of several languages. */
const empty = new Set(
  'that this with from have been will would they them then than what when where which your there here into also only just more some como para este esta esto esos esas pero todo toda cuando donde porque sobre entre sind wird wurde eine einer einem einen kann auch oder nach noch nicht aber wenn dass über avec dans pour plus mais elle nous vous sont cette tout comme della delle sono come anche quando para mais este essa isso pela pelo mesmo'.split(
    ' ',
  ),
);
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/** Words as the segmenter finds them, folded. */
export function wordsIn(text: string): string[] {
  const found: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text))
    if (isWordLike === true) found.push(segment.toLowerCase());
  return found;
}

/** Words that carry content: of four letters and more, or of two characters in a script without spaces. */
export function contentOf(text: string): Set<string> {
  const words = wordsIn(text).filter((word) =>
    unspaced.test(word) ? word.length >= 2 : word.length >= 4 && !empty.has(word),
  );
  return new Set(words.map((word) => stemIn(word, 'en')));
}

export function isUnspaced(text: string): boolean {
  return (text.match(new RegExp(unspaced, 'gu'))?.length ?? 0) > text.length / 4;
}

/** Names and content words together, folded: what two statements must share to speak of the same thing. */
export function subjectOf(text: string): Set<string> {
  return new Set([...contentOf(text), ...namesIn(text).map((name) => name.toLowerCase())]);
}

export function shared(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both;
}

/** Names of files, with and without their folders. */
export function fileNames(path: string): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name === path ? [path] : [path, name];
}

/** Whether a text holds a name whole. */
export function holdsName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!isNameChar(text[at - 1], name[0]) && !isNameChar(text[at + name.length], name.at(-1))) return true;
  return false;
}

function isNameChar(beside: string | undefined, edge: string | undefined): boolean {
  return (
    beside !== undefined && /[\p{L}\p{N}_]/u.test(beside) && /[\p{L}\p{N}_]/u.test(edge ?? '') && !unspaced.test(beside)
  );
}

/** Content words and short names: "S3", "PDF", "Go". */
export function tellingWords(text: string): Set<string> {
  const short = text.match(/(?<![\p{L}\p{N}])(?:\p{Lu}[\p{L}\p{N}]{1,2}|\p{L}\d{1,2})(?![\p{L}\p{N}])/gu) ?? [];
  return new Set([...contentOf(text), ...short.map((name) => name.toLowerCase())]);
}
