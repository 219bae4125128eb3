import { useEffect, useRef } from 'preact/hooks';
import { href, path, query, go } from '../store/address.ts';
import { density, memory, theme } from '../store/memory-state.ts';
import { isHelpOpen, pages, paletteOpen } from '../store/keyboard.ts';
import { number } from '../store/format.ts';

const icons: Readonly<Record<string, string>> = {
  '/': 'M4 6h16M4 12h16M4 18h10',
  '/s': 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18',
  '/f': 'M7 3h7l4 4v14H7zM14 3v4h4',
  '/review': 'M6 4v10m0 0a3 3 0 1 0 .1 0M18 20V10m0 0a3 3 0 1 0-.1 0M18 7c0-2-2-3-4-3h-2',
  '/fresh': 'M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5',
  '/context': 'M4 5h16v11H9l-5 4z',
  '/stats': 'M5 20V11M12 20V4M19 20v-6',
  '/settings': 'M4 7h9m5 0h2M4 17h3m5 0h8M16 4.500v5M9.500 14.500v5',
};

function Icon({ path: drawn }: { path: string }) {
  return (
    <svg viewBox="0 0 24 24" class="icon" aria-hidden="true">
      <path d={drawn} />
    </svg>
  );
}

export function Sidebar() {
  const here = path.value;
  const { counts } = memory.value ?? {};
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the bar scrolls sideways.
  useEffect(
    () => bar.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' }),
    [here],
  );
  const badges: Readonly<Record<string, number | undefined>> = { '/fresh': counts?.stale };
  return (
    <nav class="sidebar" aria-label="Pages" ref={bar}>
      <a class="brand" href={href('/')}>
        <span class="mark" aria-hidden="true">
          r
        </span>
        <span>repomem</span>
      </a>
      <ul>
        {pages.map(([, to, name]) => (
          <Entry key={to} to={to} name={name} here={here} badge={badges[to]} />
        ))}
        {counts && counts.foreign > 0 && <Entry to="/trust" name="Trust" here={here} badge={counts.foreign} isBad />}
        {counts && counts.problems > 0 && (
          <Entry to="/problems" name="Problems" here={here} badge={counts.problems} isBad />
        )}
      </ul>
      <div class="side-foot">
        <button type="button" class="quiet" onClick={() => (theme.value = nextTheme())}>
          Theme: {theme.value}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => (density.value = density.value === 'compact' ? 'comfortable' : 'compact')}
        >
          Rows: {density.value}
        </button>
        <button type="button" class="quiet" onClick={() => (isHelpOpen.value = true)}>
          Keyboard <kbd>?</kbd>
        </button>
      </div>
    </nav>
  );
}

interface EntryProps {
  to: string;
  name: string;
  here: string;
  badge?: number | undefined;
  isBad?: boolean;
}

function Entry({ to, name, here, badge, isBad }: EntryProps) {
  const isHere = to === '/' ? here === '/' || here.startsWith('/o/') : here === to || here.startsWith(`${to}/`);
  return (
    <li>
      <a href={href(to)} aria-current={isHere ? 'page' : undefined}>
        <Icon path={icons[to] ?? 'M12 4 3 20h18zM12 10v4m0 3v.1'} />
        <span class="name">{name}</span>
        {badge !== undefined && badge > 0 && (
          <span class={isBad ? 'badge bad' : 'badge'} aria-label={`${badge} waiting`}>
            {number(badge)}
          </span>
        )}
      </a>
    </li>
  );
}

function nextTheme(): 'auto' | 'light' | 'dark' {
  return theme.value === 'auto' ? 'dark' : theme.value === 'dark' ? 'light' : 'auto';
}

export function Header() {
  const known = memory.value;
  const { repositories = [] } = known ?? {};
  const chosen = query.value.get('repo') ?? repositories.find(({ isOpen }) => isOpen)?.key ?? '';
  return (
    <header class="top">
      <div class="where">
        {repositories.length > 1 ? (
          <select
            aria-label="Repository"
            value={chosen}
            onChange={(event) => {
              const { value } = event.currentTarget;
              location.assign(value === repositories.find(({ isOpen }) => isOpen)?.key ? '/' : `/?repo=${value}`);
            }}
          >
            {repositories.map(({ key, name, root }) => (
              <option key={key} value={key} title={root}>
                {name}
              </option>
            ))}
          </select>
        ) : (
          <strong title={known?.root}>{known?.name ?? '…'}</strong>
        )}
        {known && (
          <span class="branch" title={known.head}>
            <Icon path="M6 4v16M6 12h6a4 4 0 0 0 4-4V5M16 5a2 2 0 1 0 .1 0" />
            {known.branch ?? (known.head ? 'detached' : 'no git')}
          </span>
        )}
        {known?.isReadOnly && <span class="tag">read only</span>}
      </div>
      {path.value === '/search' ? (
        <span class="find" />
      ) : (
        <form
          class="find"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            const field = event.currentTarget.elements.namedItem('q') as HTMLInputElement;
            go(`/search?q=${encodeURIComponent(field.value)}`);
          }}
        >
          <input type="search" name="q" placeholder="Search the memory" aria-label="Search the memory" />
        </form>
      )}
      <button type="button" class="quiet palette-button" onClick={() => (paletteOpen.value = 'all')}>
        <span>Go to</span> <kbd>Ctrl K</kbd>
      </button>
    </header>
  );
}
