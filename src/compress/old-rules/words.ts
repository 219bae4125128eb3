// Words of a text as they are compared: content stems, identifiers, paths. A light suffix stripper is enough to compare
// statements with one another; the search engine has its own.

const stopWords = new Set(
  (
    'itself themselves a an the and or but if then than that this these those there here it its is are was were be been being am do does did done ' +
    'has have had having i you he she we they me my your our their his her them us what which who whom whose when where why how ' +
    'to of in on at by for from with without into onto over under about as so such too very just also only not no nor can could ' +
    'will would should shall may might must need needs needed let lets now next first last still already all any both each every ' +
    'more most other some same own up down out off again once because since while until after before during between through ' +
    'get gets got make makes made use uses used using see sees seen look looks like one two new via per yes ok'
  ).split(' '),
);

/** Lower-case, without the commonest English endings: `handlers` and `handler`, `failed` and `failing` meet. */
export function stemWord(word: string): string {
  let stem = word.toLowerCase();
  if (stem.length > 4 && stem.endsWith('ies')) return stem.slice(0, -3) + 'y';
  if (stem.length > 5 && stem.endsWith('ing')) stem = stem.slice(0, -3);
  else if (stem.length > 4 && stem.endsWith('ed')) stem = stem.slice(0, -2);
  else if (stem.length > 4 && /(?:s|x|z|ch|sh)es$/.test(stem)) stem = stem.slice(0, -2);
  else if (stem.length > 3 && stem.endsWith('s') && !stem.endsWith('ss')) stem = stem.slice(0, -1);
  if (stem.length > 4 && stem.endsWith('e')) stem = stem.slice(0, -1);
  return stem;
}

/** Pieces of an identifier: `getUserId`, `get_user_id` and `get-user-id` all give get, user, id. */
export function splitIdentifier(identifier: string): string[] {
  return identifier
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part.length > 1);
}

/** Content stems in order of appearance, with repeats; runs of scripts without spaces give pairs of letters. */
export function stemsOf(text: string): string[] {
  const stems: string[] = [];
  for (const [word] of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)) {
      for (let i = 0; i + 1 < word.length; i++) stems.push(word.slice(i, i + 2));
      continue;
    }
    for (const part of splitIdentifier(word)) {
      if (!stopWords.has(part.toLowerCase())) stems.push(stemWord(part));
    }
  }
  return stems;
}

const codeLike =
  /`([^`\n]{2,80})`|(?:[A-Za-z_][\w-]*(?:[./:]{1,2}[\w-]+)+(?:\/\d+)?)|\b[a-z]+(?:[A-Z][a-z0-9]+)+\b|\b(?:[A-Z][a-z0-9]+){2,}\b|\b\w*[a-z0-9]_[a-z0-9]\w*\b|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|--[a-z][\w-]+|\b[a-z_]\w*\(\)|\b[a-z]\w*\/\d\b/g;

/** What stands out as code: quoted in backticks, dotted, snake_case, camelCase, CONSTANTS, flags, calls. */
export function identifiersOf(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(codeLike)) found.add((match[1] ?? match[0]).trim());
  return [...found];
}

/** Paths with a folder or a file ending, as written. */
export function pathsOf(text: string): string[] {
  const found = new Set<string>();
  for (const [path] of text.matchAll(
    /(?<![\w:/.])(?:[\w@.-]+\/)+[\w@-]+\.\w{1,8}\b|(?<![\w:/.])[\w-]+\.[a-z]{1,5}\b/g,
  )) {
    found.add(path);
  }
  return [...found];
}

/** Made once for each value, as long as the value lives. */
export function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** Share of the first set's members that the second has; 0 for an empty first set. */
export function containment(of: ReadonlySet<string>, within: ReadonlySet<string>): number {
  if (of.size === 0) return 0;
  let shared = 0;
  for (const member of of) if (within.has(member)) shared++;
  return shared / of.size;
}

/** Cut at a word boundary, with an ellipsis; never longer than `maxChars`. */
export function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const cut = text.slice(0, maxChars - 1);
  const space = cut.lastIndexOf(' ');
  let kept = (space > maxChars * 0.6 ? cut.slice(0, space) : cut).replace(/[\s,;:(–—-]+$/u, '');
  if ((kept.split('`').length - 1) % 2 === 1) kept = kept.slice(0, kept.lastIndexOf('`')).trimEnd();
  return `${kept}…`;
}
