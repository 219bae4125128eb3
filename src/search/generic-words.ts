// Words that say what is wanted and not about what: of any request about any code, and of questions about a time or a file.
import { once } from '../domain/once.ts';
import { baseForms } from '../index/english.ts';
import { notAscii } from '../index/fold.ts';
import { type Language, stemsIn } from '../index/languages.ts';
import { type AskedWord, stemmedWords } from '../index/words.ts';
import type { ObservationType } from '../domain/types.ts';

const generic: Readonly<Record<Language, string>> = {
  en: `add again all another app ask branch build call change changed changes check clean code command commit continue convert copy create debug
    delete deploy describe do docs documentation draft edit explain feature file files find finish folder function generate go happen happened help implement
    improve issue its keep learn learned let line list look make merge migrate missing module move name need new next now ok old open optimize option output page
    part path please prepare problem project pull push question read refactor release remove rename repo repository request result review run save
    second show start status step stop summarize summary task test tests thing things todo translate try update upgrade use used version want way work worked
    working write wrong yes know notes record records recorded memory memories remember`,
  de: `will mochte mochten brauche benutze benutzen verwenden mal andern anderung anderungen geandert gemacht machen passiert gearbeitet arbeiten arbeit zeig zeige zeigen liste erklare erklaren schreib schreiben
    fuge hinzufugen datei dateien code projekt bitte test tests neu neue neuen alle mach erstelle erstellen verbessere prufe starte lauf weiter gelernt weisst wissen
    aufgabe problem frage ergebnis`,
  es: `cambiar cambio cambios cambiamos cambiado hicimos paso pasado trabajamos trabajo trabajar muestra mostrar lista explica explicar escribe escribir
    agrega agregar anade anadir archivo archivos fichero codigo proyecto favor prueba pruebas test tests nuevo nueva crea crear mejora mejorar revisa ejecuta
    continua vez veces vuelve volver usa usar usando dice decia decir quiero quieres tengo tenemos necesito aprendimos sabemos tarea problema pregunta resultado`,
  fr: `changer change changement changements modifie modification modifications fait passe travaille travail travailler montre montrer liste explique expliquer
    veux voudrais peux faut utilise utiliser besoin fois ecris ecrire ajoute ajouter fichier fichiers code projet plait test tests nouveau nouvelle cree creer ameliore verifie lance continue appris sait tache
    probleme question resultat`,
  pt: `mudar mudou mudanca mudancas mudamos alteramos alteracao alteracoes fizemos aconteceu trabalhamos trabalho trabalhar mostra mostrar lista explica explicar
    quero preciso usa usar vez vezes escreve escrever adiciona adicionar arquivo arquivos ficheiro codigo projeto favor teste testes novo nova cria criar melhora verifica executa continua
    aprendemos sabemos tarefa problema pergunta resultado`,
};

/** Chinese, Japanese and Korean, as the index takes them apart. */
const genericPairs = `一下 一个 这个 那个 我们 你们 可以 需要 请帮 帮我 请你 怎么 什么 为什 如何 现在 问题 代码 文件 项目 修改 添加 增加 删除 检查 测试 运行
  更新 实现 继续 功能 错误 方法 使用 进行 是否 没有 してく くださ ください して した する ます です から こと これ それ ここ どう なぜ コード ファイル 追加 修正 確認
  テスト 実行 変更 해줘 해주 주세요 어떻게 무엇 코드 파일 추가 수정 확인 테스트 실행 변경`;

const types: readonly [ObservationType, string][] = [
  [
    'bugfix',
    `bug bugs bugfix bugfixes fix fixes fixed error errors fail failed failing fehler behoben beheben fehlerbehebung errores corregir corregimos corregido arreglar
    arreglamos arreglado bogue bogues erreur erreurs corriger corrige erro erros corrigir corrigimos corrigido`,
  ],
  [
    'decision',
    `decision decisions decide decided entscheidung entscheidungen entschieden entscheiden decisiones decidir decidimos decidido decide decisao decisoes`,
  ],
  [
    'feature',
    `features funktion funktionen funcionalidad funcionalidades fonctionnalite fonctionnalites funcionalidade`,
  ],
  ['security', `security vulnerability vulnerabilities sicherheit seguridad securite seguranca`],
  ['refactor', `refactoring refactored refactors`],
  ['gotcha', `gotcha gotchas pitfall pitfalls fallstrick fallstricke`],
];

const genericShort = once(() => new Set(genericPairs.split(/\s+/).flatMap((word) => stemmedWords(word))));

/** A word of the lists above, not stemmed yet: to stem all of them takes longer than a search. */
interface Listed {
  word: string;
  languages?: readonly Language[];
  type?: ObservationType;
}

/** By how words and stems begin, in letters; no stemmer changes these. */
const headLength = 2;
const headOf = (word: string): string => word.slice(0, headLength);

const listedByHead = once(() => {
  const listed: Listed[] = [
    ...Object.entries(generic).flatMap(([language, words]) =>
      wordsOf(words).map((word) => ({ word, languages: ['en', language as Language] as const })),
    ),
    ...types.flatMap(([type, words]) => wordsOf(words).map((word) => ({ word, type }))),
  ];
  const byHead = new Map<string, Listed[]>();
  for (const one of listed)
    for (const head of new Set([one.word, baseForms.get(one.word) ?? one.word].map(headOf)))
      byHead.set(head, [...(byHead.get(head) ?? []), one]);
  return byHead;
});

function wordsOf(words: string): string[] {
  return words.trim().split(/\s+/);
}

const knownStems = new Map<string, { isListed: boolean; type?: ObservationType }>();

function lookUp(stem: string): { isListed: boolean; type?: ObservationType } {
  let known = knownStems.get(stem);
  if (known === undefined) {
    const listed = (listedByHead().get(headOf(stem)) ?? []).filter(({ word, languages }) =>
      stemsIn(word, languages).includes(stem),
    );
    const type = listed.findLast((one) => one.type !== undefined)?.type;
    known = { isListed: listed.length > 0, ...(type && { type }) };
    knownStems.set(stem, known);
  }
  return known;
}

/** True of a word that says nothing about the subject, in any language. */
export function isGeneric({ stems }: Pick<AskedWord, 'stems'>): boolean {
  return stems.some((stem) => lookUp(stem).isListed || (notAscii.test(stem) && genericShort().has(stem)));
}

/** The type of records that a word asks for. */
export function typeAsked({ stems }: Pick<AskedWord, 'stems'>): ObservationType | undefined {
  return stems.map((stem) => lookUp(stem).type).find((type) => type !== undefined);
}
