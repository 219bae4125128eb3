// All records, newest first, live: what arrives is put where it belongs and never moves what is read.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Line, RecordsAnswer } from '../../wire.ts';
import { Batch } from '../parts/batch.tsx';
import { Chips, clearFilters, FilterButton, filtersOf } from '../parts/filters.tsx';
import { Row } from '../parts/record-row.tsx';
import { Empty, Failure } from '../parts/states.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';
import { get } from '../store/api.ts';
import { dayOf, plural } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { revision } from '../store/live.ts';
import { announcement, density, memory } from '../store/memory-state.ts';
import { go, query } from '../store/address.ts';

interface Loaded {
  key: string;
  lines: Line[];
  next?: string;
  total: number;
  all: number;
}

const wide = matchMedia('(min-width: 1200px)');

export function Stream() {
  const filters = filtersOf(query.value);
  const key = JSON.stringify(filters);
  const [loaded, setLoaded] = useState<Loaded>();
  const [error, setError] = useState<Error>();
  const [selected, setSelected] = useState(-1);
  const [picks, setPicks] = useState<ReadonlySet<string>>(new Set());
  const [news, setNews] = useState(0);
  const [isWide, setWide] = useState(wide.matches);
  const box = useRef<HTMLDivElement>(null);
  const anchor = useRef<{ id: string; offset: number } | undefined>(undefined);
  const busy = useRef(false);
  const rowHeight = density.value === 'compact' ? 44 : 64;
  const shown = loaded?.key === key ? loaded : undefined;

  useEffect(() => {
    document.title = `${memory.value?.name ?? 'Stream'} · repomem`;
  }, [memory.value?.name]);
  useEffect(() => {
    const follow = (): void => setWide(wide.matches);
    wide.addEventListener('change', follow);
    return () => wide.removeEventListener('change', follow);
  }, []);

  // As much as was loaded, anew: one question however much moved.
  useEffect(() => {
    const controller = new AbortController();
    const wanted = shown ? Math.min(2000, Math.max(200, shown.lines.length)) : 200;
    get<RecordsAnswer>('/api/records', { ...filters, limit: wanted }, controller.signal).then(
      (answer) => {
        setError(undefined);
        keepPlace(answer.lines);
        setLoaded({
          key,
          lines: answer.lines,
          total: answer.total,
          all: answer.all,
          ...(answer.next && { next: answer.next }),
        });
      },
      (problem: Error) => {
        if (problem.name !== 'AbortError') setError(problem);
      },
    );
    return () => controller.abort();
  }, [key, revision.value]);

  /** What stands at the top of the window stays there, whatever came above it. */
  const keepPlace = (lines: readonly Line[]): void => {
    const element = box.current;
    if (!element || !shown) return;
    const known = new Set(shown.lines.map(({ id }) => id));
    const arrived = lines.filter(({ id }, at) => !known.has(id) && at < shown.lines.length).length;
    if (arrived > 0) announcement.value = plural(arrived, 'new record');
    const chosen = shown.lines[selected];
    if (chosen) setSelected(lines.findIndex(({ id }) => id === chosen.id));
    if (element.scrollTop < rowHeight / 2) return;
    const first = Math.floor(element.scrollTop / rowHeight);
    const top = shown.lines[first];
    if (top) anchor.current = { id: top.id, offset: element.scrollTop - first * rowHeight };
    if (arrived > 0) setNews((before) => before + arrived);
  };
  useLayoutEffect(() => {
    const wanted = anchor.current;
    anchor.current = undefined;
    if (!wanted || !box.current || !shown) return;
    const at = shown.lines.findIndex(({ id }) => id === wanted.id);
    if (at >= 0) box.current.scrollTop = at * rowHeight + wanted.offset;
  }, [loaded]);

  const loadTo = (last: number): void => {
    if (box.current && box.current.scrollTop < rowHeight) setNews(0);
    if (!shown?.next || busy.current || last < shown.lines.length - 20) return;
    busy.current = true;
    get<RecordsAnswer>('/api/records', {
      ...filters,
      cursor: shown.next,
      limit: last > shown.lines.length + 400 ? 2000 : 400,
    })
      .then((answer) =>
        setLoaded({
          key,
          lines: [...shown.lines, ...answer.lines],
          total: answer.total,
          all: answer.all,
          ...(answer.next && { next: answer.next }),
        }),
      )
      .catch(setError)
      .finally(() => (busy.current = false));
  };

  const count = shown?.total ?? 0;
  const move = (steps: number): void => setSelected((at) => Math.min(count - 1, Math.max(0, at + steps)));
  const moveDay = (step: 1 | -1): void => {
    const lines = shown?.lines ?? [];
    const day = (at: number): string => dayOf(lines[at]?.created ?? '');
    let at = Math.max(0, selected);
    while (at >= 0 && at < lines.length && day(at) === day(Math.max(0, selected))) at += step;
    if (step === -1) while (at > 0 && day(at - 1) === day(at)) at--;
    setSelected(Math.min(lines.length - 1, Math.max(0, at)));
  };
  const pick = (isRange: boolean): void => {
    const lines = shown?.lines ?? [];
    const id = lines[selected]?.id;
    if (id === undefined) return;
    const next = new Set(picks);
    if (!isRange && next.delete(id)) return setPicks(next);
    const from = isRange ? lines.findLastIndex((line, at) => at < selected && next.has(line.id)) : selected;
    for (const line of lines.slice(from < 0 ? selected : from, selected + 1)) next.add(line.id);
    setPicks(next);
  };
  const open = (): void => {
    const line = shown?.lines[selected];
    if (line && line.trust !== 'foreign') go(`/o/${encodeURIComponent(line.id)}`);
  };
  // With the drawing, not after it: the next key may follow at once.
  useLayoutEffect(
    () =>
      addKeys([
        { keys: 'j or ArrowDown', about: 'next record', run: () => move(1) },
        { keys: 'k or ArrowUp', about: 'record before', run: () => move(-1) },
        { keys: ']', about: 'next day', run: () => moveDay(1) },
        { keys: '[', about: 'day before', run: () => moveDay(-1) },
        { keys: 'o or Enter', about: 'open the record', run: open },
        { keys: 'x', about: 'choose, or not any more', run: () => pick(false) },
        { keys: 'X', about: 'choose all from the last chosen to here', run: () => pick(true) },
        {
          keys: 'Escape',
          about: 'close the pane, choose none',
          run: () => {
            setSelected(-1);
            setPicks(new Set());
          },
        },
      ]),
    [loaded, selected, picks],
  );

  const chosen = shown?.lines[selected];
  const picked = (shown?.lines ?? []).filter(({ id, trust }) => trust !== 'foreign' && picks.has(id));
  const hasFilters = Object.keys(filters).length > 0;
  return (
    <div class={isWide && chosen ? 'stream with-pane' : 'stream'}>
      <section class="stream-main" aria-labelledby="stream-title" aria-busy={!shown && !error}>
        <div class="list-head">
          <h1 id="stream-title">Stream</h1>
          <span class="muted" aria-live="polite">
            {shown &&
              (hasFilters && shown.total <= shown.all
                ? `${plural(shown.total, 'record')} of ${shown.all}`
                : plural(shown.total, 'record'))}
          </span>
          <span class="grow" />
          <FilterButton />
        </div>
        <Chips />
        {picked.length > 0 && <Batch lines={picked} onDone={() => setPicks(new Set())} />}
        {error && <Failure error={error} />}
        {news > 0 && (
          <button
            type="button"
            class="news"
            onClick={() => {
              box.current?.scrollTo({ top: 0 });
              setNews(0);
            }}
          >
            ↑ {plural(news, 'new record')}
          </button>
        )}
        {shown && shown.total === 0 && <Nothing hasFilters={hasFilters} all={shown.all} />}
        {shown && shown.total > 0 && (
          <div
            class="list-frame"
            onClick={(event) => {
              const id = (event.target as Element).closest<HTMLElement>('[data-id]')?.dataset['id'];
              if (!isWide || id === undefined || event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              setSelected(shown.lines.findIndex((line) => line.id === id));
            }}
          >
            <VirtualList
              label="Records, newest first"
              count={shown.total}
              rowHeight={rowHeight}
              selected={selected}
              row={(at) => (
                <Row
                  line={shown.lines[at]}
                  before={shown.lines[at - 1]}
                  isPicked={picks.has(shown.lines[at]?.id ?? '')}
                />
              )}
              onRange={(_first, last) => loadTo(last)}
              box={box}
            />
          </div>
        )}
      </section>
      {isWide && chosen && chosen.trust !== 'foreign' && <Pane id={chosen.id} onClose={() => setSelected(-1)} />}
    </div>
  );
}

type RecordModule = typeof import('../parts/record-text.tsx');

/** Loaded with the first record that is chosen. */
function Pane({ id, onClose }: { id: string; onClose(): void }) {
  const [module, setModule] = useState<RecordModule>();
  useEffect(() => void import('../parts/record-text.tsx').then(setModule), []);
  return (
    <aside class="pane" aria-label="The chosen record" aria-busy={!module}>
      {module && <module.Record key={id} id={id} isPane onClose={onClose} />}
    </aside>
  );
}

function Nothing({ hasFilters, all }: { hasFilters: boolean; all: number }) {
  if (hasFilters)
    return (
      <Empty title="No record passes these filters">
        <p class="muted">Take one of them away above, or</p>
        <button type="button" onClick={clearFilters}>
          Show all {plural(all, 'record')}
        </button>
      </Empty>
    );
  return (
    <Empty title="No records yet">
      <p>After the first turn with the agent a record appears here, without a reload.</p>
      <p class="muted">
        <code>repomem doctor</code> says whether the hooks are installed; <code>repomem import</code> what can be taken
        over from other tools and from git; <code>repomem add "…"</code> writes one by hand.
      </p>
    </Empty>
  );
}
