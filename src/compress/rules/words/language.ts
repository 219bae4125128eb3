// The few words that choose among statements, by language: English, German, French, Spanish, Portuguese, Italian, Chinese, Japanese.
// They choose only; a language without a list loses no more than its standing instructions.

/** A pattern of whole words; scripts without spaces have no word boundaries. */
export function words(spaced: string, unspaced = ''): RegExp {
  const whole = `(?<![\\p{L}\\p{N}_])(?:${spaced})(?![\\p{L}\\p{N}_])`;
  return new RegExp(unspaced === '' ? whole : `${whole}|${unspaced}`, 'iu');
}

/** The same at the beginning of a text. */
export function begins(spaced: string, unspaced = ''): RegExp {
  const whole = `(?:${spaced})(?![\\p{L}\\p{N}_])`;
  return new RegExp(`^[\\s"'¡!¿«„“]*(?:${unspaced === '' ? whole : `${whole}|${unspaced}`})`, 'iu');
}

/** A prompt that refuses or corrects what the agent did or proposed. */
export const refusal = begins(
  'no|nope|nah|not like that|wrong|stop|wait|hmm+,? wait|actually|instead|nein|nee|falsch|halt|moment|lieber|doch nicht|non|pas comme ça|arrête|attends|plutôt|en fait|mejor|espera|para|así no|mal|não|nao|errado|melhor|na verdade|aspetta|sbagliato|meglio|anzi|fermati',
  '不(?!错|客气|过|用谢)|别|错了|等等|等一下|还是用|いや|いいえ|違(?:う|い)|待って|やめて|やっぱり',
);

/** It was tried and did not work. */
export const didNotWork = words(
  "(?:did(?: not|n't)|does(?: not|n't)|still(?: does)? not|isn't|not) work(?:ing)?|(?:still|same) (?:fail\\p{L}*|broken|error)|no luck|(?:geht|klappt|funktioniert|läuft) (?:immer noch |leider |so )?nicht|(?:ne|n') ?(?:marche|fonctionne) (?:toujours )?pas|marche pas|no (?:me )?(?:anduvo|anda|funciona|funcionó|sirve|sirvió)|sigue (?:fallando|igual)|não (?:funciona|funcionou|deu|dá)|non (?:funziona|va)",
  '还是不行|不行|没用|没有用|动不了|動かない|動きません|だめ|ダメ',
);

/** The agent admits that it was wrong. */
export const admission = words(
  "i was wrong|my mistake|i made a mistake|you(?:'re| are) (?:absolutely |completely |quite )?right|good catch|i misspoke|ich lag falsch|mein fehler|da(?: |s )hast du recht|du hast recht|ich habe mich geirrt|je me suis trompé|vous avez raison|tu as raison|mon erreur|me equivoqué|tenés razón|tienes razón|tiene razón|mi error|eu errei|me enganei|você tem razão|tens razão|meu erro|mi sono sbagliat[oa]|hai ragione|errore mio",
  '你说得对|您说得对|我错了|我弄错了|おっしゃる通り|間違えました|間違っていました|私の間違い',
);

/** The user wants it another way than it stands. */
export const otherWay = words(
  "instead|rather|don't want|do not want|no longer|anymore|change (?:it|this|that)|switch|use .{1,40} not|won't do|drop|remove|revert|undo|rename|stattdessen|lieber|nicht mehr|doch|ändere?|entferne?|au lieu|plutôt|ne veux (?:pas|plus)|change|remplace|enlève|supprime|en (?:lugar|vez)|mejor|no quiero|cambia|cambialo|quita|saca|em vez|não quero|muda|troca|remove|tira|invece|piuttosto|non voglio|cambia|togli",
  '改成|改为|换成|不要|去掉|删掉|代わりに|ではなく|やめて|変えて|変更|削除',
);

