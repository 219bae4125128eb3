// What to listen for, as data: cue words of causes, decisions, traps, cures, rules and chatter, English and the commonest German ones.
// Sessions in other languages fall back to evidence of structure (commits, failing and passing commands, closing texts).

export type Cue = 'cause' | 'decision' | 'trap' | 'cure' | 'dead-end' | 'rule' | 'left' | 'security' | 'fact' | 'proof';

export const cuePatterns = {
  cause:
    /\b(because|(?<=, )since|since (?:the|it|we|there|this)|due to|caused by|causes?\b|root cause|the (?:real |actual |main )?(?:issue|problem|bug|reason|culprit|cause) (?:is|was)|turns out|that's (?:the bug|why)|this is why|which (?:means|breaks|expects)|never (?:reach|meet|match|succe)\w*|so that|as a result|leads? to|hence|therefore|actually|real(?:ly)? (?:is|was|returns)|weil|(?<=, )denn|da (?:die|der|das|es|wir|sonst)|deshalb|deswegen|daher|dadurch|wegen|ursache|der (?:eigentliche |wahre )?grund|liegt (?:daran|an)|führt (?:zu|dazu)|sodass)\b/i,
  decision:
    /\b(instead of|rather than|decided|decision|chose|choose|opted|opting|prefer(?:red)?|in favou?r of|trade-?off|going with|went with|better than|we(?:'ll| will) (?:keep|use|stick)|on purpose|intentional(?:ly)?|deliberate(?:ly)?|replaced? (?:by|with)|by design|only why|to avoid|no need (?:to|for)|not worth|statt(?:dessen)?|anstatt|anstelle|entschieden|entscheidung|bewusst|absichtlich|lieber|bevorzug\w+|um .{3,40} zu vermeiden)\b/i,
  trap: /\b(can(?:not|'t) be|must (?:not|be)|never\b|always\b|beware|careful|gotcha|caveat|pitfall|watch out|note that|silently|unexpectedly|even (?:with|though|when|if)|despite|still (?:runs?|fails?|blocks?|shows?|broken)|only (?:works?|if|when|after|accepts?)|requires?\b|unless|depends on|has to be|needs? to be|auto(?:matically)?[- ]?generat\w+|is (?:git)?ignored|doesn't|does not|do not|don't|won't|not (?:supported|available|allowed|picked up|enough|accessible|referenced)|no longer|false positive|flaky|race condition|deadlock|pre-existing|deprecated|achtung|vorsicht|falle|nie(?:mals)?|immer (?:zuerst|erst|noch|nur)|nur (?:wenn|falls|mit|nach)|darf (?:nicht|nie|kein)|muss (?:zuerst|vor|immer)|obwohl|trotzdem|funktioniert nicht|nicht mehr|stillschweigend|veraltet)\b/i,
  cure: /\b(fix(?:ed|es|ing)?\b|resolv(?:ed|es|ing)|solved?|repair(?:ed|s)?|cure[ds]?|correct(?:ed|s)\b|now (?!is\b|was\b|this\b|has\b|as\b)(?:it|\w{3,}s)|work(?:ed)? around|workaround|rewr(?:ote|itten|ite)|by (?:adding|removing|using|configuring|moving|extracting|renaming|replacing|setting|wrapping|changing|making|passing)|behoben|behebt|gelöst|repariert|korrigiert|bricht nicht mehr|(?:sperr|nutz|verwend|prüf|wirf|liefer|mach)\w*t? jetzt|jetzt (?:in|mit|ohne|über))\b/i,
  'dead-end':
    /\b((?:did|does)(?:n't| not) (?:work|help|change anything)|(?:was|is|were) rejected|revert(?:ed|ing)?|gave up|abandon(?:ed)?|in vain|none (?:of (?:them|these) )?worked|no effect|not an option|ruled out|tried\b|attempted|failed attempts?|turned out (?:not|to be wrong)|too slow|not feasible|wrong approach|still (?:fails|failing|complain(?:s|ing)|enforced|the same)|(?:hat|haben|half|brachte) .{0,20}(?:nicht geholfen|nichts)|nicht geholfen|versucht|vergeblich|verworfen|ohne erfolg|half nicht|zu langsam)\b/i,
  rule: /\b(always|never|must(?: not)?|should(?: not|n't)?|don't|do not|please (?:use|don't|always|never)|from now on|make sure|the (?:rule|convention|policy) (?:is|here)|we (?:use|always|never|prefer)|only use|instead|not allowed|forbidden|keep (?:it|the)|fix the|immer|niemals|nie|bitte (?:nie|immer|kein\w*)|soll(?:en)? (?:nie|immer|nicht))\b/i,
  left: /\b(todo|to do|remaining|remains|still (?:needs?|to|open|missing|left|pending)|next steps?|next:|left to|follow-?up|not (?:yet|done)|pending|later|unfinished|uncommitted|not committed|blocked|blocks|outstanding|unresolved|unsolved|offen|noch nicht|fehlt noch|als nächstes|später)\b/i,
  security:
    /\b(vulnerab\w+|injection|xss|csrf|ssrf|path traversal|sanitiz\w+|privilege|secrets? (?:leak|in)|leak(?:s|ed)? (?:secret|token|credential|password)s?|unauthenticated|authoriz\w+ bypass|cve-\d+|timing attack|constant[- ]time)\b/i,
  fact: /\b(returns?|expects?|takes|accepts?|is (?:a|an|the)|are (?:the|stored|called)|contains?|lives? in|defined in|stored in|reads?|writes?|sends?|uses|calls|respects|falls back|fallback|defaults? to|default|maps?|wraps?|handles?|renders?|passes|emits?|configured?|added|adds|removed|removes|renamed|extracted|merged?|created?|updated?|wired|propagat\w+|enabled?|disabled?|supports?|prefers?|shows?|tracks?|stays?|provides?|implements?|sources|liefert|nutzt|verwendet|enthält|speichert|schreibt|liest|heißt|steht in|startet|läuft|beginnt|beschreibt|hinzugefügt|entfernt|umbenannt|ersetzt)\b/i,
  proof:
    /\b(\d+ (?:\w+ )?(?:tests?|specs?|examples?|assertions?|checks?)|all (?:\w+ )?(?:tests )?(?:pass|green|passing|passed)|tests? pass(?:es|ed)?|0 (?:failures|errors|failed)|no (?:new )?(?:issues|errors|warnings)|verified|confirmed|measured|benchmark\w*|\d+(?:\.\d+)?\s?(?:ms|MB|KB|kB|GB|%|x faster|times))\b/i,
} satisfies Record<Cue, RegExp>;

/** How much a cue says that a later session will want the sentence. */
export const cueWeight = {
  cause: 1.2,
  decision: 1.2,
  trap: 1,
  cure: 0.9,
  'dead-end': 1.1,
  rule: 0.6,
  left: 0.3,
  security: 1.2,
  fact: 0.5,
  proof: 0.5,
} satisfies Record<Cue, number>;

/** Sentences that only say what the agent is about to look at, or cheer. */
export const chatter: readonly RegExp[] = [
  /^(?:great|perfect|good|excellent|awesome|nice|ok(?:ay)?|done|alright|sure|right|got it|interesting|wonderful|thanks|thank you|yes|all (?:done|good|clean|green)|(?:it )?compiles clean(?:ly)?|clean(?: compile)?|both compile clean|committed|works)[\s.!:,]*$/i,
  /^(?:i (?:can )?(?:see|understand)|i see (?:the|what).*|now i (?:understand|have|can see).*|i(?:'ve| have) (?:a|the|all|now).*(?:picture|understanding|context|information).*|here(?:'s| is) (?:a|the|what).*|let me know.*|starting with \S+|continuing.*|still (?:compiling|running|waiting).*)[.!:]?$/i,
  /\b(?:let me|let's|i'll|i will|i need to|i should|we need to|need to|want to)\s+(?:now |also |first |just |quickly )*(?:check|look|see|read|explore|examine|verify|run|wait|search|find|try|view|start|continue|fetch|understand|get|test|inspect|investigate|review|take|double|confirm|close|commit|mark|move|stage|push|claim|open|grep|list|analy[sz]e|proceed|begin|go|finish|work on|do|ensure|complete|document|sync|chronologically)\b/i,
  /^(?:now|next|then|first|finally)?,?\s*(?:check|look|see|read|explore|verify|run|stage|commit|push|wait|search)\b[^.]*[.:]?$/i,
  /\b(?:if you need specific details|the summary below covers|being continued from|would you like me|shall i|do you want me|please continue the conversation|do not acknowledge)\b/i,
  /^(?:immediately before|just (?:wrote|finished)|(?:the )?user (?:asked|requested)|i ran|claimed with|read (?:key )?files?|read [\w.,/ ]+)\b/i,
  /\b(?:continue the conversation|resume directly|do not (?:recap|preface)|pick up the last task|break never happened)\b/i,
  /^(?:all |the |both )?(?:\d+ )?(?:[\w-]+ ){0,3}(?:tests?|checks?|files?) (?:still )?pass(?:es|ed|ing)?\b[^,;(]*$/i,
  /^[^`]{0,60}\b(?:complete|completed|closed|done|resolved|finished|ready|unblocked|compiles?(?: clean(?:ly)?)?|auto-formatted|passes|have issues|successfully)[.!]?$/i,
  /^(?:tasks?|step|phase|part) \d+\b[^`]{0,60}$/i,
  /\b(?:fix|do|update|implement) (?:both|all|these|those|them|it|this|that|the) ?(?:files?|issues?|errors?|pieces|pattern|same|rest|remaining \w+)?[.:]?$/i,
  /^(?:i(?:'ve| have)|we(?:'ve| have)) (?:now |just )?(?:made|successfully|completed|finished|implemented \w+ of)\b/i,
  /^tasks?\b.{0,60}\b(?:is|are|was|were) (?:now )?(?:done|complete|completed|closed|finished)\b/i,
  /[✅❌✗✘✓✔]/u,
  /^(?:the )?(?:background )?(?:task|job|command|run|build)s? (?:has |have )?(?:completed|finished|succeeded|exited)\b/i,
  /^(?:solved|resolved|fixed|done|addressed): [^`]{0,80}$/i,
  /^(?:the )?(?:user(?:'s)?|summary|conversation) (?:original |initial )?(?:requests?|instructions?|said|says)\b/i,
  /^(?:code|it|everything|all) (?:now )?(?:compiles|builds|works|passes)(?: clean(?:ly)?)?\b/i,
  /^\W*$/,
];

/** Words before the news: cut off, never rewritten. */
export const leads: readonly RegExp[] = [
  /^(?:great|perfect|good|excellent|awesome|nice|ok(?:ay)?|alright|right|yes|interesting|wonderful)\s*[!.,:—–-]+\s*/i,
  /^[A-Z]{4,}:\s+/,
  /^(?:the )?(?:key|main|root|important) (?:fix|change|finding|point|insight)\b[^:`]{0,25}:\s+/i,
  /^looking at [^,]{3,40},\s*/i,
  /^(?:so|and|but|now|also|then|first|next|finally|okay|well|hmm|ah|oh)\s*[,:]?\s+/i,
  /^i (?:can )?(?:now )?see(?: (?:the|an|one) (?:issue|problem|bug|error)s?)?\s*[-–—:,]\s*/i,
  /^(?:let me|let's|i'll|i will|i need to|we need to|i'm going to|i should|need to|we should|i want to)\s+(?:now |also |first |just )*/i,
  /^(?:note that|note:|remember that|it (?:turns|turned) out (?:that)?|turns out(?: that)?|it seems (?:that )?|it looks like )\s*/i,
];

/** A lead that makes the rest a plan, not a finding. */
export const intent =
  /^(?:(?:great|perfect|good|excellent|ok(?:ay)?|now|so|first|next|then|also)[\s!.,:—–-]*)*(?:let me|let's|i'll|i will|i need to|we need to|i'm going to|i should|need to|we should|i want to)\b/i;

/** A bare order to oneself: what is about to be done, not what was found. */
export const imperative =
  /^(?:add|adjust|apply|build|call|change|clean|close|commit|configure|continue|convert|create|define|delete|disable|document|enable|ensure|expose|extract|fix|handle|implement|include|install|instrument|investigate|keep|make|mark|merge|mention|move|open|pass|push|put|refactor|register|remove|rename|replace|reproduce|require|restructure|return|rewrite|run|set|simplify|split|start|store|switch|sync|test|try|update|use|verify|wire|wrap|write)\b(?!:)/i;

/** A plan hung on to a finding. */
export const planTail =
  /[\s,;:—–-]+(?:so |and |but |now )*(?:let me|let's|i'll|i will now|i need to|we need to now)\b.*$/i;

/** Guesses: worth less than findings. */
export const hedge =
  /\b(?:might|maybe|perhaps|probably|possibly|could be|seems?|likely|i think|i guess|i suspect|not sure|presumably|guess|vermut\w+|vielleicht|wahrscheinlich|möglicherweise|anscheinend|scheint|appears to|may (?:need|be|have|not)|not yet tried)\b/i;

/** Points at something said elsewhere. */
export const pointing =
  /\b(?:this|that|these|those) (?!is\b|was\b|are\b|the\b|a\b|it\b|we\b|means\b|can\b|there\b|all\b)[a-z]+\b/i;

/** A problem that was open when this was said. */
export const openClaim =
  /\b(?:unresolved|unsolved|false positive|still (?:fails|failing|complain\w*)|blocks|blocking|in vain|didn't (?:help|work))\b/i;
/** Says that an earlier belief is settled. */
export const correction =
  /\b(?:that's the bug|root cause|real (?:issue|reason|cause|problem)|actually|resolved|turned out|was wrong|behoben|ursache|tatsächlich|stellte sich heraus|(?:the|my) mistake|key fix)\b/i;
/** Openings that lean on the sentence before: no title and no fact of their own. */
export const dangling =
  /^(?:it(?:'s|'ll)?|this|that(?:'s)?|these|those|they|them|he|she|its|their|the same|same|such|here|there(?:'s)?|both|none|one more|which|also|otherwise|instead|then|but|and|so|however|still|fixed by|solved by|done by|resolved by|to do (?:so|this)|as (?:above|before)|similarly|likewise|most of (?:them|these)|dies(?:e[rsnm]?)?|das (?:ist|war|hat|liegt|heißt)|dadurch|deshalb|deswegen|daher|damit|dann|aber|und|jedoch|trotzdem)\b/i;

/** Headings of summaries that say what kind of statement stands below. */
export const sectionKinds: readonly {
  pattern: RegExp;
  kind: 'errors' | 'pending' | 'messages' | 'files' | 'intent' | 'now' | 'analysis';
}[] = [
  {
    pattern: /\b(errors?|problems?|bugs?|issues?)\b.*\b(fix|solv|resol)|problem solving|gotchas?|learn(?:ed|ings)/i,
    kind: 'errors',
  },
  { pattern: /\b(pending|remaining|next steps?|todo|open (?:tasks|questions)|still need)/i, kind: 'pending' },
  { pattern: /\buser messages?\b/i, kind: 'messages' },
  { pattern: /\bfiles?\b/i, kind: 'files' },
  { pattern: /\b(?:request|intent)\b/i, kind: 'intent' },
  { pattern: /\bcurrent work\b/i, kind: 'now' },
  { pattern: /\banalysis\b/i, kind: 'analysis' },
];

/** Conventional commit prefixes and the type they speak of. */
export const commitTypes = {
  feat: 'feature',
  feature: 'feature',
  fix: 'bugfix',
  bugfix: 'bugfix',
  hotfix: 'bugfix',
  perf: 'change',
  refactor: 'refactor',
  docs: 'change',
  doc: 'change',
  test: 'change',
  tests: 'change',
  chore: 'change',
  build: 'change',
  ci: 'change',
  style: 'change',
  revert: 'dead-end',
  security: 'security',
} as const satisfies Record<string, string>;
