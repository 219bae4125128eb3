// What the index knows of English: words that carry no meaning in a question, and irregular forms that no stemmer joins.

export const stopWords: ReadonlySet<string> = new Set(
  `a an the and or but nor so yet if then else than that this these those there here
   of in on at by for with about against between into through during before after above below to from up down out off over under again further once
   i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them
   their theirs themselves one
   am is are was were be been being have has had having do does did doing done will would shall should can could might must ought cannot
   what which who whom whose when where why how
   not no only own same too very just also as such both each few more most other some any all every
   until while because since though although however therefore thus
   s t d ll re ve m isnt arent wasnt werent hasnt havent hadnt dont doesnt didnt wont wouldnt shouldnt couldnt cant im ive youre its hes shes theyre
   get gets got getting let lets etc ie eg via per
   please tell`.split(/\s+/),
);

// base: its irregular forms
const irregular = `go: went gone goes; begin: began begun; break: broke broken; bring: brought; build: built; buy: bought; catch: caught; choose: chose chosen;
  come: came; cost: costs; deal: dealt; draw: drew drawn; drive: drove driven; eat: ate eaten; fall: fell fallen; feel: felt; fight: fought;
  find: found; fly: flew flown; forget: forgot forgotten; freeze: froze frozen; give: gave given; grow: grew grown; hang: hung; hear: heard;
  hide: hid hidden; hold: held; keep: kept; know: knew known; lead: led; leave: left; lend: lent; lose: lost; make: made; mean: meant; meet: met;
  pay: paid; ride: rode ridden; ring: rang rung; rise: rose risen; run: ran; say: said; see: saw seen; seek: sought; sell: sold; send: sent;
  shake: shook shaken; shine: shone; shoot: shot; shrink: shrank shrunk; sing: sang sung; sink: sank sunk; sit: sat; sleep: slept; speak: spoke spoken;
  spend: spent; stand: stood; steal: stole stolen; stick: stuck; strike: struck; swim: swam swum; take: took taken; teach: taught; tear: tore torn;
  tell: told; think: thought; throw: threw thrown; understand: understood; wake: woke woken; wear: wore worn; win: won; write: wrote written;
  child: children; man: men; woman: women; person: people persons; foot: feet; tooth: teeth; mouse: mice; life: lives; wife: wives; leaf: leaves;
  knife: knives; half: halves; index: indices indexes; matrix: matrices; vertex: vertices; datum: data; good: better best; bad: worse worst`;

export const baseForms: ReadonlyMap<string, string> = new Map(
  irregular.split(/;\s+/).flatMap((line) => {
    const [base = '', forms = ''] = line.split(': ');
    return forms.split(' ').map((form) => [form, base] as const);
  }),
);
