// Titles: a sentence that stands for itself, with a name in it, cut at a clause where it is too long.
import { titleMaxChars } from '../../domain/record.ts';
import { namesIn } from '../plan/names.ts';
import {
  acknowledgement,
  anaphor,
  backward,
  guess,
  momentary,
  offer,
  pointing,
  politeness,
  pronoun,
  smallTalk,
  subordinate,
} from './words/language.ts';
import { languageOf } from '../../index/languages.ts';
import { plain } from './words/sentences.ts';
import { contentOf, isUnspaced, wordsIn } from './words/content-words.ts';

const cutMinChars = 25;
/** A statement without any name says what it is about in at least so many words. */
const contentMin = 4;

/** Labels of an explanation; what they label is the statement. */
const label =
  /^(?:(?:root )?cause|reason|why|fix|result|summary|note|important|conclusion|tl;dr|ursache|grund|lösung|ergebnis|hinweis|wichtig|fazit|cause racine|raison|solution|résultat|remarque|conclusion|causa|motivo|razón|solución|resultado|nota|importante|conclusión|solução|correção|conclusão|soluzione|risultato|原因|理由|结论|注意|结果|修正|修复|結論|結果|核心)\s*[:：]\s*(?=\S{2})/iu;
const deed =
  /^I(?:'ve| have)? (?=(?:also |only |now )?(?:\p{Ll}+ed|gave|made|kept|wrote|found|took|put|set|left|built|chose|split|ran|read)\s)/u;
const greeting =
  /^(?:hi|hey|hello|hallo|moin|hola|bonjour|salut|oi|olá|ciao)(?: (?:all|there|claude))?[\s,!.]+(?=\S)/iu;
/** "Looking at the template, …" tells how it was found. */
const finding = /^(?:Looking|Checking|Reading|Searching|Testing|Inspecting|Reviewing|Digging) [^,.]{2,50}, (?=\S)/;
const person =
  /(?<![\p{L}\p{N}_`'"])(?:I'[a-z]+|my|me|you|your|you'[a-z]+|ich|mir|mich|mein\p{L}*|du|dir|dich|dein\p{L}*|je|j'\p{L}+|moi|tu|toi|vous|votre|yo|me|mi|tú|vos|usted|estás|tenés|querés|podés|debés|hacés|usás|tienes|quieres|puedes|debes|haces|usas|necesitás|necesitas|necesito|puedo|pude|voy|quiero|tengo|creo|estoy|eu|você|preciso|quero|tenho|acho|estou|io|penso|credo)(?![\p{L}\p{N}_`'"])|[我你您]|คุณ|ผม|(?<!\p{Script=Han})私(?!\p{Script=Han})|あなた/iu;
const loose = new Set(
  'and or but the a an of to with for in on at by that which because when if from as is are was und oder aber der die das den ein eine mit für von zu weil dass wenn y o pero el la los las un una de que con para por en porque si et ou mais le les des du dans pour par qui e mas os as um uma com em no na do da il lo gli uno di per'.split(
    ' ',
  ),
);

/** "… are defeated because" leads to what stood below it. */
const unfinished = /(?<![\p{L}])(?:because|and|or|but|the|of|which|weil|und|oder|porque|parce que|pois)$/iu;
const endsLoose = (text: string): boolean => loose.has(/\S+$/.exec(text)?.[0].toLowerCase() ?? '');

/** "One honest caveat on the cache: …" */
const counted =
  /^(?:one|two|three|an?|another|eine?|zwei|drei|une?|deux|trois|una?|dos|tres|uma?|duas|três|due|tre) /iu;
const bareDeed = /^(?:\p{Lu}\p{Ll}+ed|Left|Kept|Made|Put|Set|Ran|Took|Wrote|Back) /u;
/** "Explicitly notes that …", "(in brackets)", "204 is the answer", "Two changes, …", "Everything else is …": of what? */
const headless = new RegExp(
  [
    '\\p{Lu}\\p{Ll}+ly \\p{Ll}[\\p{Ll}-]*(?:s|ed) ',
    '[(（]',
    '\\d+ \\p{Ll}{4,} ',
    '(?:the )?\\d[\\d.,]* (?:is|was|are|were|with) ',
    '(?:two|three|four|five|both|all|\\d+) (?:\\p{Ll}+ )?(?:changes|things|points|fixes|commits|edits|notes|questions|options)(?! to )(?![\\p{L}])',
    '(?:everything|anything|nothing|all) else ',
    '"[^"]*" (?:is|was) ',
    '(?:plus|worth|back to|still|仍然?|收尾|就是)(?![\\p{Ll}])',
    '(?:`[^`]*`[,、 ]*(?:and )?){2,}$',
  ]
    .map((each) => `^(?:${each})`)
    .join('|'),
  'iu',
);
/** "Left it alone", "Explicitly notes that …": of what? */
const isSubjectless = (title: string): boolean =>
  headless.test(title) || (bareDeed.test(title) && namesIn(title).length === 0);
/** A state of that moment, or of a later one. */
const passing =
  /^(?:Pushed|Committed|Merged|Applied|Deployed) |(?<![\p{L}`])will(?: be| now)? \p{Ll}|(?<![\p{L}`])(?:succeeded|already (?:committed|done|there|in place|up to date)|in progress|making progress|(?:is|are) (?:now )?(?:complete|done|finished|clean|ready|in place|up to date|live)(?=$|[,;]|\s[—–]|\s(?:and|now)\s)|(?:all )?(?:\p{L}+ )?pass(?:es|ed)?, )|已(?:完成|更新|推送|提交| push)|됐(?:어요|습니다)|했습니다|готов[оаы]?(?!\p{L})/u;

/** A file or name with a label. */
export const inventory = /^`?[\w./-]+[./]\w+`?(?: \([^)]*\))?(?:[:：]| [—–-])\s/;

export interface Title {
  title: string;
  /** What the sentence says beyond the title; '' when nothing. */
  rest: string;
}

/** Undefined where the sentence cannot stand as a title. */
export function makeTitle(sentence: string, isUsers = false, maxChars = titleMaxChars): Title | undefined {
  const made = titleOf(sentence, isUsers, maxChars);
  if (made === undefined || isUsers) return made;
  const isOpen = pointing.test(made.title.replace(/`[^`]*`|"[^"]*"/g, '')) || isSubjectless(made.title);
  return isOpen ? undefined : made;
}

function titleOf(sentence: string, isUsers: boolean, maxChars: number): Title | undefined {
  if (sentence.includes('[…') || sentence.includes('```')) return undefined;
  let text = plain(sentence);
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(acknowledgement, '').trim();
    text = text.replace(/^(\p{L}+)[.,!]+\s+/u, (lead, word) => (smallTalk.test(word) ? '' : lead));
  }
  text = text.replace(greeting, '');
  if (isUsers) text = text.replace(politeness, '').trim();
  else text = text.replace(deed, '').replace(finding, '');
  if (!isUsers && backward.test(text)) return undefined;
  // "Before I change it: …", "One thing to flag: …" and "Moved it: …" lead to the statement.
  const lead = /^[^:：`"]{3,40}[:：]\s+/.exec(text)?.[0] ?? '';
  if (!isUsers && (isPersonal(lead) || counted.test(lead) || (pronoun.test(lead) && lead.length < 35)))
    text = text.slice(lead.length);
  text = text.replace(label, '').replace(/[\s.。!！;；]+$/u, '');
  if (text === '' || !isStatement(text, isUsers)) return undefined;
  // A name at the beginning stays as it is spelt.
  if (!isUnspaced(text)) text = text.replace(/^\p{Ll}(?=[\p{Ll}']*(?:\s|,|$))/u, (first) => first.toUpperCase());
  // What stands in brackets is a gloss or a guess.
  const bare = isUsers ? text : withoutAsides(text);
  if (bare !== text && bare.length <= maxChars && isBalanced(bare) && hasName(bare)) {
    const lists = (text.match(asides) ?? []).filter((each) => each.includes(',') && !guess.test(each));
    return { title: bare, rest: lists.join(' ').trim() };
  }
  if (text.length <= maxChars) return hasName(text, isUsers) ? { title: text, rest: '' } : undefined;
  return shorten(text, maxChars);
}

const asides = /\s+\((?=[^()`]*\s[^()`]*\s)[^()`]*\)/g;
/** Without what stands in brackets in three words or more, where it guesses. */
const withoutAsides = (text: string): string =>
  // In a script without spaces a bracket may be a part of the sentence.
  isUnspaced(text) ? text : text.replace(asides, (found) => (guess.test(found) ? '' : found));

function isStatement(text: string, isUsers: boolean): boolean {
  const bare = text.replace(/`[^`]*`/g, '`x`').replace(/"[^"]*"/g, '"x"');
  if (/[?？¿]|\s→\s/.test(bare) || /[:：,，…]$/.test(bare) || !isBalanced(text)) return false;
  // A number with a clause after it is the answer to a question.
  if (
    /^[\d\s.,:;%()+-]+$/.test(text) ||
    /^\d[\d.,]*[,;] /.test(text) ||
    /^(?:[|>#]|https?:)/.test(text) ||
    /^`[^`]*`(?:$|\s*[→=])/.test(text)
  )
    return false;
  if (!isUsers && (inventory.test(text) || passing.test(text) || unfinished.test(text))) return false;
  if (text.length < 12 && !isUnspaced(text)) return false;
  if (isUnspaced(text) ? text.length < 6 : wordsIn(text).length < 3) return false;
  if (isUsers) return true;
  if (isSmallTalk(text)) return false;
  return !isPersonal(text) && !offer.test(bare) && !anaphor.test(text) && !isInfinitive(text) && !isMomentary(text);
}

/** "Trabajar sobre el notebook …" is a task. */
function isInfinitive(text: string): boolean {
  return /^\p{Lu}\p{Ll}*[aei]r(?:l[aeo]s?|se)? /u.test(text) && romance.has(languageOf(text) ?? '');
}
const romance: ReadonlySet<string> = new Set(['es', 'fr', 'pt']);

/** Speaks of the reader or the writer. */
export function isPersonal(text: string): boolean {
  const bare = text.replace(/`[^`]*`/g, '`x`').replace(/"[^"]*"/g, '"x"');
  // In small letters it is a word of other languages.
  return person.test(bare) || /(?<![\p{L}\p{N}_`'"])I(?![\p{L}\p{N}_`'"])/u.test(bare);
}

/** A state of the moment, and little else. */
export function isMomentary(text: string): boolean {
  return momentary.test(text) && text.replace(new RegExp(momentary, 'giu'), '').length < 40;
}

/** Praise, thanks, greetings and little else. */
export function isSmallTalk(sentence: string): boolean {
  const bare = sentence.replace(politeness, '');
  return bare.trim() === '' || (smallTalk.test(bare) && wordsIn(bare).length <= 6);
}

/** Within a sentence; in German every noun has one. */
const capital = /(?<=\p{Ll},? )\p{Lu}\p{Ll}{2,}/u;

/** An identifier, a path, a number or a quotation, a name in capitals or with one, or words enough to tell the subject. */
export function hasName(text: string, isUsers = false): boolean {
  if (namesIn(text).length > 0 || /(?<![\p{L}\p{N}])\p{Lu}{2,}(?![\p{L}])/u.test(text)) return true;
  if (capital.test(text) && wordsIn(text).length > 3 && languageOf(text) !== 'de') return true;
  if (isUnspaced(text)) return text.length >= 8;
  return isUsers ? wordsIn(text).length >= contentMin : contentOf(text).size >= contentMin;
}

function isBalanced(text: string): boolean {
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return count(/`/g) % 2 === 0 && count(/[(（[]/g) === count(/[)）\]]/g) && count(/"/g) % 2 === 0;
}

/** A comma between things that are listed, and the next one of them. */
const enumerated =
  /^[,，、] ?(?!(?:and|or|but|und|oder|aber|et|ou|mais|y|o|pero|e|mas) )(?:\S+ ){0,2}?\S+(?:[,，、]| (?:and|or|und|oder|et|ou|y|o|e)(?= ))/;
/** What goes on with it says what the head means. */
const relative =
  /^[,，]? ?(?:where|which|who|whose|so that|wo|wodurch|weshalb|sodass|waardoor|waar|où|dont|donde|lo que|onde|o que|dove|il che)(?![\p{L}])/iu;
const clauseEnd = /[;；,，、](?=\s|[^\x00-\x7f])|\s[—–-](?=\s)/gu;
const subordination = /\s(?:because|which|weil|parce que|porque|pois)(?=\s)/gu;
/** A sentence whose halves are not true alone. */
const inseparable =
  /(?<![\p{L}])(?:only|both|either|neither|between|not|no|nur|sowohl|zwischen|nicht|kein\p{L}*|s[oó]lo|entre|ni|ne|seul\p{L}*|não|apenas)(?![\p{L}])/iu;

/** Without its parentheses where that is enough, else the longest head that ends at a clause and is whole. */
function shorten(text: string, maxChars: number): Title | undefined {
  const aside: string[] = [];
  const bare = isUnspaced(text)
    ? text
    : text.replace(/\s+\(([^()]*)\)/g, (_all, inner: string) => {
        aside.push(inner);
        return '';
      });
  if (aside.length > 0 && bare.length <= maxChars && isBalanced(bare))
    return hasName(bare) ? { title: bare, rest: aside.join('; ') } : undefined;
  if (subordinate.test(text)) return undefined;
  const head = text.slice(0, maxChars + 1);
  const joints = inseparable.test(text) ? [clauseEnd] : [clauseEnd, subordination];
  const ends = joints.flatMap((pattern) => [...head.matchAll(pattern)].map(({ index }) => index).reverse());
  const least = isUnspaced(text) ? 8 : cutMinChars;
  for (const end of ends.filter((index) => index >= least)) {
    const title = text.slice(0, end).replace(/[\s,;:，；：]+$/u, '');
    if (
      relative.test(text.slice(end)) ||
      enumerated.test(text.slice(end)) ||
      (!isUnspaced(title) && wordsIn(title).length < 4)
    )
      continue;
    if (isBalanced(title) && hasName(title) && !endsLoose(title))
      return { title, rest: text.slice(end).replace(/^[\s;；,，、:：—–-]+/u, '') };
  }
  return undefined;
}
