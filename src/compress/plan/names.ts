// Names that a statement cannot invent: identifiers, paths, options, quoted words, numbers. Pure; by Unicode classes, for all languages.

/** Code in backticks and short quotations. */
const quoted = /`([^`\n]{1,300})`|"([^"\n]{2,60})"|“([^”\n]{2,60})”|«\s?([^»\n]{2,60}?)\s?»|「([^」\n]{2,60})」/gu;
/** Words with an inner sign (`src/a.ts`, `max_pop`, `Foo.bar`, `a::b`), options, and words in camel case. */
const joined =
  /(?<![\p{L}\p{N}])(?:--?\p{L}[\p{L}\p{N}-]+|[.\p{L}\p{N}_$@]+(?:(?:::|[./_\\])[\p{L}\p{N}_$*-]+)+|\p{L}*\p{Ll}\p{Lu}[\p{L}\p{N}]*)(?![\p{L}\p{N}])/gu;
const number = /(?<![\p{L}\p{N}.])\d[\d.,_]*(?<![.,_])(?![\p{L}\p{N}_])/gu;

/** In their original spelling, without repetition. */
export function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const match of text.matchAll(quoted)) {
    const inner = match.slice(1).find((group) => group !== undefined) ?? '';
    if (/[\p{L}\p{N}]/u.test(inner)) names.push(inner.trim().replace(/\(\)$/, ''));
  }
  const bare = text.replace(quoted, ' ');
  for (const [name] of bare.matchAll(joined)) names.push(name);
  for (const [digits] of bare.replace(joined, ' ').matchAll(number)) names.push(digits);
  return [...new Set(names)];
}

/** The session's words, prepared for many calls of `isSaid`. */
export interface SaidWords {
  text: string;
  numbers: ReadonlySet<string>;
}

export function saidWords(texts: readonly string[]): SaidWords {
  const text = fold(texts.join('\n'));
  return { text, numbers: new Set([...text.matchAll(/\d[\d.,_]*/g)].flatMap(([digits]) => numberForms(digits))) };
}

/** Whether the session contains a name: whole, or each part of an identifier. Integers up to twelve always count, as plain counts. */
export function isSaid(name: string, said: SaidWords): boolean {
  const folded = fold(name);
  if (/^\d[\d.,_]*$/.test(folded))
    return (/^\d+$/.test(folded) && Number(folded) <= 12) || numberForms(folded).some((form) => said.numbers.has(form));
  if (said.text.includes(folded)) return true;
  // A quotation must match as a whole.
  if (/\s/.test(folded)) return false;
  const parts = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part.length > 1)
    .map(fold);
  return parts.length > 0 && parts.every((part) => said.text.includes(part));
}

/** Whether the session contains every identifier, quoted word and number of the text. */
export function isAllSaid(text: string, said: SaidWords): boolean {
  return namesIn(text).every((name) => isSaid(name, said));
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
}

/** `1,000`, `1.000` and `1000` are the same number. */
function numberForms(digits: string): string[] {
  const plain = digits.replace(/[.,_]+$/, '');
  return [plain, plain.replace(/[.,_](?=\d{3}(?:\D|$))/g, ''), plain.replace(/\.0+$/, '')];
}
