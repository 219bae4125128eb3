// The keyboard: letters act outside of fields only, can be switched off, and take none of the browser's own keys.
import { signal } from '@preact/signals';
import { go } from './address.ts';
import { readStored, store, undoLast } from './memory-state.ts';

export interface Key {
  keys: string;
  about: string;
  run(): void;
}

const storageKey = 'repomem-keys';
export const areLettersOn = signal(readStored(storageKey, ['off'], 'on') === 'on');
export function setLetters(isOn: boolean): void {
  areLettersOn.value = isOn;
  store(storageKey, isOn ? 'on' : 'off');
}

/** `actions`: only what can be done here. */
export const paletteOpen = signal<'all' | 'actions' | undefined>(undefined);
export const isHelpOpen = signal(false);

/** Of the views that are shown, the innermost last. */
const layers: (readonly Key[])[] = [];

/** Returns what takes them away again. */
export function addKeys(keys: readonly Key[]): () => void {
  layers.push(keys);
  return () => void layers.splice(layers.indexOf(keys), 1);
}

export const pages: readonly (readonly [key: string, path: string, name: string])[] = [
  ['s', '/', 'Stream'],
  ['e', '/s', 'Sessions'],
  ['f', '/f', 'Files'],
  ['r', '/review', 'Review'],
  ['h', '/fresh', 'Freshness'],
  ['n', '/context', 'Next session'],
  ['t', '/stats', 'Stats'],
  [',', '/settings', 'Settings'],
];

export const globalKeys: readonly Key[] = [
  { keys: '/', about: 'search', run: () => focusSearch() },
  { keys: '.', about: 'all actions', run: () => (paletteOpen.value = 'actions') },
  { keys: 'u', about: 'take back the last change', run: () => void undoLast() },
  { keys: '?', about: 'this list', run: () => (isHelpOpen.value = true) },
  ...pages.map(([key, path, name]) => ({ keys: `g ${key}`, about: name.toLowerCase(), run: () => go(path) })),
];

export function knownKeys(): readonly Key[] {
  return [...layers].reverse().flat().concat(globalKeys);
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  if (field) field.focus();
  else go('/search');
}

let prefix = '';

addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    paletteOpen.value = paletteOpen.value ? undefined : 'all';
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target as HTMLElement | null;
  const isField = target?.matches?.('input, textarea, select, [contenteditable]') === true;
  if (isField) {
    if (event.key === 'Escape') target?.blur();
    return;
  }
  if (document.querySelector('dialog[open]')) return;
  const isLetter = event.key.length === 1;
  if (isLetter && !areLettersOn.value) return;
  const pressed = prefix === '' ? event.key : `${prefix} ${event.key}`;
  prefix = '';
  if (event.key === 'g' && pressed === 'g') {
    prefix = 'g';
    setTimeout(() => (prefix = ''), 1500);
    return;
  }
  const found = knownKeys().find(({ keys }) => keys.split(' or ').includes(pressed));
  if (!found) return;
  if (event.key === 'Enter' && target?.matches?.('a, button, summary')) return;
  event.preventDefault();
  found.run();
});
