// What a branch brings to the memory, for the person who decides: as `repomem review` says it, to be ticked off.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Review } from '../../../review/review.ts';
import { Changes } from '../parts/changes.tsx';
import { Finding, Group, type Listed, One, Records } from '../parts/review-parts.tsx';
import { Answer, Empty, Tile } from '../parts/states.tsx';
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

const contradictions = { named: 'says so itself', found: 'found by comparing' } as const;

function gainOf({ before, after }: { before: number; after: number }): string {
  return after === before ? '' : `${after > before ? '+' : '−'}${number(Math.abs(after - before))}`;
}

const alone = <T,>(record: T): { record: T } => ({ record });

function Whole({ review }: { review: Review }) {
  const { base, head, added, superseding, contradicting, duplicates, suppressed, forgotten, removed, edited, renamed } =
    review;
  const { otherFiles, stale, files, findings, allowed, uncompared, cost, isQuiet } = review;
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
  const listed = <T extends Listed>(
    title: string,
    tick: string,
    of: T[],
    noteOf: (one: T) => string,
    isBad = false,
  ) => <Records title={title} ticks={`${prefix} ${tick}`} of={of} noteOf={noteOf} isBad={isBad} />;
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
          <Tile name="records" value={cost.records.after} note={gainOf(cost.records)} />
          <Tile name="bytes" value={cost.bytes.after} note={gainOf(cost.bytes)} />
          <Tile name="tokens of the index" value={cost.indexTokens.after} note={gainOf(cost.indexTokens)} />
          <Tile name="tokens to read what is new" value={cost.readTokens} />
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
      {listed('In contradiction', 'contra', contradicting, ({ how }) => contradictions[how], true)}
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
      {listed('Replacing', 'super', superseding, () => 'replaces')}
      {listed('Said before', 'dup', duplicates, ({ saysMore }) => (saysMore ? 'says more than' : 'says the same as'))}
      {listed('Says what was forgotten', 'bar', suppressed, ({ tombstone }) => `forbidden by ${tombstone}`, true)}
      {listed('Forgotten', 'forgot', forgotten, ({ reason }) => reason || 'no reason given')}
      {listed('Removed without a tombstone', 'removed', removed.map(alone), ({ record: { supersededBy } }) =>
        supersededBy ? `superseded by ${supersededBy}` : '',
      )}
      {listed('Edited', 'edited', edited.map(alone), ({ record: { title, titleBefore } }) =>
        titleBefore === title ? '' : `was: ${titleBefore}`,
      )}
      {listed('Renamed', 'renamed', renamed.map(alone), ({ record }) => record.from)}
      <Group title="Settings and other files" of={otherFiles.length} isBad>
        {otherFiles.map((path) => (
          <Finding key={path} id={`${prefix} file ${path}`}>
            <code>{path}</code>
          </Finding>
        ))}
      </Group>
      <Group title="Allowed by settings" of={allowed.length}>
        {allowed.map(({ path, line, fingerprint, reason }) => (
          <Finding key={path + fingerprint} id={`${prefix} allowed ${path} ${fingerprint}`}>
            <code>
              {path}:{line} {fingerprint}
            </code>
            <p class="small">{reason}</p>
          </Finding>
        ))}
      </Group>
      {uncompared > 0 && <p class="muted">Not compared with the others: {plural(uncompared, 'new record')}.</p>}
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
