import type { Line } from '../../wire.ts';
import { ago, dayName, dayOf, exact, iconOf, meaningOf, number } from '../store/format.ts';
import { href } from '../store/address.ts';

export function TypeIcon({ type }: { type: string }) {
  return (
    <span class={`type-icon type-${type}`} aria-hidden="true" title={meaningOf(type)}>
      {iconOf(type)}
    </span>
  );
}

export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at)}
    </time>
  );
}

const trustWords = {
  reviewed: 'reviewed: it stands on the default branch',
  own: 'written on this machine',
  local: 'on this machine alone',
  foreign: 'unreviewed, from elsewhere',
} as const;

/** What one must know of a record beside its title: state in words, never by colour alone. */
export function Marks({ line }: { line: Line }) {
  const { trust, freshness, isActive, isHere, tier } = line;
  return (
    <span class="marks">
      {freshness === 'gone' && <span class="tag bad">cited file gone</span>}
      {freshness === 'changed' && <span class="tag warn">cited lines changed</span>}
      {freshness === 'moved' && <span class="tag">moved</span>}
      {!isActive && <span class="tag">told no more</span>}
      {!isHere && <span class="tag">other branch</span>}
      <span class={`tag trust-${trust}`} title={trustWords[trust]}>
        {tier === 'local' ? 'local' : trust}
      </span>
    </span>
  );
}

export function Row({
  line,
  before,
  isPicked,
}: {
  line: Line | undefined;
  before: Line | undefined;
  isPicked: boolean;
}) {
  if (!line) return <div class="row loading" aria-hidden="true" />;
  const isFirst = before === undefined || dayOf(before.created) !== dayOf(line.created);
  const day = <span class="day">{isFirst ? dayName(line.created) : ''}</span>;
  if (line.trust === 'foreign')
    return (
      <div class="row">
        {day}
        <a class="row-link" href={href('/trust')}>
          <TypeIcon type="" />
          <span class="row-text">
            <span class="title">{line.id}</span>
            <span class="gist">Unreviewed, from elsewhere: not shown to sessions</span>
          </span>
        </a>
        <span class="row-side">
          <Marks line={line} />
          <When at={line.created} />
        </span>
      </div>
    );
  return (
    <div class={`row${line.isActive ? '' : ' faded'}${isPicked ? ' picked' : ''}`}>
      {day}
      <a class="row-link" href={href(`/o/${encodeURIComponent(line.id)}`)} data-id={line.id}>
        <TypeIcon type={line.type} />
        <span class="row-text">
          <span class="title">
            <span class="unseen">
              {isPicked && 'chosen, '}
              {line.type}:{' '}
            </span>
            {line.title}
          </span>
          <span class="gist">{line.gist || line.paths.join(', ') || line.type}</span>
        </span>
      </a>
      <span class="row-side">
        <Marks line={line} />
        <span class="muted small">
          <When at={line.created} /> · <span title="tokens to read it whole">~{number(line.tokens)}</span>
        </span>
      </span>
    </div>
  );
}

/** A record named in passing. */
export function Named({ line }: { line: Line }) {
  if (line.trust === 'foreign') return <span class="muted">{line.id} (unreviewed)</span>;
  return (
    <a class="named" href={href(`/o/${encodeURIComponent(line.id)}`)}>
      <TypeIcon type={line.type} />
      <span>
        <span class="unseen">{line.type}: </span>
        {line.title}
      </span>
    </a>
  );
}

export function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <ul class="plain">
      {lines.map((line) => (
        <li key={line.id}>
          <Named line={line} />
        </li>
      ))}
    </ul>
  );
}

/** Entries of a list of facts; one without a value is left out. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: string])[] }) {
  return rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ));
}
