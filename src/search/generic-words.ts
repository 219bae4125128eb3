// Words that say what is wanted and not about what: of any request about any code, and of questions about a time or a file. Each by its stems
// in English and in its own language, as the index has them.
import type { ObservationType } from '../domain/types.ts';
import type { AskedWord } from '../index/words.ts';

const generic: ReadonlySet<string> = new Set(
  `acontec aconteceu add adicion adiciona adicionar again agreg agrega agregar ajout all alter alteracao alteraco alteramo amelior anad
  anadir and ander andern anderung anderungen anoth app appri appris aprend aprendemo aprendimo arbeit arbeiten archiv archivo arquiv
  arquivo ask aufgab benutz benutzen besoin bitt branch brauch build call cambi cambiado cambiamo cambiar cambio chang changement changer
  check clean cod code codig codigo command commit continu continua convert copi cre crea crear creat cree creer cri cria criar datei
  dateien debug dec deci decia decir delet deploi describ dic dice do doc document draft ecri ecrir ecris edit ejecut ejecuta ergebni
  ergebnis erklar erklaren erstel erstell erstellen escrev escrib escribir execut executa explain explic explica explicar expliqu fait faut
  favor ficheir ficheiro ficher fichero fichi fichier file find finish fiz fizemo foi fois folder frag frage fug fuge function geandert
  gearbeitet gelernt gemacht gener go happen help hic hicimo hinzufug hinzufugen implement improv issu it keep know lanc lauf learn let line
  list lista look mach machen make mal mejor mejora mejorar melhor melhora memori merg migrat miss mocht mochten modif modifi modul montr
  montrer mostr mostra mostrar move mud mudamo mudanc mudanca mudar mudou muestr muestra name necesit necesito need neu neue neuen new next
  note nouveau nouvel nov nova novo now nuev nueva nuevo ok old open optim option output page part pas pasado paso pass passiert path
  pergunt pergunta peux plait pleas precis preciso pregunt pregunta prepar probl problem problema project projekt projet projeto proyect
  proyecto prueb prueba pruf prufe pull push quer quero question quier quiero read record releas rememb remov renam repo repositori request
  result resultado resultat review revis revisa run sab sabemo sait save schreib schreiben second show start statu step stop summar summari
  tach tare tarea taref tarefa task ten tenemo teng tengo test tests thing todo trabaj trabajamo trabajar trabajo trabalh trabalhamo
  trabalhar trabalho translat travail travaill try updat upgrad us usa usand usando usar utilis vec vece verbess verbesser verif verifi
  verifica version verwend verwenden veux vez veze volv volver voudr voudrai vuelv wai want weisst weit weiter will wiss wissen work write
  wrong ye zeig zeigen
  一下 一 下 一个 个 这个 这 那个 那 我们 我 们 你们 你 可以 可 以 需要 需 要 请帮 请 帮 帮我 请你 怎么 怎 么 什么 什 为什 为 如何 如 何 现在 现 在 问题 问 题 代码 代 码 文件 文 件 项目 项 目 修改 修 改 添加 添 加 增加 增
  删除 删 除 检查 检 查 测试 测 试 运行 运 行 更新 更 新 实现 实 继续 继 续 功能 功 能 错误 错 误 方法 方 法 使用 使 用 进行 进 是否 是 否 没有 没 有 して てく くだ ださ さい した する ます です から こと これ それ ここ どう
  なぜ コー ード ファ ァイ イル 追加 追 修正 正 確認 確 認 テス スト 実行 実 変更 変 해줘 해주 주세요 주세 세요 어떻게 어떻 떻게 무엇 코드 파일 추가 수정 확인 테스트 테스 스트 실행 변경`.split(
    /\s+/,
  ),
);

/** Of words that ask for a type of records. */
const typed: readonly [ObservationType, string][] = [
  [
    'bugfix',
    `bug bugs bugfix fix fixed error errors fail failed failing fehler fehl behoben behob beheben beheb fehlerbehebung fehlerbeheb corregir
  correg corregimo corregimos corregido arreglar arregl arreglamo arreglamos arreglado bogu bog erreur erreurs corrig erro erros corrigir
  corrigimo corrigimos corrigido`,
  ],
  [
    'decision',
    `decis decision decisions decid decided entscheidung entscheid entscheidungen entschieden entschied entscheiden decidir decidimo decidimos
  decidido decisao decisa deciso`,
  ],
  ['feature', `featur funktion funktionen funcionalidad funcional fonctionnalit`],
  [
    'security',
    `secur security vulner vulnerability vulnerabiliti vulnerabilit sicherheit sich seguridad segur securit seguranca seguranc`,
  ],
  ['refactor', `refactor refactoring refactored refactors`],
  ['gotcha', `gotcha gotch gotchas pitfal pitfall pitfalls fallstrick`],
];

const typeOf: ReadonlyMap<string, ObservationType> = new Map(
  typed.flatMap(([type, stems]) => stems.split(/\s+/).map((stem) => [stem, type] as const)),
);

/** True of a word that says nothing about the subject, in any language. */
export function isGeneric({ stems }: Pick<AskedWord, 'stems'>): boolean {
  return stems.some((stem) => generic.has(stem) || typeOf.has(stem));
}

/** The type of records that a word asks for. */
export function typeAsked({ stems }: Pick<AskedWord, 'stems'>): ObservationType | undefined {
  return stems.map((stem) => typeOf.get(stem)).find((type) => type !== undefined);
}
