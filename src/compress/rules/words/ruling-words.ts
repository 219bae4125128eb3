// Cue words of the user's rulings: for later work, for a choice, and for taking one back; in the languages of language.ts.
import { begins, words } from './language.ts';

/** A rule for all later work. */
export const fromNowOn = words(
  "from now on|from here on|going forward|in (?:the )?future|ab jetzt|ab sofort|von jetzt an|künftig|in zukunft|zukünftig|dorénavant|désormais|à partir de maintenant|à l'avenir|a partir de ahora|de ahora en adelante|en adelante|en el futuro|a partir de agora|daqui (?:em|para|pra) (?:diante|frente)|de agora em diante|no futuro|d'ora in (?:poi|avanti)|da ora in poi|in futuro",
  '以后|今后|从现在(?:起|开始)|今後|これから(?:は|ずっと)?|以後',
);

/** A rule where the sentence begins with it. */
export const alwaysOrNever = begins(
  "(?:please |bitte |por favor,? |merci de |s'il te plaît,? )?(?:always|never|do not ever|don't ever|immer|niemals|nie|nie wieder|toujours|jamais|ne [\\p{L}']+ (?:pas |plus )?jamais|n'[\\p{L}]+(?:-[\\p{L}]+)? jamais|siempre|nunca|jamás|sempre|jamais|mai|non [\\p{L}]+ mai)",
  '永远不?|绝不|绝对不|一律|必须始终|总是|常に|必ず|絶対に|決して',
);

/** Takes a ruling back, in any sentence. */
export const retraction = words(
  "after all(?! (?:the|of|this|that|these|those|tests?|checks?)\\b)|on second thoughts?|scrap (?:the|that|this)|must not|(?:don't|do not) \\p{L}+ .{1,40} any ?more|doch (?:wieder|lieber|nicht|kein\\p{L}*)|ya no (?:us|quier)\\p{L}+|al final (?:us|quier)\\p{L}+|n['’]utilis\\p{L}+ plus|(?:não|non) (?:us\\p{L}+) (?:mais|più)",
  '改用|改回|不再用|还是用|やっぱり',
);

/** Takes one back where the sentence is a rule itself. */
export const replacing = words(
  'any ?more|no longer|is gone|are gone|instead|no more|nicht mehr|statt|kein\\p{L}* mehr|ne \\p{L}+ plus|au lieu|ya no|en (?:lugar|vez)|não .{1,20} mais|em vez|non .{1,20} più|invece',
  '不再|不要再|ではなく|もう',
);

/** Allows what was forbidden. */
export const permission = words(
  'can|may|fine|ok(?:ay)?|allowed|free(?:ly)?|again|darf|dürfen|kann|können|erlaubt|wieder|peux|peut|pouvez|autorisé|puedes?|pueden|permitido|pode[ms]?|permitid[oa]|può|possiamo|permesso',
  '可以|允许|いい|よい|構わない',
);

/** Adds to what was ruled before. */
export const additional = words(
  'too(?=\\s*(?:$|[,.;!]))|also|either|as well|auch|ebenfalls|también|tampoco|aussi|non plus|também|anche|neanche',
  '也|同样|同じく',
);

/** How things are done here, said with what is not done. */
export const ourWay =
  /(?<![\p{L}\p{N}_])(?:we (?:never|always)|wir \p{L}+ (?:hier )?(?:nie|niemals|immer)|(?:nous|on) n['’e]\s?\p{L}+ jamais|(?:acá|aquí) (?:nunca|siempre)|aqui (?:nunca|sempre)|a gente (?:nunca|sempre)) \p{L}|(?<![\p{L}\p{N}_])(?:we (?:only )?(?:use|write|keep|deploy|run|name|prefer)|wir (?:nutzen|verwenden|benutzen|nehmen|schreiben)|(?:nous utilisons|on utilise|on écrit)|(?:usamos|utilizamos)|usiamo|utilizziamo)(?![\p{L}]).{3,80}(?<![\p{L}])(?:not|never|instead of|nicht|statt|pas|au lieu d[eu']|no(?! \p{L}+ing)|en (?:lugar|vez) de|não|em vez de|non|invece di)(?![\p{L}])|我们(?:只)?用.{1,40}(?:不用|而不是)|(?:では|は).{1,30}を使(?:い|う).{0,40}(?:使わない|使いません|ではなく)/iu;

