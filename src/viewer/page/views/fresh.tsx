// What no longer stands of what records cite, the worst first: one key each to say that it does, or does not.
import { useLayoutEffect, useState } from 'preact/hooks';
import { TypeIcon, When } from '../parts/record-row.tsx';
import { Record } from '../parts/record-text.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { number, plural, short } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { href } from '../store/address.ts';

interface Checked {
  checked: number;
  counts: { fresh: number; shifted: number; moved: number; changed: number; gone: number };
  records: {
    id: string;
    type: string;
    title: string;
    freshness: string;
    cites: {
      path: string;
      lines?: [number, number];
      now: { freshness: string; path: string };
      commit?: { id: string; author: string; at: string; summary: string };
    }[];
  }[];
}

export function View() {
  const asked = useAsk<Checked>('/api/check');
  const [open, setOpen] = useState<string>();
  const records = asked.value?.records ?? [];
  const move = (step: number): void => {
    const at = records.findIndex(({ id }) => id === open);
    const next = records[Math.max(0, Math.min(records.length - 1, at + step))];
    setOpen(next?.id);
    if (next) document.getElementById(`fresh-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  useLayoutEffect(
    () =>
      addKeys([
        { keys: 'j or ArrowDown', about: 'next finding', run: () => move(1) },
        { keys: 'k or ArrowUp', about: 'finding before', run: () => move(-1) },
      ]),
    [asked.value, open],
  );
  return (
    <div class="page">
      <h1>Freshness</h1>
      <p class="muted">Every place that records cite, looked at now. What has changed is ranked down, never deleted.</p>
      <Answer asked={asked} what="Looking at every cited place">
        {({ checked, counts }) => (
          <>
            <p>
              {plural(checked, 'record')} with cites: <strong>{number(counts.gone)} gone</strong>,{' '}
              <strong>{number(counts.changed)} changed</strong>, {number(counts.moved)} moved, {number(counts.shifted)}{' '}
              shifted, {number(counts.fresh)} as they were.
            </p>
            {records.length === 0 && (
              <Empty title={checked === 0 ? 'No record cites a file' : 'All cited places stand'}>
                <p class="muted">Nothing has changed since it was cited.</p>
              </Empty>
            )}
            <ol class="findings">
              {records.map(({ id, type, title, freshness, cites }) => (
                <li key={id} id={`fresh-${id}`} class={open === id ? 'finding open' : 'finding'}>
                  <div class="finding-head">
                    <TypeIcon type={type} />
                    <div class="grow">
                      <a href={href(`/o/${encodeURIComponent(id)}`)}>{title}</a>
                      {cites.map(({ path, lines, now, commit }) => (
                        <div key={`${path}${String(lines)}`} class="small muted">
                          <code>
                            {path}
                            {lines ? `:${lines.join('-')}` : ''}
                          </code>{' '}
                          {now.freshness}
                          {commit && (
                            <>
                              {' '}
                              in <code>{short(commit.id)}</code> {commit.summary} ({commit.author},{' '}
                              <When at={commit.at} />)
                            </>
                          )}
                        </div>
                      ))}
                    </div>
                    <span class={freshness === 'gone' || freshness === 'changed' ? 'tag bad' : 'tag'}>{freshness}</span>
                    <button
                      type="button"
                      aria-expanded={open === id}
                      onClick={() => setOpen(open === id ? undefined : id)}
                    >
                      {open === id ? 'Close' : 'Look'}
                    </button>
                  </div>
                  {open === id && (
                    <div class="finding-body">
                      <Record id={id} isPane onClose={() => setOpen(undefined)} />
                    </div>
                  )}
                </li>
              ))}
            </ol>
          </>
        )}
      </Answer>
    </div>
  );
}
