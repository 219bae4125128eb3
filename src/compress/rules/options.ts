// Options that the agent put to the user, and the one that a prompt takes.
import { namesIn } from '../plan/names.ts';
import { contentOf, holdsName, shared, tellingWords } from './content-words.ts';
import { plain, readLines } from './sentences.ts';

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
    const isShort = name.split(' ').length <= 4;
    const isNamed = bold !== undefined || kindWord !== undefined || /\D/.test(label ?? '');
    return bold !== undefined && !isShort
      ? []
      : [{ label: label?.toUpperCase(), name: isShort ? name : '', text: rest, isNamed }];
  });
  return found.map((option, index) => ({ ...option, label: option.label ?? String(index + 1) }));
}

const taking =
  "(?:(?:let's|ok(?:ay)?|yes|ja|sí|oui|sim|sì|go|with|for|take|use|do|pick|nimm|nehmen|wir|machen|prends|prenons|on prend|usa|usemos|vamos|con|com|elijo|faz|prendiamo|andiamo|then|dann|entonces|alors|the|die|den|das|el|la|le|il|lo|o|a)[\\s,]+)*(?:选择?|用)?";
const byLabel = new RegExp(`^${taking}(?:(?:${kindOfOption})\\s*)?([A-E]|[1-5])(?=\\s*(?:$|[,.;:!)，。、—–-]))`, 'iu');
const ordinals: readonly RegExp[] = [
  'first|former|erste[rn]?|primer[oa]?|premi(?:er|ère)|primo|prima|第一[个种]?|前者|[1一]番目',
  'second|zweite[rn]?|segund[oa]|deuxième|seconde|second[oa]|第二[个种]?|[2二]番目',
  'third|dritte[rn]?|tercer[oa]?|troisième|terz[oa]|terceir[oa]|第三[个种]?|[3三]番目',
].map((word) => new RegExp(`^${taking}(?:${word})(?![\\p{Script=Latin}])`, 'iu'));
const lastOne = new RegExp(`^${taking}(?:latter|last|letzte[rn]?|últim[oa]|derni(?:er|ère)|后者|後者)`, 'iu');

/** By its label, its place, or the first of their names that the prompt holds. */
export function chosenOption(prompt: string, options: readonly Option[]): Option | undefined {
  const text = prompt.trim();
  const label = byLabel.exec(text)?.[1]?.toUpperCase();
  const place = lastOne.test(text) ? options.length - 1 : ordinals.findIndex((ordinal) => ordinal.test(text));
  const named = options
    .map((option) => ({ option, at: placeOf(option, text.toLowerCase()) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at);
  return options.find((option) => option.label === label) ?? options[place] ?? named[0]?.option;
}

function placeOf(option: Option, text: string): number {
  const name = option.name || option.text;
  const places = [...tellingWords(name)].filter((word) => holdsName(text, word)).map((word) => text.indexOf(word));
  return places.length === 0 ? text.indexOf(name.toLowerCase()) : Math.min(...places);
}

/** Whether a text takes up some of an option. */
export function takesUp(text: string, option: string): boolean {
  const folded = text.toLowerCase();
  const words = [...tellingWords(option), ...namesIn(option).map((name) => name.toLowerCase())];
  if (words.some((word) => holdsName(folded, word)) || folded.includes(option.toLowerCase())) return true;
  return shared(contentOf(text), contentOf(option)) > 0;
}