/** What is not done here, or preferred to something else. */
export const notOurWay = words(
  "we (?:\\p{L}+ )?(?:don't|do not) (?:\\p{L}+ )?(?:use|do|write|commit|push|merge|deploy|log|mock|name|add)(?! (?:it|that|this|anything|much)\\b)|we (?:\\p{L}+ )?prefer .{2,60} (?:over|to|instead of|rather than)|wir (?:verwenden|nutzen|benutzen|nehmen|schreiben)(?: \\p{L}+){0,3} kein\\p{L}*|wir bevorzugen|(?:on|nous) n['’](?:utilis\\p{L}+|écri\\p{L}+|ajout\\p{L}+) (?:pas|plus)|(?:on|nous) ne (?:met\\p{L}*|commit\\p{L}*|pouss\\p{L}+) (?:pas|plus)|(?:on|nous) préf\\p{L}+|(?:no|não) (?:usamos|utilizamos|escribimos|escrevemos)|preferimos|non (?:usiamo|utilizziamo|scriviamo)|preferiamo",
  '(?:这里|我们|项目里)不用|统一用|優先して使|优先用|(?:ここ|うち|当プロジェクト|このリポジトリ)では.{1,30}使い?(?:ません|わない)|ではなく.{1,20}を使(?:います|う|って)',
);

/** A demand that holds for more than the task at hand. */
export const alwaysSo = words(
  'make sure (?:you |to |we |that you )?(?:always|never)|always make sure|be sure to always|as a (?:general )?rule|acht(?:e|et)(?: \\p{L}+){0,2} (?:immer|stets|künftig)|denk(?:e|t)? (?:bitte )?immer (?:dr|daran)\\p{L}*|grundsätzlich|pense[zr]? (?:bien )?à toujours|veille[zr]? (?:bien )?à toujours|en règle générale|asegúrate siempre|asegúrate de (?:que )?siempre|asegurate siempre|por regla general|por norma(?: general)?|certifique-se (?:sempre|de sempre)|como regra|assicurati sempre|di norma|di regola',
  '一律|严禁|禁止|不允许|原则上|原則として|は禁止',
);

/** An experience, told with always or never. */
export const experience = words(
  'always the same|we (?:never|always) (?:forget|finish|run out|end up|lose|miss)|from now on (?:the|it|i.m|i am|my)\\b.{0,40}(?<![\\p{L}])(?:fails?|crash\\p{L}*|breaks?|takes?|holiday|dentist)|ab jetzt schlägt|wir vergessen|immer dasselbe|siempre (?:se nos|lo mismo)|a partir de ahora falla|toujours pareil|sempre (?:bom|a mesma|lo stesso)|haha|lol|always (?:fails?|works?|worked|crash\\p{L}*|happen\\p{L}*|gets?|takes?)|never (?:mind|had|got|saw|seen|heard|knew|did|was|were|been|thought|found|met|worked|works|happen\\p{L}*|again)|we (?:never|always) (?:had|got|saw|heard|knew|did|was|were|thought|found|\\p{L}{3,}ed)|nie(?:mals)? (?:im leben|gesehen|gehört|gehabt|passiert|verstanden)|nunca (?:vi|vimos|he|ha|hemos|han|había|tuve|tuvimos|pensé|supe|pasa|pasó|me (?:acuerdo|pasó|funcion\\p{L}+)|funciona|funcionó|aconteceu|acontece|tive|tivemos|entendi)|jamais (?:vu|entendu|eu|compris|marché)|mai (?:vist|sentit|avut|capit|success)\\p{L}*',
);

