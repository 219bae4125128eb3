import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { readStored, store } from '../store/memory-state.ts';
import { href } from '../store/address.ts';
import { TypeIcon } from './record-row.tsx';

interface Named {
  id: string;
  type: string;
  title: string;
}

export function Group({
  title,
  of,
  isBad,
  children,
}: {
  title: string;
  of: number;
  isBad?: boolean;
  children: ComponentChildren;
}) {
  if (of === 0) return null;
  return (
    <section>
      <h2>
        {title} <span class={isBad ? 'badge bad' : 'badge'}>{of}</span>
      </h2>
      <ul class="findings">{children}</ul>
    </section>
  );
}

/** Ticked off in this browser, for these very commits. */
export function Finding({ id, children }: { id: string; children: ComponentChildren }) {
  const key = `repomem-read ${id}`;
  const [isRead, setRead] = useState(readStored(key, ['1'], '') === '1');
  return (
    <li class={isRead ? 'finding read' : 'finding'} tabIndex={-1}>
      <div class="finding-head">
        <label class="check">
          <input
            type="checkbox"
            aria-label="Read"
            checked={isRead}
            onChange={(event) => {
              setRead(event.currentTarget.checked);
              store(key, event.currentTarget.checked ? '1' : '');
            }}
          />
        </label>
        <div class="grow">{children}</div>
      </div>
    </li>
  );
}

export function One({ record }: { record: Named }) {
  return (
    <div class="named">
      <TypeIcon type={record.type} />
      <a href={href(`/o/${encodeURIComponent(record.id)}`)}>{record.title || record.id}</a>
    </div>
  );
}

export interface Listed {
  record: Named;
  other?: Named;
}

interface RecordsProps<T extends Listed> {
  title: string;
  /** What the ticks are kept by, before the ids. */
  ticks: string;
  isBad: boolean;
  of: readonly T[];
  noteOf(one: T): string;
}

/** Findings that are a record and a word about it, or two records and what one is to the other. */
export function Records<T extends Listed>({ title, ticks, isBad, of, noteOf }: RecordsProps<T>) {
  return (
    <Group title={title} of={of.length} isBad={isBad}>
      {of.map((one) => {
        const { record, other } = one;
        const ids = other ? `${record.id} ${other.id}` : record.id;
        return (
          <Finding key={ids} id={`${ticks} ${ids}`}>
            <div class={other && 'sides'}>
              <One record={record} />
              <span class="muted small">{noteOf(one)}</span>
              {other && <One record={other} />}
            </div>
          </Finding>
        );
      })}
    </Group>
  );
}
