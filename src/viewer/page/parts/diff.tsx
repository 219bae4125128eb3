// Lines then and now: one column, or two side by side, with the words that differ marked.
import { signal } from '@preact/signals';
import type { DiffRow } from '../../wire.ts';
import { readStored, store } from '../store/memory-state.ts';

const storageKey = 'repomem-diff';
export const isSideBySide = signal(readStored(storageKey, ['unified'], 'side') === 'side');

export function toggleDiff(): void {
  isSideBySide.value = !isSideBySide.value;
  store(storageKey, isSideBySide.value ? 'side' : 'unified');
}

interface Pair {
  left?: DiffRow | undefined;
  right?: DiffRow | undefined;
}

/** Removed lines beside the added ones that took their place. */
function pairUp(rows: readonly DiffRow[]): Pair[] {
  const pairs: Pair[] = [];
  let [removed, added]: [DiffRow[], DiffRow[]] = [[], []];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++)
      pairs.push({ left: removed[at], right: added[at] });
    [removed, added] = [[], []];
  };
  for (const row of rows)
    if (row.kind === 'removed') removed.push(row);
    else if (row.kind === 'added') added.push(row);
    else {
      flush();
      pairs.push({ left: row, right: row });
    }
  flush();
  return pairs;
}

/** What two lines have in common at both ends; between stands what differs. */
function middleOf(text: string, other: string): [string, string, string] {
  let start = 0;
  while (start < text.length && start < other.length && text[start] === other[start]) start++;
  let end = 0;
  while (end < text.length - start && end < other.length - start && text.at(-1 - end) === other.at(-1 - end)) end++;
  return [text.slice(0, start), text.slice(start, text.length - end), text.slice(text.length - end)];
}

function Text({ row, other }: { row: DiffRow; other?: DiffRow | undefined }) {
  if (row.kind === 'same' || !other || other.kind === 'same') return <>{row.text}</>;
  const [before, middle, after] = middleOf(row.text, other.text);
  return before.length + after.length > 2 ? (
    <>
      {before}
      {middle && <mark>{middle}</mark>}
      {after}
    </>
  ) : (
    <>{row.text}</>
  );
}

const signs = { same: ' ', removed: '−', added: '+' } as const;
const words = { same: '', removed: 'removed', added: 'added' } as const;

export function Diff({ rows, label }: { rows: readonly DiffRow[]; label: string }) {
  const isPlain = rows.every(({ kind }) => kind === 'same');
  const pairs = pairUp(rows);
  if (isPlain || !isSideBySide.value)
    return (
      <div class="diff" tabIndex={0} role="group" aria-label={label}>
        <table>
          <tbody>
            {pairs.flatMap(({ left, right }, at) => {
              const lines = left === right ? [left] : [left, right];
              return lines.map(
                (row, side) =>
                  row && (
                    <tr key={`${at}-${side}`} class={row.kind}>
                      <td class="no">{row.before ?? ''}</td>
                      <td class="no">{row.after ?? ''}</td>
                      <td class="sign">
                        {signs[row.kind]}
                        <span class="unseen">{words[row.kind]}</span>
                      </td>
                      <td class="code">
                        <Text row={row} other={row === left ? right : left} />
                      </td>
                    </tr>
                  ),
              );
            })}
          </tbody>
        </table>
      </div>
    );
  return (
    <div class="diff side" tabIndex={0} role="group" aria-label={label}>
      <table>
        <colgroup>
          <col class="no" />
          <col />
          <col class="no" />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th colSpan={2}>Then</th>
            <th colSpan={2}>Now</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ left, right }, at) => (
            <tr key={at}>
              <td class={`no ${left?.kind ?? 'none'}`}>{left?.before ?? ''}</td>
              <td class={`code ${left?.kind ?? 'none'}`}>{left && <Text row={left} other={right} />}</td>
              <td class={`no ${right?.kind ?? 'none'}`}>{right?.after ?? ''}</td>
              <td class={`code ${right?.kind ?? 'none'}`}>{right && <Text row={right} other={left} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