/** The user asks to keep what follows, or what the agent answers: as a request, not "remember to do". */
export const remember = words(
  "(?<=^|[.!?;:,]\\s{1,3}|(?:and|please|bitte|und|y|e|et)\\s)(?:remember(?=\\s(?:it|this|that|these|them|the|our|for)\\b|\\s?[:,])|keep in mind|note (?:it|this|that) (?:down|for later)|merk(?:e)? dir|vergiss nicht|behalte? (?:das|es|dir)|retiens|souviens-toi (?:que|de (?:ça|cela))|n'oublie pas que|note bien|recuérda(?:lo|me)|recuerda (?:esto|eso|que)|recordá(?:lo| esto| que)|no olvides que|lembre(?:-se)? (?:disso|que)|lembra (?:disso|que)|não esqueça que|ricorda(?:ti|lo)? (?:che|questo)|(?:recuerd[ae]|recordá|lembr[ae]|lembre-se|ricorda(?:ti)?|rappelle-toi|rappelez-vous|retenez|zapamiętaj)(?=\\s?[:,])|non dimenticare che)",
  '记住|记下|覚えて|忘れないで|記憶して',
);

/** No answer to a question; an option may begin so ("Skip the hook"). */
export const noAnswer =
  /^(?:(?:whatever|i (?:don't|do not) (?:know|care)|no idea|not sure|you (?:decide|choose)|up to you|egal|weiß (?:ich )?nicht|entscheide du|me da igual|no sé|je ne sais pas|peu importe|tanto faz|não sei|decid[ei] tu|non (?:lo )?so)(?![\p{L}])|(?:skip(?: (?:it|this|that))?|随便|不知道|你决定|お任せします?|わからない)[.!。]*$)/iu;

/** A question of how to go on at that moment, or of what the user knows. */
export const proceeding = words(
  "how (?:should|do|shall) (?:we|i) (?:proceed|continue|go on)|next steps?|what(?:'s| is| (?:shall|should|do) (?:we|i) do)? next|your (?:level|background|experience)|wie (?:weiter|fortfahren)|comment (?:continuer|procéder)|cómo (?:continuar|seguir|proceder)",
  '진행|어떻게 할까|下一步|如何继续|怎么继续|どう進め|ต่อไป',
);

/** Asks for an order of work, not for a choice. */
export const inWhichOrder =
  /(?<![\p{L}])(?:which|what|welche\p{L}*|cuál(?:es)?|qual|quale|lequel|laquelle)(?![\p{L}])[^?？]*(?:first|fix|zuerst|beheb|primero|arregl|corrig)|ก่อน/iu;

/** Words of a question that say nothing of its subject. */
export const asking = words(
  'should|would|want|need|have|handle|make|keep|store|what|which|does|with|this|that|your|their|about|when|where|welche\\p{L}*|soll\\p{L}*|quel\\p{L}*|qué|cuál|qual',
);

/** Leaves options out instead of taking one. */
export const exclusion = words(
  'anything but|any(?:thing)? except|all but|not|none|neither|nothing|alles außer|außer|nicht|kein\\p{L}*|weder|tout sauf|sauf|pas|aucun\\p{L}*|todo menos|menos|ningun\\p{L}*|tudo menos|nenhum\\p{L}*|tutto tranne|nessun\\p{L}*',
  '以外|除了|不要|都不',
);

/** Agreed to, but not to be done now. */
export const postponed = words(
  "(?:but )?not (?:now|yet|today|this (?:week|month|sprint|time))|later|(?:aber )?(?:noch )?nicht (?:jetzt|heute|diese)|später|pas (?:maintenant|encore|aujourd'hui|cette semaine)|plus tard|ahora no|todavía no|más (?:tarde|adelante)|agora não|ainda não|mais tarde|non (?:ora|adesso|oggi)|più (?:tardi|avanti)",
  '先不|以后再|暂时不|後で|今は(?:しない|いい)',
);