/** What the agent would do itself, or asks for leave to do. */
export const offer = words(
  "i(?:'ll| will| would| can| could| can't| cannot| am going to| want to| need to|'d|'m going to)|let me|want me to|shall i|should i|would you like|if you(?:'d)? (?:like|want|prefer)|let me know|do you want|feel free|ich (?:werde|würde|kann|könnte|möchte)|soll ich|möchtest du|wenn du (?:willst|magst|möchtest)|sag (?:mir )?bescheid|je (?:vais|peux|pourrais|voudrais)|veux-tu|voulez-vous|si tu veux|si vous voulez|dis-moi|dites-moi|(?:yo )?(?:puedo|podría|voy a|haré|usaría|tomaría)|quieres que|querés que|si (?:quieres|querés)|dime|decime|avísame|avisame|eu (?:vou|posso|poderia|usaria|farei)|quer que|se (?:quiser|você quiser)|me (?:diga|avise)|posso|potrei|vuoi che|se vuoi|fammi sapere|dimmi|скажи(?:те)?|сообщите|дайте знать|если хотите|хотите|могу",
  '需要我|要不要我|要我|我会|我将|我可以|如果你(?:想|需要|愿意)|ましょうか|いただければ|必要であれば|よろしければ|원하시면|드릴까요|할까요|주세요|말씀해',
);

/** The user asks the agent to do something now. */
export const appeal = words(
  '(?:can|could|would|will) you|kannst du|könntest du|peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|puedes|podés|podrías|(?:você )?(?:pode|poderia)(?= )|puoi|potresti',
  '你能|能不能|可以.{0,12}吗|できますか|してもらえ',
);

/** What the agent does next, right away. */
export const promise = begins(
  "(?:now |so |first )?(?:let me(?! know)|let's|i(?:'ll| will| need to| am going to|'m going to))|(?:jetzt )?(?:ich werde|lass mich)|je vais|(?:ahora )?(?:voy a|vamos a|déjame|dejame)|(?:agora )?(?:eu )?(?:vou|vamos)|deixa-me|(?:ora )?(?:io )?vado a",
  '让我|我来|我(?:现在)?(?:将|会|去)',
);

/** Advice on a choice that the user has not made yet. */
export const advice = words(
  "i(?:'d| would) (?:take|use|go|pick|choose|suggest|recommend|prefer|rather)|i recommend|i suggest|my recommendation|recommended|ich würde|(?:ich )?empfehle|meine empfehlung|je (?:recommande(?:rais)?|conseille|prendrais|choisirais|suggère)|recomiendo|recomendaría|sugiero|sugeriría|yo (?:usaría|iría|elegiría|tomaría)|eu (?:usaria|iria|escolheria|prefiro|recomendo)|recomendo|recomendaria|sugiro|sugeriria|consiglio|consiglierei|suggerisco|io (?:userei|sceglierei|prenderei)",
  '我?建议|推荐|おすすめ|お勧め|推奨|がよい|がいいと思',
);

/** Work that is still to be done. */
export const pending = words(
  'next(?: steps?| up| is|(?= ?[:.,]|$))|todo(?= ?:)|to do|remaining|left to do|still (?:to|needs?|has to|have to|missing|open)|not (?:yet )?(?:implemented|done|tested|covered|committed|pushed)|(?:not|nothing|\\p{L}+n.t) [^.]{0,40}?yet|need(?:s)? to|(?:must|should) still be|noch (?:nicht|zu|offen)|fehlt noch|muss noch|müssen noch|als nächstes|steht (?:noch )?aus|reste (?:à|encore)|pas encore|prochaines? étapes?|il faut(?: encore)?|falta(?:n)?|pendiente|todavía no|aún no|próximos? pasos?|queda por|falta|ainda não|próximos? passos?|resta|manca|da fare|non ancora|prossim[io] pass[io]|осталось|ещё не|пока не',
  '[你您](?:还)?需要|下一步|待办|还没|尚未|还需要|未完成|次の(?:ステップ|作業)|まだ|未対応|未実装|残り|아직|남은',
);

