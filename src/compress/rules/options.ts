// Options that the agent put to the user, and the one that a prompt takes.
import { namesIn } from '../plan/names.ts';
import { contentOf, holdsName, shared, tellingWords } from './words/content-words.ts';
import { advice } from './words/language.ts';
import { plain, readLines } from './words/sentences.ts';

export interface Option {
  /** A letter or number; of a list without any its place, from 1. */
  label: string;
  /** What it begins with, in at most four words; '' where it begins with a sentence. */
  name: string;
  /** In one line. */
  text: string;
  /** Set off as an option, not one of the steps of any numbered list. */
  isNamed: boolean;
}

const kindOfOption =
  'option|variante?|opci[oó]n|opção|opzione|möglichkeit|alternative|nr\\.?|number|nummer|方案|选项|案';
const labelled = new RegExp(`^((?:${kindOfOption})\\s*)?([A-E]|\\d)\\s*[.):：、—–-]+\\s*(?=\\S)`, 'iu');
/** What stands below the options. */
const footer = /^(?:sources?|references?|links?|notes?|quellen|fuentes|fontes|fonti|参考)$/i;
const lead = /^(.{1,40}?)\s*(?:[:：(（—–]|\s-\s|$)/u;

export function optionsOf(text: string): Option[] {
  const lines = readLines(text).filter(({ kind }) => kind === 'item' || kind === 'heading' || kind === 'prose');
  const found = lines.flatMap(({ mark, kind, sentences }): (Omit<Option, 'label'> & { label?: string })[] => {
    const bold = /^\*\*([^*]{1,40})\*\*/.exec(sentences[0] ?? '')?.[1]?.replace(/[:：]$/, '');
    const whole = plain(`${mark.trim().replace(/^[-*+•–#>]+/, '')} ${sentences.join(' ')}`).trim();
    const [, kindWord, label] = labelled.exec(whole) ?? [];
    if (label === undefined && (bold === undefined || kind === 'prose')) return [];
    const rest = whole.replace(labelled, '');
    const name = bold?.replace(labelled, '') ?? lead.exec(rest)?.[1] ?? '';
    if (advice.test(name) || footer.test(name)) return [];
    const isShort = name.split(' ').length <= 4;
    const isNamed = bold !== undefined || kindWord !== undefined || /\D/.test(label ?? '');
    return bold !== undefined && !isShort
      ? []
      : [{ label: label?.toUpperCase(), name: isShort ? name : '', text: rest, isNamed }];
  });
  return found.map((option, index) => ({ ...option, label: option.label ?? String(index + 1) }));
}

const verbs =
  "let['’]?s|i(?:['’]d)?|say|vote|prefer|like|want|ok(?:ay)?|yes|ja|sí|oui|sim|sì|go|with|for|take|use|do|pick|nimm|nehmen|nehme|wir|ich|lieber|machen|prends|prenons|je|préfère|on prend|usa|usemos|vamos|con|com|elijo|prefiero|prefiro|faz|prendiamo|andiamo|stay|stick|keep|bleiben|bleib|bei|quedamos|nos|on|reste|restons|sur|ficamos|restiamo|su|then|dann|entonces|alors";
const articles = 'the|die|der|den|das|el|la|le|il|lo|o|a';
const taking = `(?:(?:${verbs})[\\s,]+)*(?:(?:选择?|用)\\s*)?`;
/** What stands behind a choice: the end, a reason, or nothing more than politeness. */
const chosen =
  '(?=\\s*(?:$|[,.;:!)—–，。、]|(?:one|option|variante|opción|please|then|and|but|because|since|for now|it is|bitte|und|aber|weil|denn|por favor|y|pero|porque|et|mais|parce|car|e|mas|pois|ma|perché)(?![\\p{L}])|吧|で|を|に))';
const byLabel = new RegExp(
  `^${taking}(?:(?:${articles})\\s+)?(?:(?:${kindOfOption})\\s*)?([A-E]|[1-5])(?=\\s*(?:$|[,.;:!)，。、—–-]|(?:but|and|only|aber|und|nur|pero|mais|ma)(?![\\p{L}])|で))`,
  'iu',
);
/** With an article, or alone: "first, fix the test" chooses nothing. */
const isAt = (word: string): RegExp =>
  new RegExp(
    `^${taking}(?:(?:(?:${articles})\\s+|l['’])(?:${word})${chosen}|(?:${word})(?:\\s+(?:one|option)(?![\\p{L}])|\\s*[.!。]?$)|(?=第|前者|后者|後者|\\S番目)(?:${word}))`,
    'iu',
  );
const ordinals: readonly RegExp[] = [
  'first|former|erste[rn]?|primer[oa]?|premi(?:er|ère)|primo|prima|第一[个种]?|前者|[1一]番目',
  'second|zweite[rn]?|segund[oa]|deuxième|seconde|second[oa]|第二[个种]?|[2二]番目',
  'third|dritte[rn]?|tercer[oa]?|troisième|terz[oa]|terceir[oa]|第三[个种]?|[3三]番目',
].map(isAt);
const lastOne = isAt('latter|last|letzte[rn]?|últim[oa]|derni(?:er|ère)|后者|後者');
/** "The second. No wait, the third": a person says it once more. */
const correction = /(?:^|[\s,.;])(?:no wait|wait|sorry|nein|perdón|pardon|desculpa|scusa)(?![\p{L}])|[.,;…]\s*no,/iu;

/** By its label, its place, or its name at the beginning of the prompt. */
export function chosenOption(prompt: string, options: readonly Option[]): Option | undefined {
  const text = prompt.trim();
  if (correction.test(text)) return undefined;
  const label = byLabel.exec(text)?.[1]?.toUpperCase();
  const place = lastOne.test(text) ? options.length - 1 : ordinals.findIndex((ordinal) => ordinal.test(text));
  return (
    options.find((option) => option.label === label) ??
    options[place] ??
    options.find((option) => namesOf(option).some((name) => named(name).test(text)))
  );
}

/** A name, and of a longer one its telling words. */
const namesOf = ({ name, text }: Option): string[] =>
  [name || text, ...tellingWords(name || text)].filter((each) => each !== '');

const named = (name: string): RegExp =>
  new RegExp(`^${taking}(?:(?:${articles})\\s+)?${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}${chosen}`, 'iu');

/** Whether a text takes up some of an option. */
export function takesUp(text: string, option: string): boolean {
  const folded = text.toLowerCase();
  const words = [...tellingWords(option), ...namesIn(option).map((name) => name.toLowerCase())];
  if (words.some((word) => holdsName(folded, word)) || folded.includes(option.toLowerCase())) return true;
  return shared(contentOf(text), contentOf(option)) > 0;
}
