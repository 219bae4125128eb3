// Languages of records and questions: told by their function words, each with one stemmer. Words come in lower case and without accents.
import { stemmer as stemFrench } from '@orama/stemmers/french';
import { stemmer as stemGerman } from '@orama/stemmers/german';
import { stemmer as stemPortuguese } from '@orama/stemmers/portuguese';
import { stemmer as stemSpanish } from '@orama/stemmers/spanish';
import { stemmer as stemEnglish } from 'stemmer';
import { baseForms, stopWords } from './english.ts';
import { fold, notAscii, patternFor } from './fold.ts';

export type Language = 'en' | 'es' | 'pt' | 'fr' | 'de';

interface Grammar {
  /** Words without meaning of their own: left out of the index, and the sign of the language. */
  functionWords: ReadonlySet<string>;
  stem(word: string): string;
  /** Letters that one language alone of these has: more than one function word. */
  sign?: RegExp;
}

function grammar(functionWords: string, sign: RegExp, stem: Grammar['stem']): Grammar {
  return { functionWords: new Set(functionWords.split(/\s+/)), sign, stem: (word) => fold(stem(word)) };
}

const grammars: Readonly<Record<Language, Grammar>> = {
  en: { functionWords: stopWords, stem: (word) => stemEnglish(baseForms.get(word) ?? word) },
  es: grammar(
    `el la los las lo un una unos unas de del al a en y o u e ni que quien quienes cual cuales cuyo donde cuando como cuanto por para con sin sobre
     entre hasta desde hacia segun durante contra ante tras pero sino aunque porque pues si no se me te nos le les mi mis tu tus su sus nuestro nuestra
     este esta esto estos estas ese esa eso esos esas aquel aquella mas muy ya tambien tan tanto cada todo toda todos todas otro otra otros otras
     es son era eran fue fueron ser sido siendo esta estan estaba ha han habia hay he hemos hizo hace hacer hicimos puede pueden solo solamente siempre nunca ahora antes despues incluso ademas asi aun aqui alli`,
    /[ñ¿¡]|ci[oó]n\b/iu,
    stemSpanish,
  ),
  pt: grammar(
    `o os as um uma uns umas de do da dos das ao aos em no na nos nas num numa e ou que quem qual quais onde quando como por pelo pela pelos pelas para com
     sem sobre entre ate desde mas se nao sim ja mais muito tambem eu ele ela eles elas nos me te lhe meu minha seu sua seus suas nosso nossa este esta isto
     esse essa isso aquele aquela cada todo toda todos todas outro outra e sao era foi foram ser sido esta estao estava tem tinha ha fizemos fez fazer pode podem so somente apenas sempre nunca agora antes depois assim ainda aqui ali`,
    /[ãõ]/iu,
    // The accents that it knows its endings by.
    (word) =>
      stemPortuguese(word.replace(/cao$/, 'ção').replace(/coes$/, 'ções').replace(/ao$/, 'ão').replace(/oes$/, 'ões')),
  ),
  fr: grammar(
    `le la les l un une des de du d au aux en et ou ni que qui quoi dont quel quelle quels quelles comment pourquoi quand pour par avec sans sous sur dans
     entre vers chez depuis pendant mais donc car si ne pas plus tres aussi deja je j tu il elle on nous vous ils elles me te se s c ce cet cette ces mon ma
     mes ton ta tes son sa ses notre nos votre vos leur leurs tout toute tous toutes autre autres chaque est sont etait etaient etre ete ai as a avons avez
     ont avait fait faire peut peuvent y n qu seulement toujours jamais maintenant avant apres ainsi encore ici aussi`,
    /[èêœ]|[cdjlnqs]['’](?=\p{L})/iu,
    (word) => stemFrench(word.replace(/ee(s?)$/, 'ée$1')),
  ),
  de: grammar(
    `der die das den dem des ein eine einen einem einer eines und oder aber sondern denn doch nicht kein keine keinen ist sind war waren sein wird werden
     wurde wurden worden hat haben hatte hatten kann konnen konnte muss mussen soll sollen ich du er sie es wir ihr mich mir uns euch sich mein meine unser
     unsere dieser diese dieses diesen jeder jede jedes alle in im an am auf aus bei beim bis durch fur gegen mit nach ohne seit um unter uber von vom vor zu
     zum zur zwischen wie was wer wen wem wo wann warum wieso weshalb welche welcher welches welchen als auch dass weil wenn ob so noch nur schon mehr sehr
     haben gab gibt immer nie jetzt vorher nachher hier dort dann also`,
    /[ßäöü]/iu,
    stemGerman,
  ),
};

const languages = Object.keys(grammars) as Language[];

const lettersIn = patternFor(String.raw`[\p{L}\p{M}]+`, 'g');
const signWeight = 2;
/** The words at the beginning that are looked at; more do not change the answer. */
const maxCounted = 150;

/** What a text is written in; undefined when nothing tells. Names and code in it count for none. */
export function languageOf(text: string): Language | undefined {
  const head = text.slice(0, 2000);
  const isAscii = !notAscii.test(head);
  const plain = (isAscii ? head : fold(head)).toLowerCase();
  const words = (plain.match(lettersIn(plain)) ?? []).slice(0, maxCounted);
  let best: Language | undefined;
  let most = 0;
  for (const name of languages) {
    const { functionWords, sign } = grammars[name];
    const told = words.filter((word) => functionWords.has(word)).length;
    const count = told + (!isAscii && sign?.test(head) ? signWeight : 0);
    if (count > most) [best, most] = [name, count];
  }
  return best;
}

/** Whether a word, in lower case and without accents, says nothing in this language. English ones stand in every text about code. */
export function saysNothing(word: string, language: Language): boolean {
  return stopWords.has(word) || grammars[language].functionWords.has(word);
}

/** The stem of a word in lower case and without accents. */
export function stemIn(word: string, language: Language): string {
  return grammars[language].stem(word);
}

/** The stems of a word in these languages, or in all, each once. */
export function stemsIn(word: string, some: readonly Language[] = languages): string[] {
  return [...new Set(some.map((language) => stemIn(word, language)))];
}
