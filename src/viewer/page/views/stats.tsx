// What the memory costs and what it saves, drawn as bars.
import type { Facets, Line, SessionLine } from '../../wire.ts';
import { Answer } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { dayName, iconOf, number, plural } from '../store/format.ts';
import { href } from '../store/address.ts';

interface Stats {
  provider: { name: string; why: string };
  days: { day: string; provider: string; requests: number; tokensIn: number; tokensOut: number }[];
  total: { requests: number; tokensIn: number; tokensOut: number };
  today: { tokens: number; cap: number };
  made: { by: string; records: number; tokens: number }[];
  session: { block: number; everything: number; shown: number; total: number };
}

interface Told {
  records: { line: Line; times: number }[];
  never: number;
}

interface Trend {
  points: { at: string; records: number; stale: number }[];
}

const hearsTold = { hearsTold: true };

export function View() {
  const told = useAsk<Told>('/api/told', {}, hearsTold);
  const trend = useAsk<Trend>('/api/freshness');
  const asked = useAsk<Stats>('/api/stats', { days: 30 }, hearsTold);
  const facets = useAsk<Facets>('/api/facets');
  const sessions = useAsk<{ sessions: SessionLine[] }>('/api/sessions', { limit: 30 }, hearsTold);
  return (
    <div class="page">
      <h1>Stats</h1>
      <Answer asked={asked} what="Counting">
        {({ provider, days, total, today, made, session }) => (
          <>
            <dl class="tiles">
              <Tile
                name="tokens a session pays"
                value={session.block}
                note={`${session.shown} of ${plural(session.total, 'record')}`}
              />
              <Tile
                name="tokens to read everything"
                value={session.everything}
                note={
                  session.everything > 2 * session.block
                    ? `${number(Math.round(session.everything / session.block))} times as much`
                    : ''
                }
              />
              <Tile
                name="tokens of models, ever"
                value={total.tokensIn + total.tokensOut}
                note={`${number(total.requests)} requests`}
              />
              <Tile
                name="today"
                value={today.tokens}
                note={today.cap > 0 ? `of ${number(today.cap)}` : 'no cap is set'}
              />
            </dl>
            <p class="muted">
              Records are made by {provider.name}: {provider.why}
            </p>
            {days.length > 0 && (
              <Bars
                title="Model tokens by day"
                bars={days
                  .toReversed()
                  .map(({ day, provider: by, tokensIn, tokensOut }) => [`${day} ${by}`, tokensIn + tokensOut])}
              />
            )}
            <Bars title="Records by maker" bars={made.map(({ by, records }) => [by, records])} />
          </>
        )}
      </Answer>
      {trend.value && trend.value.points.length > 0 && <Freshness points={trend.value.points} />}
      {told.value && told.value.records.length > 0 && (
        <Bars
          title="Most told records"
          note={`${number(told.value.never)} of those that stand were told to no session of the last thirty days.`}
          bars={told.value.records.map(({ line, times }) => [line.title, times, `/o/${encodeURIComponent(line.id)}`])}
        />
      )}
      {facets.value && (
        <Bars
          title="Records by type"
          bars={facets.value.types.map(([type, count]) => [`${iconOf(type)} ${type}`, count])}
        />
      )}
      {sessions.value && sessions.value.sessions.some(({ toldTokens }) => toldTokens > 0) && (
        <Bars
          title="Tokens told, by session"
          bars={sessions.value.sessions
            .filter(({ toldTokens }) => toldTokens > 0)
            .map(({ id, request, toldTokens }) => [request.slice(0, 40) || id, toldTokens])}
        />
      )}
    </div>
  );
}

function Tile({ name, value, note }: { name: string; value: number; note: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        {number(value)} <span class="muted small">{note}</span>
      </dd>
    </div>
  );
}

/** A bar a line; the table behind it is what a reader of screens gets. */
function Bars({
  title,
  note,
  bars,
}: {
  title: string;
  note?: string;
  bars: readonly (readonly [name: string, value: number, link?: string])[];
}) {
  const most = Math.max(1, ...bars.map(([, value]) => value));
  return (
    <section>
      <h2>{title}</h2>
      {note && <p class="muted small">{note}</p>}
      <table class="bars">
        <tbody>
          {bars.map(([name, value, link]) => (
            <tr key={link ?? name}>
              <th scope="row">{link === undefined ? name : <a href={href(link)}>{name}</a>}</th>
              <td>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={Math.max(0.4, (value / most) * 100)} height="10" rx="1" />
                </svg>
              </td>
              <td class="amount">{number(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Two areas: the citing records there were, and those of them that had grown stale. */
function Freshness({ points }: { points: Trend['points'] }) {
  const most = Math.max(1, ...points.map(({ records }) => records));
  const last = points.at(-1);
  const areaOf = (value: (point: Trend['points'][number]) => number): string => {
    const top = points.map(
      (point, at) => `${((at / (points.length - 1)) * 100).toFixed(2)},${(40 - (value(point) / most) * 38).toFixed(2)}`,
    );
    return `0,40 ${top.join(' ')} 100,40`;
  };
  return (
    <section>
      <h2>Freshness over time</h2>
      <p class="muted small">
        Of the {number(last?.records ?? 0)} records that stand and cite code, the cited lines of{' '}
        {number(last?.stale ?? 0)} have changed since. <a href={href('/fresh')}>Which</a>
      </p>
      <svg class="trend" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true">
        <polygon points={areaOf(({ records }) => records)} class="all" />
        <polygon points={areaOf(({ stale }) => stale)} class="stale" />
      </svg>
      <div class="trend-ends muted small">
        <span>{dayName(points[0]?.at ?? '')}</span>
        <span>
          <span class="key all" /> citing records <span class="key stale" /> stale
        </span>
        <span>{dayName(last?.at ?? '')}</span>
      </div>
    </section>
  );
}
