// A list of any length that draws the rows in view. All rows are equally high, so that a row's place is a multiplication.
import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface ListProps {
  label: string;
  count: number;
  rowHeight: number;
  /** Of the row that keys move; kept in view. */
  selected: number;
  row(at: number): ComponentChildren;
  /** Rows in view changed: time to load more. */
  onRange(first: number, last: number): void;
  box: RefObject<HTMLDivElement | null>;
}

const spare = 4;

export function VirtualList({ label, count, rowHeight, selected, row, onRange, box }: ListProps) {
  const [range, setRange] = useState({ first: 0, last: 30, pool: 31 });
  const asked = useRef(0);
  const measure = (): void => {
    const element = box.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spare;
    const pool = Math.ceil(element.clientHeight / rowHeight) + 2 * spare + 2;
    setRange((before) => (before.first === first && before.last === last ? before : { first, last, pool }));
    onRange(first, last);
  };
  useLayoutEffect(measure, [count, rowHeight]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [rowHeight]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || selected < 0) return;
    const top = selected * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowHeight - element.clientHeight;
  }, [selected, rowHeight]);
  const onScroll = (): void => {
    if (asked.current !== 0) return;
    asked.current = requestAnimationFrame(() => {
      asked.current = 0;
      measure();
    });
  };
  const last = Math.min(count, range.last);
  // Rows that leave the window give their elements to those that come into it.
  const rows = Array.from({ length: Math.max(0, last - range.first) }, (_, at) => range.first + at);
  return (
    <div class="list-box" ref={box} onScroll={onScroll} tabIndex={0} role="region" aria-label={label}>
      <ul class="list" style={{ height: `${count * rowHeight}px` }}>
        {rows.map((at) => (
          <li
            key={at % range.pool}
            class={at === selected ? 'row-place selected' : 'row-place'}
            style={{ transform: `translateY(${at * rowHeight}px)`, height: `${rowHeight}px` }}
            aria-setsize={count}
            aria-posinset={at + 1}
          >
            {row(at)}
          </li>
        ))}
      </ul>
    </div>
  );
}
