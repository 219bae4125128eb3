// What a branch brings to the memory, for the person who decides: as `repomem review` says it, to be ticked off.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Review } from '../../../review/value.ts';
import { Changes } from '../parts/changes.tsx';
import { Finding, Group, One, Sides, Tile } from '../parts/review-parts.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { number, plural, short } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { go, href, query, withParams } from '../store/address.ts';

export function View() {
  const range = query.value.get('range') ?? '';
  const [draft, setDraft] = useState(range);
  const asked = useAsk<Review>('/api/review', { range });
  return (
    <div class="page">
      <h1>Review</h1>
      <form
        class="search-line"
        onSubmit={(event) => {
          event.preventDefault();
          go(withParams({ range: draft.trim() }));
        }}
      >
        <input
          type="text"
          aria-label="The range"
          placeholder="from where HEAD left the default branch; or main..feature"
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button type="submit">Review</button>
      </form>
      <Answer asked={asked} what="Comparing every record of the range">
        {(review) => <Whole review={review} />}
      </Answer>
    </div>
  );
}

function Whole({ review }: { review: Review }) {
  const { base, head, added, superseding, contradicting, duplicates, suppressed, forgotten, removed, edited, renamed } =
    review;
  const { otherFiles, stale, files, findings, cost, isQuiet } = review;
  const move = (step: number): void => {
    const all = [...document.querySelectorAll<HTMLElement>('.finding')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[Math.max(0, Math.min(all.length - 1, at + step))]?.focus();
  };
  useLayoutEffect(
    () =>
      addKeys([
        { keys: 'j or ArrowDown or ]', about: 'next finding', run: () => move(1) },
        { keys: 'k or ArrowUp or [', about: 'finding before', run: () => move(-1) },
        {
          keys: 'x',
          about: 'tick off, or on again',
          run: () => (document.activeElement as HTMLElement | null)?.querySelector<HTMLElement>('input')?.click(),
        },
      ]),
    [],
  );
  const prefix = `${short(base)}..${short(head)}`;
  return (
    <>
      <p class="muted">
        <code>{short(base)}</code> to <code>{short(head)}</code> ·{' '}
        <a href={href(`/diff/${base}..${head}`)}>the records that differ</a>
      </p>
      {isQuiet ? (
        <Empty title="Nothing to review">
          <p class="muted">This range brings nothing to the memory and makes nothing of it stale.</p>
        </Empty>
      ) : (
        <dl class="tiles">
          <Tile name="records" before={cost.records.before} after={cost.records.after} />
          <Tile name="bytes" before={cost.bytes.before} after={cost.bytes.after} />
          <Tile name="tokens of the index" before={cost.indexTokens.before} after={cost.indexTokens.after} />
          <Tile name="tokens to read what is new" after={cost.readTokens} />
        </dl>
      )}
      <Group title="Lint" of={findings.length} isBad>
        {findings.map((one) => (
          <Finding key={`${one.path}${one.line ?? ''}${one.reason}`} id={`${prefix} lint ${one.path} ${one.reason}`}>
            <span class={one.severity === 'error' ? 'tag bad' : 'tag warn'}>{one.severity}</span>{' '}
            <code>
              {one.path}
              {one.line === undefined ? '' : `:${one.line}`}
            </code>
            <p class="small">{one.reason}</p>
            <p class="muted small">{one.cure}</p>
          </Finding>
        ))}
      </Group>
      <Group title="In contradiction" of={contradicting.length} isBad>
        {contradicting.map(({ record, other, how }) => (
          <Finding key={`${record.id}${other.id}`} id={`${prefix} contra ${record.id} ${other.id}`}>
            <Sides one={record} other={other} note={how === 'named' ? 'says so itself' : 'found by comparing'} />
          </Finding>
        ))}
      </Group>
      <Group title="Made stale by this range" of={stale.length} isBad>
        {stale.map(({ record, cites, answer }) => (
          <Finding key={record.id} id={`${prefix} stale ${record.id}`}>
            <One record={record} />
            {cites.map(({ path, lines, freshness, movedTo }) => (
              <p class="small muted" key={`${path}${String(lines)}`}>
                <code>
                  {path}
                  {lines ? `:${lines.join('-')}` : ''}
                </code>{' '}
                {freshness === 'gone' ? 'is gone' : 'has changed'}
                {movedTo && `, now ${movedTo}`}
              </p>
            ))}
            {[...new Set(cites.map(({ path }) => path))].map((path) => (
              <Changes
                key={path}
                of={{ range: `${base}..${head}`, path }}
                summary={`What the range changed in ${path}`}
              />
            ))}
            <p class="small">
              {answer
                ? `Answered: ${answer.how}${answer.by ? ` by ${answer.by}` : ''}`
                : 'Nothing in the range answers it.'}
            </p>
          </Finding>
        ))}
      </Group>
      <Group title="New records" of={added.length}>
        {added.map((record) => (
          <Finding key={record.id} id={`${prefix} added ${record.id}`}>
            <One record={record} />
            {record.gist && <p class="small">{record.gist}</p>}
            {record.reason && <p class="small muted reason">{record.reason}</p>}
            <p class="muted small">
              {record.by && `${record.by} · `}~{number(record.tokens)} tokens · {plural(record.cites, 'cite')} ·{' '}
              <code>{record.path}</code>
            </p>
          </Finding>
        ))}
      </Group>
      <Group title="Replacing" of={superseding.length}>
        {superseding.map(({ record, other }) => (
          <Finding key={`${record.id}${other.id}`} id={`${prefix} super ${record.id} ${other.id}`}>
            <Sides one={record} other={other} note="replaces" />
          </Finding>
        ))}
      </Group>
      <Group title="Said before" of={duplicates.length}>
        {duplicates.map(({ record, other, saysMore }) => (
          <Finding key={`${record.id}${other.id}`} id={`${prefix} dup ${record.id} ${other.id}`}>
            <Sides one={record} other={other} note={saysMore ? 'says more than' : 'says the same as'} />
          </Finding>
        ))}
      </Group>
      <Group title="Says what was forgotten" of={suppressed.length} isBad>
        {suppressed.map(({ record, tombstone }) => (
          <Finding key={record.id} id={`${prefix} bar ${record.id}`}>
            <One record={record} />
            <p class="small muted">
              forbidden by <code>{tombstone}</code>
            </p>
          </Finding>
        ))}
      </Group>
      <Group title="Forgotten" of={forgotten.length}>
        {forgotten.map(({ record, reason }) => (
          <Finding key={record.id} id={`${prefix} forgot ${record.id}`}>
            <One record={record} />
            <p class="small muted">{reason || 'no reason given'}</p>
          </Finding>
        ))}
      </Group>
      <Group title="Removed without a tombstone" of={removed.length}>
        {removed.map((record) => (
          <Finding key={record.id} id={`${prefix} removed ${record.id}`}>
            <One record={record} />
            {record.supersededBy && <p class="small muted">superseded by {record.supersededBy}</p>}
          </Finding>
        ))}
      </Group>
      <Group title="Edited" of={edited.length}>
        {edited.map((record) => (
          <Finding key={record.id} id={`${prefix} edited ${record.id}`}>
            <One record={record} />
            {record.titleBefore !== record.title && <p class="small muted">was: {record.titleBefore}</p>}
          </Finding>
        ))}
      </Group>
      <Group title="Renamed" of={renamed.length}>
        {renamed.map((record) => (
          <Finding key={record.id} id={`${prefix} renamed ${record.id}`}>
            <One record={record} />
            <p class="small muted">{record.from}</p>
          </Finding>
        ))}
      </Group>
      <Group title="Settings and other files" of={otherFiles.length} isBad>
        {otherFiles.map((path) => (
          <Finding key={path} id={`${prefix} file ${path}`}>
            <code>{path}</code>
          </Finding>
        ))}
      </Group>
      <Group title="Changed files that the memory speaks of" of={files.length}>
        {files.map(({ path, records }) => (
          <Finding key={path} id={`${prefix} about ${path}`}>
            <code>{path}</code>
            <Changes of={{ range: `${base}..${head}`, path }} summary="What the range changed in it" />
            {records.slice(0, 8).map((record) => (
              <One key={record.id} record={record} />
            ))}
          </Finding>
        ))}
      </Group>
    </>
  );
}
