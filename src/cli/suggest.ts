/** The candidate that `word` was probably meant to be: few edits away for its length, or the only one that begins so. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((one) => word.length >= 2 && one.startsWith(word));
  if (begun.length === 1) return begun[0];
  const allowed = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
  let best: { one: string; edits: number } | undefined;
  for (const one of candidates) {
    const edits = editsBetween(word.toLowerCase(), one.toLowerCase());
    if (edits <= allowed && edits < one.length && (best === undefined || edits < best.edits)) best = { one, edits };
  }
  return best?.one;
}

/** Commands by the names that other programs give them. */
const otherNames: Readonly<Record<string, string>> = {
  'add --supersedes OLD-ID': 'supersede replace correct',
  add: 'remember note new create write record',
  'add --help': 'types',
  at: 'checkout tag',
  context: 'block prompt',
  doctor: 'fix debug health',
  forget: 'remove delete rm reject unlearn',
  'help format': 'edit format schema',
  'help hooks': 'off disable ignore mute hooks',
  install: 'upgrade update setup',
  list: 'ls records all',
  log: 'history changes',
  pause: 'stop',
  resume: 'start enable unpause',
  search: 'find grep query ask recall lookup',
  settings: 'config set get options',
  show: 'cat read print',
  'show ID': 'unforget restore undo',
  stage: 'commit push sync save',
  stats: 'tokens cost costs usage',
  'view --out FILE': 'export dump',
  view: 'web ui browse open serve',
  why: 'blame explain',
};

/** The command that was probably meant. */
export function nearestCommand(word: string, names: readonly string[]): string | undefined {
  const known = Object.entries(otherNames).find(([, words]) => words.split(' ').includes(word.toLowerCase()));
  return known?.[0] ?? nearest(word, names);
}

/** `did you mean X? ` in front of a hint; the hint alone where nothing is near. */
export function hintWith(found: string | undefined, hint: string): string {
  return found === undefined ? hint : `did you mean '${found}'? ${hint}`;
}

/** Insertions, deletions, substitutions, and swaps of neighbours. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const isSwap = j > 0 && letter === b[j - 1] && a[i - 1] === other;
      const swapped = isSwap ? before[j - 1]! + 1 : Infinity;
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (letter === other ? 0 : 1), swapped));
    }
    [before, row] = [row, next];
  }
  return row.at(-1)!;
}
