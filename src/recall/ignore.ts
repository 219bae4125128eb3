// "Ignore the memory", said by the person: in English, German, French, Spanish, Portuguese, Italian, Chinese, Japanese. A memory of
// another kind (a leak, a limit) is not meant: the sentence has to end there, or go on with how long.

import { once } from '../domain/once.ts';

const spaced = [
  String.raw`(?:ignore|disregard|skip|(?:do not|don't|never) (?:use|read|consult)|stop using|leave out) (?:(?:the|your|this|all|any|project|repository|repo|repomem|project's|session) ){0,3}(?:memory|memories)`,
  String.raw`(?:ignorier[et]?|vergiss|beachte) (?:(?:das|die|den|dein|deine|deinen|unser|projekt) ?){0,2}[- ]?(?:gedächtnis|memory|erinnerungen|projektgedächtnis)(?: nicht)?`,
  String.raw`(?:nutze?|benutze?|verwende?) (?:(?:das|die|den|dein|deine) ){0,2}(?:gedächtnis|memory|erinnerungen|projektgedächtnis) nicht`,
  String.raw`(?:ignore[zr]?|oublie[zr]?|n['’]utilise[zr]? pas|ne te sers pas de) (?:la|ta|votre|cette) mémoire(?: du projet)?`,
  String.raw`(?:ignora|ignorá|ignore|no uses|no utilices|no use|olvida) (?:la|tu|su|esta) memoria(?: del proyecto)?`,
  String.raw`(?:ignora|ignore|desconsidere|não use|não uses|nao use|não utilize) (?:a|sua|tua|a sua|a tua|esta) memória(?: do projeto)?`,
  String.raw`(?:ignora|non usare|non utilizzare|lascia perdere) (?:la|tua|la tua|questa) memoria(?: del progetto)?`,
];

const end = String.raw`(?=\s*(?:$|[.,;:!?)"'\n—–-]|(?:please|bitte|today|heute|now|here|hier|aquí|aqui|ici|qui|completely|entirely|ganz)(?!\p{L})|(?:for|in|für|para|por|pour|dans|en|em|per) (?:this|now|today|the moment|dies\p{L}*|jetzt|heute|est[ae]\p{L}*|cette|ce|quest[ao]\p{L}*|ahora|hoy|agora|hoje|maintenant|adesso|oggi)(?!\p{L})|(?:nesta|neste|diesmal|for once)(?!\p{L})))`;

const unspaced =
  /(?:忽略|无视|不要(?:使用|参考|看)|别(?:用|看)|不(?:使用|参考))(?:一下)?(?:这个|项目|仓库|你)?的?(?:记忆|memory)(?!体|体|泄|占|不足|里)|(?:メモリー?|記憶|プロジェクトメモリ)(?:を|は)(?:無視|使わないで|使用しないで|参照しないで|見ないで)/iu;

/** Every sentence meant here holds one of these; to compile the whole pattern takes 5 ms, for which each prompt would wait. */
const named = /mem[oó]r|mémoire|erinnerung|gedächtnis|記憶|メモリ|记忆/i;
const pattern = once(() => new RegExp(`(?<![\\p{L}\\p{N}_])(?:${spaced.join('|')})${end}`, 'iu'));

/** Longer prompts are pasted text, whose first part may be the person's own. */
const maxChars = 4000;

export function wantsNoMemory(prompt: string): boolean {
  const text = prompt.slice(0, maxChars);
  return named.test(text) && (pattern().test(text) || unspaced.test(text));
}