/** Names what is tried after an attempt that failed. */
export const nextTry = words(
  "next (?:candidate|idea|attempt|try|option|lead)|instead i(?:'ll| will)|nächste[rn]? (?:kandidat|versuch|idee)|piste suivante|prochaine piste|prochain essai|siguiente (?:intento|opción|idea)|próxim[oa] (?:tentativa|opção|ideia|intento)|prossim[oa] (?:tentativo|idea)",
  '下一步(?:试|尝试)|次の(?:案|候補)',
);

/** Says what remains as it is. */
export const staying = words(
  'stays?|remains?|keeps?|still|bleibt|bleiben|reste(?:nt)?|sigue|queda|permanece|fica|rimane|resta',
  '仍|不变|のまま',
);

/** The agent does not know yet. */
export const inquiry = words(
  'check|verify|confirm|see (?:if|whether|why|where|how)|make sure|(?:über)?prüfen?|nachsehen|vérifier|compruebo|comprobar|revisar|verificar|verifico|controllo|controllare',
  '检查|确认|核实|确认一下|確認',
);

/** States that the next step changes. */
export const momentary = words(
  '(?:\\p{L}+ ){0,4}(?:is|are|ran|runs) (?:all )?(?:lint-)?clean|exit 0|(?:all |the |\\d+ )?(?:\\d+ )?(?:\\p{L}+ )?(?:tests?|checks?|builds?|suite|ci|pipeline) (?:are |is |all |still |now )*(?:pass(?:es|ing|ed)?|green|red|fail(?:s|ing|ed)?)(?: now| again)?|(?:all|everything|it|branch|tree|working tree|code|changes?|main) (?:is |are |has been |have been |now )*(?:committed|pushed|clean|green|in place|up to date|staged|done|complete|ready)|ready (?:to|for) \\p{L}+|pausing (?:here )?for|whenever you|(?:the )?only (?:remaining |unstaged |uncommitted |untracked )+(?:change|file)s?(?: (?:is|are))?|all set|(?:background )?tasks? (?:is |are )?(?:now )?completed?(?: successfully)?|(?:code )?compiles(?: cleanly)?|(?:is|are) running|green again|alles (?:grün|fertig|sauber|erledigt)|(?:tests?|build) (?:ist|sind|laufen|läuft) (?:jetzt |wieder |alle )*(?:grün|durch|sauber)|tous les tests passent|tout est (?:vert|prêt|propre|poussé)|(?:todos )?(?:los|las) (?:tests|pruebas) pasan|todo (?:listo|verde|subido)|(?:todos )?os testes passa[mr]|tudo (?:certo|pronto|verde)|tutti i test passano|tutto (?:pronto|verde|fatto)',
  '测试(?:都|全部|现在)?通过|全部通过|已(?:提交|推送)|テストは?(?:すべて|全て)?(?:通|パス)|コミットしました|プッシュしました',
);

/** A prompt that takes up what was offered. */
export const affirmation = begins(
  "(?:yes|yep|yeah|yup|ok(?:ay)?|sure|go(?: ahead)?|do (?:it|that|so)|let's|the (?:first|second|third|last|former|latter)|(?:first|second|third) one|option|agreed|ja|jo|klar|gerne?|mach(?:e)? das|die (?:erste|zweite)|oui|d'accord|vas-y|le (?:premier|deuxième|second)|la (?:première|deuxième)|sí|si|dale|vale|hazlo|el (?:primero|segundo)|la (?:primera|segunda)|sim|pode|faz|beleza|o (?:primeiro|segundo)|a (?:primeira|segunda)|sì|va bene|fallo|il (?:primo|secondo))",
  '好|是的?|对|可以|行|就(?:这样|用)|第[一二三]|はい|ええ|それで|お願い|うん|[12一二]番目',
);

