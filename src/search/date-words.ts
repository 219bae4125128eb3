// Words of time in five languages, each as one sign, so that one grammar reads all of them: "letzte Woche" and "la semana pasada" are both
// made of `last` and `week`.
import { fold, patternFor } from '../index/fold.ts';

/** `#3` number · `week` unit · `d2` weekday from Sunday 0 · `m5` month from 0 · `r-1` days from today · `i…` ISO date · `p` article · `q` preposition · `_` any other. */
export interface Sign {
  sign: string;
  /** Where its word stands in the text. */
  start: number;
  end: number;
}

const english = 'january february march april may june july august september october november december';
const months = [
  english,
  'januar februar marz april mai juni juli august september oktober november dezember',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre',
  'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro',
];
const weekdays = [
  'sunday monday tuesday wednesday thursday friday saturday',
  'sonntag montag dienstag mittwoch donnerstag freitag samstag',
  'domingo lunes martes miercoles jueves viernes sabado',
  'dimanche lundi mardi mercredi jeudi vendredi samedi',
  'domingo segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado',
];
const numbers = [
  'zero one two three four five six seven eight nine ten',
  'null ein zwei drei vier funf sechs sieben acht neun zehn',
  'cero uno dos tres cuatro cinco seis siete ocho nueve diez',
  'zero un deux trois quatre cinq six sept huit neuf dix',
  'zero um dois tres quatro cinco seis sete oito nove dez',
];
const others: Readonly<Record<string, string>> = {
  '#1': 'a an eine einem einer einen una une uma',
  '#2': 'duas',
  minute: 'minute minutes minuten minuto minutos',
  hour: 'hour hours stunde stunden hora horas heure heures',
  day: 'day days tag tage tagen dia dias jour jours',
  week: 'week weeks woche wochen semana semanas semaine semaines',
  month: 'month months monat monate monaten monats mes meses mois',
  year: 'year years jahr jahre jahren jahres ano anos an ans annee annees',
  d6: 'sonnabend',
  past: 'past',
  last: `last previous letzte letzten letzter letztes letztem vorige vorigen voriger voriges vergangene vergangenen vergangener pasado pasada pasados
    pasadas ultimo ultima ultimos ultimas anterior dernier derniere derniers dernieres passe passee passado passada`,
  this: 'this diese diesen dieser dieses diesem este esta esto ce cet cette neste nesta deste desta',
  'r-2': 'vorgestern anteayer antier anteontem avant-hier',
  'r-1': 'yesterday gestern ayer hier ontem',
  r0: "today tonight heute hoy hoje aujourd'hui",
  r1: 'tomorrow',
  ago: 'ago atras',
  /** Before the number. */
  back: 'hace ha',
  /** Both "ago" and "before". */
  vor: 'vor',
  since: 'since seit desde depuis',
  until: "until till bis hasta ate jusqu'a jusqu'au jusque",
  before: 'before antes avant',
  after: 'after nach despues apres depois',
  between: 'between zwischen entre',
  and: 'and und y et e',
  part: 'morning afternoon evening manana tarde manha matin soir',
  p: `the der die das den dem des el la los las le les o os d' l'`,
  q: `of in on at within during from im am von en de del durante du au pendant dans no na nos nas em do da ao`,
};

const signs: ReadonlyMap<string, string> = makeSigns();

function makeSigns(): Map<string, string> {
  const found = new Map<string, string>();
  const add = (word: string, sign: string): void => void (found.has(word) || found.set(word, sign));
  const addList = (lists: readonly string[], prefix: string): void => {
    for (const list of lists) for (const [at, word] of list.split(' ').entries()) add(word, prefix + at);
  };
  addList(months, 'm');
  addList(weekdays, 'd');
  addList(numbers, '#');
  for (const [sign, words] of Object.entries(others)) for (const word of words.split(/\s+/)) add(word, sign);
  return found;
}

/** The first three letters of each. */
function shortNames(names: string, prefix: string): [string, string][] {
  return names.split(' ').map((name, at) => [name.slice(0, 3), prefix + at]);
}

/** Of a date by itself also what would be another word in a sentence: `nov`, `sept`, `mon`. */
const shortSigns: ReadonlyMap<string, string> = new Map([
  ...shortNames(english, 'm'),
  ['sept', 'm8'],
  ...shortNames(weekdays[0]!, 'd'),
]);

const wordsIn = patternFor(
  String.raw`\d{4}-\d{1,2}(?:-\d{1,2})?(?![\d-])|\d{4}[/.]\d{1,2}[/.]\d{1,2}|\d+(?=st\b|nd\b|rd\b|th\b|º)|\d+|(?:aujourd|jusqu)['’][\p{L}]+|il y a|antes de ayer|[dl]['’](?=[\p{L}])|[\p{L}]+(?:-(?:feira|hier))?`,
  'gi',
);
const ordinalEnd = /^(?:st|nd|rd|th)$/i;

/** `isAlone`: the text is meant as a date. `isGerman`: French "hier" is German for "here". */
export function signsOf(text: string, { isAlone = false, isGerman = false } = {}): Sign[] {
  const short = isAlone ? shortSigns : undefined;
  const found: Sign[] = [];
  for (const match of text.matchAll(wordsIn(text))) {
    const [said] = match;
    const start = match.index;
    const end = start + said.length;
    const last = found.at(-1);
    if (last !== undefined && last.end === start && ordinalEnd.test(said)) {
      last.end = end;
      continue;
    }
    found.push({ sign: signOf(fold(said.toLowerCase()).replace('’', "'"), short, isGerman), start, end });
  }
  return found;
}

function signOf(said: string, short: ReadonlyMap<string, string> | undefined, isGerman: boolean): string {
  if (/^\d{4}[-/.]/.test(said)) return `i${said}`;
  if (/^\d/.test(said)) return said.length <= 4 ? `#${Number(said)}` : '_';
  if (said === 'il y a') return 'back';
  if (said === 'antes de ayer') return 'r-2';
  if (isGerman && said === 'hier') return '_';
  return signs.get(said) ?? short?.get(said) ?? '_';
}
