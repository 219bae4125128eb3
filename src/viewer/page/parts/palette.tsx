// Ctrl K: pages, records, actions by name. ?: the keys.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../store/api.ts';
import { iconOf } from '../store/format.ts';
import { areLettersOn, isHelpOpen, knownKeys, pages, paletteOpen, setLetters } from '../store/keyboard.ts';
import { theme } from '../store/memory-state.ts';
import { go } from '../store/address.ts';
import { Dialog } from './dialog.tsx';

interface Choice {
  icon: string;
  name: string;
  about: string;
  run(): void;
}

interface Hit {
  id: string;
  type: string;
  title: string;
  trust: string;
}

const more: readonly (readonly [path: string, name: string])[] = [
  ['/search', 'Search'],
  ['/log', 'Log: the memory’s history'],
  ['/diff', 'Diff: what this branch adds'],
  ['/at/HEAD', 'At a revision'],
  ['/branches', 'Branches'],
  ['/trust', 'Trust'],
  ['/problems', 'Problems'],
  ['/api', 'The HTTP API'],
];

const searchFor = (text: string): Choice => ({
  icon: '⌕',
  name: `search for “${text}”`,
  about: '',
  run: () => go(`/search?q=${encodeURIComponent(text)}`),
});

export function Palette() {
  return paletteOpen.value ? <PaletteBox onlyActions={paletteOpen.value === 'actions'} /> : null;
}

function PaletteBox({ onlyActions }: { onlyActions: boolean }) {
  const [text, setText] = useState('');
  const [hits, setHits] = useState<Hit[]>([]);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const controller = new AbortController();
    if (text.trim() === '' || onlyActions) setHits([]);
    else
      get<{ results: Hit[] }>('/api/search', { q: text, limit: 8 }, controller.signal).then(
        ({ results }) => setHits(results.filter(({ trust }) => trust !== 'foreign')),
        () => {},
      );
    return () => controller.abort();
  }, [text]);
  const wanted = text.toLowerCase();
  const places: Choice[] = [...pages.map(([, to, name]) => [to, name] as const), ...more].map(([to, name]) => ({
    icon: '→',
    name,
    about: to,
    run: () => go(to),
  }));
  const actions: Choice[] = [
    ...knownKeys()
      .filter(({ keys }) => !keys.startsWith('g ') && keys !== '/' && keys !== '.')
      .map(({ keys, about, run }) => ({ icon: '⌨', name: about, about: keys, run })),
    { icon: '◐', name: 'dark theme', about: '', run: () => (theme.value = 'dark') },
    { icon: '○', name: 'light theme', about: '', run: () => (theme.value = 'light') },
  ];
  const choices: Choice[] = [
    ...places.filter(({ name }) => !onlyActions && name.toLowerCase().includes(wanted)),
    ...hits.map(({ id, type, title }) => ({
      icon: iconOf(type),
      name: title,
      about: id,
      run: () => go(`/o/${encodeURIComponent(id)}`),
    })),
    // The first choice for those who press Enter before the hits are there.
    ...(onlyActions || wanted.trim() === '' ? [] : [searchFor(text)]),
    ...actions.filter(({ name }) => (onlyActions || wanted !== '') && name.includes(wanted)),
  ];
  const close = (): void => void (paletteOpen.value = undefined);
  const choose = (choice: Choice | undefined): void => {
    close();
    choice?.run();
  };
  const move = (step: number): void => {
    const next = (at + step + choices.length) % Math.max(1, choices.length);
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Dialog title={onlyActions ? 'What can be done here' : 'Go to'} onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${at}`}
        aria-label={onlyActions ? 'An action' : 'A page, a record, an action'}
        placeholder={onlyActions ? 'An action' : 'A page, a record, an action'}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1);
          else if (event.key === 'ArrowUp') move(-1);
          // Pressed before what was typed is drawn, it means what was typed.
          else if (event.key === 'Enter')
            choose(
              onlyActions || event.currentTarget.value === text ? choices[at] : searchFor(event.currentTarget.value),
            );
          else return;
          event.preventDefault();
        }}
      />
      <ul class="palette" role="listbox" id="palette-list" aria-label="Choices" ref={list}>
        {choices.map((choice, index) => (
          <li
            key={`${choice.about}${choice.name}`}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => choose(choice)}
          >
            <span aria-hidden="true">{choice.icon}</span> <span class="grow">{choice.name}</span>{' '}
            <span class="muted small">{choice.about}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export function Help() {
  if (!isHelpOpen.value) return null;
  return (
    <Dialog title="Keyboard" onClose={() => (isHelpOpen.value = false)}>
      <dl class="keys">
        <div>
          <dt>
            <kbd>Ctrl K</kbd>
          </dt>
          <dd>go to a page, a record, an action</dd>
        </div>
        {knownKeys().map(({ keys, about }) => (
          <div key={keys}>
            <dt>
              {keys.split(' or ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          data-first
          checked={areLettersOn.value}
          onChange={(event) => setLetters(event.currentTarget.checked)}
        />
        Single letters act, outside of fields
      </label>
    </Dialog>
  );
}
