// A question to the memory, answered as it is typed; every filter of the stream works here, too.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Chips, clearFilters, FilterButton, filtersOf } from '../parts/filters.tsx';
import { TypeIcon, When } from '../parts/record-row.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { number, plural } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { go, href, query, withParams } from '../store/address.ts';

interface Hit {
  id: string;
  type: string;
  title: string;
  created: string;
  tokens: number;
  trust: string;
  tier: string;
  why?: string[];
  freshness?: string;
  stale?: string[];
  root?: string;
  /** The key of the repository that holds it, where that is another one. */
  repository?: string;
}

interface Found {
  query: string;
  results: Hit[];
  total: number;
}

const step = 20;

export function View() {
  const params = query.value;
  const text = params.get('q') ?? '';
  const filters = filtersOf(params);
  const { author: _author, trust: _trust, fresh: _fresh, standing: _standing, ...asked } = filters;
  const [limit, setLimit] = useState(step);
  const [selected, setSelected] = useState(0);
  const list = useRef<HTMLOListElement>(null);
  const isAll = params.get('all') === '1';
  const found = useAsk<Found>('/api/search', {
    q: text,
    ...asked,
    limit: Math.min(200, limit),
    ...(params.get('order') === 'date' && { order: 'date' }),
    ...(isAll && { all: 1 }),
  });
  const hits = found.value?.results ?? [];
  const select = (next: number): void => {
    setSelected(next);
    list.current?.children[next]?.querySelector<HTMLElement>('a')?.focus();
  };
  const move = (by: number): void => select(Math.max(0, Math.min(hits.length - 1, selected + by)));
  /** The question is put, with Enter or by the address: the first hit is gone to as soon as it stands, so that keys act on hits. */
  const isPut = useRef(text !== '');
  const goToHits = (): void => {
    isPut.current = found.value?.query !== text;
    if (!isPut.current) select(0);
  };
  useLayoutEffect(() => {
    if (isPut.current && document.activeElement?.matches('body, main, input[type=search]')) goToHits();
  }, [found.value]);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => void (text === '' && field.current?.focus()), []);
  useLayoutEffect(
    () =>
      addKeys([
        { keys: 'j or ArrowDown', about: 'next hit', run: () => move(1) },
        { keys: 'k or ArrowUp', about: 'hit before', run: () => move(-1) },
        {
          keys: 'o or Enter',
          about: 'open the record',
          run: () => {
            const hit = hits[selected];
            if (hit === undefined || hit.trust === 'foreign') return;
            if (hit.repository === undefined) go(addressOf(hit));
            else location.assign(addressOf(hit));
          },
        },
      ]),
    [found.value, selected],
  );
  return (
    <div class="page search">
      <h1>Search</h1>
      <form
        role="search"
        class="search-line"
        onSubmit={(event) => {
          event.preventDefault();
          goToHits();
        }}
      >
        <input
          ref={field}
          type="search"
          aria-label="A question or words"
          placeholder="Why does fib raise ValueError?"
          value={text}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            goToHits();
          }}
          onInput={(event) => {
            isPut.current = false;
            setSelected(0);
            setLimit(step);
            go(withParams({ q: event.currentTarget.value }), 'replace');
          }}
        />
        <FilterButton />
      </form>
      <div class="choices">
        <label class="check">
          <input
            type="checkbox"
            checked={params.get('order') === 'date'}
            onChange={(event) => go(withParams({ order: event.currentTarget.checked ? 'date' : '' }), 'replace')}
          />
          Newest first
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isAll}
            onChange={(event) => go(withParams({ all: event.currentTarget.checked ? '1' : '' }), 'replace')}
          />
          In every repository of this machine
        </label>
      </div>
      <Chips />
      <Answer asked={found} what="Searching">
        {({ results, total }) =>
          results.length === 0 ? (
            <Empty title="Nothing found">
              <p class="muted">
                {text ? `No record that stands here holds enough of “${text}”.` : 'No record passes the filters.'}
              </p>
              {Object.keys(asked).length > 0 && (
                <button type="button" onClick={clearFilters}>
                  Search without filters
                </button>
              )}
            </Empty>
          ) : (
            <>
              <p class="muted small" aria-live="polite">
                {results.length < total && `${number(results.length)} of `}
                {plural(total, text ? 'hit' : 'record')}
              </p>
              <ol class="hits" ref={list}>
                {results.map((hit, at) => (
                  <HitRow key={`${hit.root ?? ''}${hit.id}`} hit={hit} isSelected={at === selected} />
                ))}
              </ol>
              {results.length < total && limit < 200 && (
                <button type="button" onClick={() => setLimit(limit + step)}>
                  Show more
                </button>
              )}
            </>
          )
        }
      </Answer>
    </div>
  );
}

/** In another repository the page is loaded anew. */
function addressOf({ id, repository }: Hit): string {
  const to = `/o/${encodeURIComponent(id)}`;
  return repository === undefined ? to : `${to}?repo=${repository}`;
}

function HitRow({ hit, isSelected }: { hit: Hit; isSelected: boolean }) {
  const { id, type, title, created, tokens, trust, why = [], stale = [], root } = hit;
  if (trust === 'foreign')
    return (
      <li class="hit">
        <a href={href('/trust')}>{id}</a> <span class="tag warn">unreviewed, not shown</span>{' '}
        <span class="muted small">
          <When at={created} />
        </span>
      </li>
    );
  return (
    <li class={isSelected ? 'hit selected' : 'hit'}>
      <TypeIcon type={type} />
      <div>
        <a href={href(addressOf(hit))} target={hit.repository === undefined ? undefined : '_self'}>
          {title}
        </a>
        {root !== undefined && <span class="muted small"> in {root.slice(root.lastIndexOf('/') + 1)}</span>}
        <div class="muted small">
          {type} · <When at={created} /> · ~{number(tokens)}
          {why.length > 0 && <> · {why.slice(0, 4).join('; ')}</>}
        </div>
        {stale.length > 0 && <div class="small stale">No longer so: {stale.slice(0, 2).join('; ')}</div>}
      </div>
    </li>
  );
}
