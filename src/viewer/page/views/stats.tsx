// What the memory costs and what it saves, drawn as bars.
import type { Facets, SessionLine } from '../../wire.ts';
import { Answer } from '../parts/states.tsx';
import { useAsk } from '../store/ask.ts';
import { iconOf, number } from '../store/format.ts';

interface Stats {
  provider: { name: string; why: string };
  days: { day: string; provider: string; requests: number; tokensIn: number; tokensOut: number }[];
  total: { requests: number; tokensIn: number; tokensOut: number };
  today: { tokens: number; cap: number };
  made: { by: string; records: number; tokens: number }[];
  session: { block: number; everything: number; shown: number; total: number };
}

export function View() {
  const asked = useAsk<Stats>('/api/stats', { days: 30 });
  const facets = useAsk<Facets>('/api/facets');
  const sessions = useAsk<{ sessions: SessionLine[] }>('/api/sessions', { limit: 30 });
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
                note={`${session.shown} of ${session.total} records`}
              />
              <Tile
                name="tokens to read everything"
                value={session.everything}
                note={session.block > 0 ? `${Math.round(session.everything / session.block)} times as much` : ''}
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
function Bars({ title, bars }: { title: string; bars: readonly (readonly [name: string, value: number])[] }) {
  const most = Math.max(1, ...bars.map(([, value]) => value));
  return (
    <section>
      <h2>{title}</h2>
      <table class="bars">
        <tbody>
          {bars.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
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