/** Praise, thanks and small talk, which are nobody's rule. */
export const smallTalk = words(
  "thanks?|thx|thank you+|please|cool|great|nice|awesome|super|sorry|ok(?:ay)?|yeah|yay|hey+|hi|hello|hmm+|legend|star|good (?:catch|job|idea|morning|question)|morning|lol|perfect|any ?time|no problem|welcome|gern geschehen|gerne|de nada|por nada|de rien|avec plaisir|prego|di niente|looks good|danke|bitte|prima|klasse|passt|guten morgen|gracias|genial|perfecto|excelente|crack|por favor|hola|merci|parfait|super|bonjour|s'il (?:te|vous) plaît|obrigad[oa]|valeu|show|perfeito|oi|grazie|perfetto|ciao",
  '谢谢|不客气|不用谢|どういたしまして|辛苦|不错|好的|太好了|ありがとう|お願い|ください|すごい|了解',
);

/** How an answer begins that takes up what the user said. */
export const acknowledgement =
  /^(?:wait|hmm+|ah|oh|agreed|settled|understood|done|resolved|solved|finished|completed?|ok(?:ay)?|sure|right|got it|noted|fixed|of course|exactly|correct|however|also|additionally|besides|furthermore|yes|yep|yeah|no|nope|good|great|perfect|green again|genau|richtig|allerdings|außerdem|zudem|cependant|de plus|en outre|sin embargo|además|también|no entanto|além disso|também|inoltre|tuttavia|exact(?:ement)?|exacto|correcto|exato|isso|esatto|verstanden|gut|erledigt|behoben|gelöst|abgeschlossen|fertig|klar|einverstanden|ja|nein|alles klar|compris|d'accord|entendu|c'est (?:fait|noté|bon)|fait|corrigé|résolu|réglé|terminé|oui|non|entendido|hecho|listo|arreglado|resuelto|solucionado|terminado|de acuerdo|corregido|vale|sí|claro|combinado|certo|feito|corrigido|resolvido|concluído|entendi|pronto|sim|capito|fatto|corretto|risolto|d'accordo|va bene|sì|certo|明白|好的?|已修复|已解决|已?完成了?|收到|没问题|了解(?:しました)?|承知しました|完了しました|解決しました|はい|修正しました)[\s]*[:：,，.!。！;—–-]+\s*/iu;

/** How a sentence goes on from the one before it. */
export const conjunction =
  /^(?:(?:and|also|btw|by the way|oh|ah|but|so|then|und|außerdem|übrigens|ach ja|aber|par contre|au fait|et|aussi|mais|y|además|por cierto|pero|ah|e|aliás|mas|inoltre|ma|poi|另外|还有|对了|あと|それと|ちなみに)(?![\p{L}])[\s,，、:：]*)+/iu;

/** A clause that waits for another one: alone it says nothing. */
export const subordinate = begins(
  'if|when|while|although|as|since|because|to|for|by|with|without|after|unless|whenever|wenn|falls|während|obwohl|mit|ohne|nachdem|si|quand|lorsque|pendant|bien que|comme|pour|avec|sans|après|cuando|mientras|aunque|como|para|con|sin|por|tras|al|quando|enquanto|embora|com|sem|após|ao|mentre|sebbene|poiché|per|senza|dopo',
  '如果|当|虽然|因为|为了|もし',
);

/** A sentence that points at what stands before it. */
export const anaphor = begins(
  "(?:besides|furthermore|additionally|außerdem|zudem|de plus|en outre|además|también|além disso|também|inoltre)|this|that|these|those|it|its|they|them|he|she|here(?:'s| is| are)?|there|both|such|so|then|also|and|but|or|because|which|otherwise|therefore|hence|now|the (?:rest|others?|same|latter|former|(?:first|second|last|only|other) (?:one|two))|(?:all )?\\p{L}+ed (?:by|via|with)|das(?= (?:ist|war|sind|geht|liegt|heißt|wird|kann|macht|bedeutet|hat)\\b)|dies\\p{L}*|es|sie|er|hier|beide[s]?|dann|also|und|aber|oder|weil|sonst|deshalb|daher|darum|(?:der|die|das) (?:rest|andere[nr]?|gleiche|letztere)|ce(?:la|ci|tte|s|t)?|c'est|ça|(?:le reste|les autres|le même|la même)|il(?= (?:est|a|faut|y|n|se|suffit|reste|peut|doit)\\b)|elle|ils|elles|voici|ici|les deux|donc|c'est pourquoi|et|mais|ou|sinon|est[oae]s?|es[oae]s?|ello|aquí|ambos|(?:el resto|lo (?:demás|mismo)|l[oa]s demás|(?:el|la) otr[oa])|está[ns]?|se \\p{L}+ (?:con|en|por|a|al|desde|vía|como|así)|entonces|y|pero|porque|p(?:ara|or) (?:ello|eso|esto|lo tanto)|así que|iss[oe]|ist[oe]|ess[ae]s?|ele|ela|eles|elas|aqui|(?:o resto|os outros|o mesmo|a mesma)|estão|então|por isso|portanto|e|mas|ou|quest[oaie]|quell[oaie]|esso|essa|ecco|qui|(?:il resto|gli altri|lo stesso|la stessa)|entrambi|allora|quindi|perciò|ma|perché",
  '这(?!个?项目)|那|它|这些|以上|因此|所以|但是?|これ|それ|あれ|この(?!プロジェクト|リポジトリ)|その|ここ|しかし|だから|また|以上',
);

/** Takes back a part of the sentence before it. */
export const contrary = begins(
  'however|but|though|allerdings|jedoch|aber|cependant|toutefois|mais|sin embargo|pero|no entanto|porém|mas|tuttavia|però|ma',
  '但是?|不过|然而|しかし|ただし',
);

/** Told as past: nothing that stands. */
export const past = words(
  "was|were|had|used to|no longer|until|formerly|previously|instead of|rather than|replaced|removed|dropped|renamed|gone|reverted|gave up|war|waren|wurde|wurden|hatte|nicht mehr|statt|bisher|früher|entfernt|ersetzt|était|étaient|n'est plus|au lieu|auparavant|supprimé|remplacé|era|eran|fue|ya no|en (?:lugar|vez) de|antes|eliminad[oa]|reemplazad[oa]|foi|eram|não é mais|em vez de|removid[oa]|substituíd[oa]|era(?:no)?|non più|invece di|prima|rimoss[oa]|sostituit[oa]",
  '不再|原来|之前|改成|改为|以前|もう.{0,10}ない|でした|ではなく|に変更',
);

/** A look back at how it was: no statement of its own. */
export const backward = begins(
  "before(?=[,:]| (?:this|that|now)\\b)|previously|earlier|formerly|until now|vorher|zuvor|bisher|früher|avant|auparavant|jusqu'ici|antes|anteriormente|hasta ahora|até agora|prima|finora",
  '之前|以前|原来|原先|先前',
);

/** Names a choice as made. */
export const choice = words(
  'decision|decided|solution|choice|entscheidung|entschieden|lösung|décision|solution|choix|decisión|solución|elección|decisão|solução|escolha|decisione|soluzione|scelta',
  '决定|方案|解决|決定|解決',
);

/** The agent says that it made a choice. */
export const chose = words(
  "(?:i|we)(?:'ve| have)? (?:decided|chose|chosen|opted|picked|settled on|went with)|habe (?:ich )?(?:mich |uns )?.{0,60}(?:entschieden|gewählt)|j'ai (?:décidé|choisi|opté|préféré)|decidí|elegí|opté|preferí|he (?:decidido|elegido|optado)|decidi|escolhi|optei|preferi|ho (?:deciso|scelto|optato|preferito)",
  '我?(?:决定|选择了|选用)|ことにし(?:た|ました)|を選びました|に決めました',
);

/** Politeness, which a rule does without. */
export const politeness =
  /(?<![\p{L}])(?:please|bitte|por favor|s'il (?:te|vous) plaît|per favore|per piacere),?\s*|请(?![求示教问客])(?=\p{L})|,?\s*(?:please|bitte|por favor|s'il (?:te|vous) plaît|per favore)(?=[.!]?$)|(?:して)?ください(?=。?$)/giu;

/** A fault that stands: mended by what was done later, as a rule. */
export const defect = words(
  'error(?! (?:handling|messages?|codes?|spans?|logger|status))|errors(?! (?:are|were) )|bugs?|issues?|false positives?|broken|fails|failing|crash(?:es|ed|ing)?|warnings?|fehler(?!behandlung|meldung)|kaputt|schlägt fehl|stürzt ab|absturz|erreurs?|échoue|plante|fallos?|errores|falla|erros?|falha|errori?|fallisce',
  '错误|失败|报错|崩溃|エラー|失敗|落ちる',
);

/** Says that a fault was dealt with. */
export const mended = words(
  'fix(?:ed|es)?|resolved|solved|mended|cured|handled|avoids?|prevents?|behoben|gelöst|corrigée?s?|résolue?s?|arreglad[oa]s?|corregid[oa]s?|resuelt[oa]s?|corrigid[oa]s?|resolvid[oa]s?|corrett[oaie]|risolt[oaie]',
  '修复|修正|解决|直した|解決',
);

/** A guess, which the work may prove wrong. */
export const guess = words(
  'likely|probably|looks|perhaps|maybe|might|could|may be|seems?|appears? to|suspect|guess|wahrscheinlich|vermutlich|vielleicht|scheint|könnte|peut-être|probablement|semble|sans doute|probablemente|quizás?|tal vez|parece|provavelmente|talvez|forse|probabilmente|sembra',
  '可能|也许|大概|似乎|おそらく|たぶん|かもしれ|ようです',
);

/** What the agent is about to do, or tells the reader to do. */
export const toDo = begins(
  'now|next|then|first|add|update|create|fix|make|write|run|check|use|remove|replace|rename|change|implement|test|jetzt|nun|dann|zuerst|als nächstes|maintenant|ensuite|puis|ahora|luego|primero|agora|depois|primeiro|ora|adesso|poi|prima|see|try|look|copy|paste|think|consider|drop|remember|make sure|keep in mind|schau|probier|nutze|verwende|kopiere?|denk|beachte|regarde|essaie|utilise|copie|pense|vérifie|mirá?|creá?|fijate|fíjate|probá(?:lo)?|probalo|prueba|pensá|piensa|usá|usa|copiá?|copialo|cópialo|revisá?|corregí|corrige|sacá|veja|olhe|tente|copie|pense|verifique|guarda|prova|copia|pensa|verifica',
  '现在|接下来|然后|先|请你|次に|まず|今から|다음으로',
);

/** Gives a reason. */
export const reason = words(
  'because|so that|since|to avoid|to prevent|otherwise|as it would|weil|damit|denn|sonst|um zu vermeiden|parce que|pour éviter|afin|sinon|car|porque|para evitar|ya que|para que|si no|pois|senão|perché|per evitare|altrimenti',
  '因为|为了|否则|避免|ため|ので|から',
);

/** Points at something that was told before: "only those four". */
export const pointing = words(
  'th(?:is|at) (?:one|way|case|means|file|line|error|issue|problem|bug|approach|change|function|method|value|part|point|step)|these|those|dies(?:e[rsnm]?)? (?!projekt|repo)|es[aeo]s?|est[aeo]s|cett?e|ces|ceux|celles|quest[aeio]|quell[aeio]|ess[ae]s?|dess[ae]s?|nest[ae]s?|ness[ae]s?',
  '这(?:个|种|些|样)(?!项目)|那(?:个|种|些)|この(?!プロジェクト|リポジトリ)|その|あの',
);

/** Points at another sentence. */
export const pronoun =
  /(?<![\p{L}])(?:it|them|that|this|das|es|ihn|sie|lo|la|los|las|le|l'|isso|ele|questo)(?![\p{L}])|[\p{L}](?:lo|la|los|las)(?![\p{L}])|它|这|それ/iu;

/** Reports what a document says. */
export const attributed = words(
  "according to|as per|per the docs|the (?:official )?(?:docs?|documentation|manual|spec\\p{L}*) (?:says?|states?)|laut|gemäß|selon|d'après|según|segundo (?:a|o|as|os)|de acordo com|de acuerdo con|secondo (?:la|il|le|i)",
  '根据|按照|によると|によれば',
);
