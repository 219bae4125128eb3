import { editDistance } from '../index/edit-distance.ts';

/** The candidate that `word` was probably meant to be: few edits away for its length, or the only one that begins so. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const begun = candidates.filter((one) => word.length >= 2 && one.startsWith(word));
  if (begun.length === 1) return begun[0];
  const allowed = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
  let best: { one: string; edits: number } | undefined;
  for (const one of candidates) {
    const edits = editDistance(word.toLowerCase(), one.toLowerCase(), allowed);
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
