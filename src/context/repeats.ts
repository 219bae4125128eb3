// What is said already is not said again: sentences that repeat a record, descriptions that repeat their title.

/** The share of a sentence's words that another text has to hold for the sentence to say nothing new. */
const sameShare = 0.8;

/** The sentences that none of `texts` says already. */
export function newSentences(sentences: readonly string[], texts: readonly string[]): string[] {
  const known = texts.map((text) => new Set(wordsOf(text)));
  return sentences.filter((sentence) => {
    const words = wordsOf(sentence);
    return !known.some((text) => shareIn(words, text) >= sameShare || (text.size > 0 && isWithin(text, words)));
  });
}

/** What a description adds to its title: '' where it says the same. */
export function beyondTitle(title: string, description: string): string {
  const bare = title.replace(/[\s.:;…]+$/, '');
  const rest = description.toLowerCase().startsWith(bare.toLowerCase())
    ? description.slice(bare.length).replace(/^[\s.:;,…–-]+/, '')
    : description;
  return shareIn(wordsOf(rest), new Set(wordsOf(title))) >= sameShare ? '' : rest;
}

/** The whole of a short text stands in a longer sentence, which adds little more. */
function isWithin(text: ReadonlySet<string>, words: readonly string[]): boolean {
  const held = new Set(words);
  return text.size >= 4 && text.size >= words.length * 0.6 && [...text].every((word) => held.has(word));
}

function shareIn(words: readonly string[], text: ReadonlySet<string>): number {
  return words.length === 0 ? 1 : words.filter((word) => text.has(word)).length / words.length;
}

/** Words of letters; of scripts without spaces each letter is one. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}]+/gu) ?? [];
}
