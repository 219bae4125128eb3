// Sessions as stories: what each was told, what it left, what of it was committed.
import { useLayoutEffect, useState } from 'preact/hooks';
import type { SessionAnswer, SessionLine, TurnAnswer } from '../../wire.ts';
import { Changes, Commit, FileChange, filesSummary } from '../parts/changes.tsx';
import { Markdown } from '../parts/markdown.tsx';
import { Lines, Named, When } from '../parts/record-row.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { number, plural, short } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { go, href } from '../store/address.ts';

export function View({ rest }: { rest: string }) {
  const id = rest.replace(/^\//, '');
  return id === '' ? <All /> : <One key={id} id={id} />;
}

const mostSessions = 2000;
const hearsTold = { hearsTold: true };

function All() {
  const [limit, setLimit] = useState(200);
  const asked = useAsk<{ sessions: SessionLine[]; total: number }>('/api/sessions', { limit }, hearsTold);
  return (
    <div class="page">
      <h1>Sessions</h1>
      <Answer asked={asked} what="Reading">
        {({ sessions, total }) =>
          sessions.length === 0 ? (
            <Empty title="No session yet">
              <p class="muted">A session stands here when it was told something or has left a record.</p>
            </Empty>
          ) : (
            <>
              <p class="muted">{plural(total, 'session')}</p>
              <ol class="findings">
                {sessions.map((session) => (
                  <li key={session.id} class="finding">
                    <div class="finding-head">
                      <div class="grow">
                        <a href={href(`/s/${encodeURIComponent(session.id)}`)}>
                          {session.request || `Session ${short(session.id)}`}
                        </a>
                        <div class="muted small">
                          <When at={session.started} />
                          {session.branch && <> on {session.branch}</>} · left {plural(session.records, 'record')} ·
                          told {plural(session.tellings, 'time')}, {number(session.toldTokens)} tokens
                          {session.usage.requests > 0 && (
                            <> · models {number(session.usage.tokensIn + session.usage.tokensOut)} tokens</>
                          )}
                        </div>
                      </div>
                    </div>
                  </li>
                ))}
              </ol>
              {sessions.length < total && limit < mostSessions && (
                <button type="button" onClick={() => setLimit(Math.min(mostSessions, limit + 600))}>
                  Show older
                </button>
              )}
            </>
          )
        }
      </Answer>
    </div>
  );
}

type Told = SessionAnswer['told'][number];

/** Turn by turn: what was typed, what was told with it, what was changed, what was answered. */
function Story({ session: { turns, told } }: { session: SessionAnswer }) {
  const [first] = turns;
  const isBefore = ({ at }: Told): boolean => first === undefined || at < first.at;
  return (
    <section>
      <h2>Turn by turn</h2>
      {turns.length === 0 && (
        <p class="muted">
          Prompts and edits are kept for thirty days, on the machine that made them: of this session none are here.
        </p>
      )}
      {turns.length === 0 && told.length === 0 && <p class="muted">What it was told is not known any more.</p>}
      <ol class="timeline">
        {told.filter(isBefore).map((one) => (
          <li key={`${one.at}${one.moment}`}>
            <Telling told={one} />
          </li>
        ))}
        {turns.map((turn, at) => {
          const end = turns[at + 1]?.at;
          return (
            <li key={turn.at + String(at)} class="turn">
              <TurnHead turn={turn} number={at + 1} />
              {told
                .filter((one) => !isBefore(one) && one.at >= turn.at && (end === undefined || one.at < end))
                .map((one) => (
                  <Telling key={`${one.at}${one.moment}`} told={one} />
                ))}
              {turn.files.length > 0 && (
                <details class="changes">
                  <summary class="small">{filesSummary(turn.files.length)}</summary>
                  {turn.files.map(({ path, isNew, rows }) => (
                    <FileChange key={path} path={path} status={isNew ? 'A' : 'M'} rows={rows} />
                  ))}
                </details>
              )}
              {turn.commits.map(({ subject, id }) => (
                <p key={id + subject} class="small">
                  Committed <code>{short(id)}</code> {subject}
                </p>
              ))}
              {turn.closing && (
                <details class="changes">
                  <summary class="small">What the agent said last</summary>
                  <pre class="words">{turn.closing}</pre>
                </details>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function TurnHead({ turn, number: at }: { turn: TurnAnswer; number: number }) {
  const { prompt, commands, failed } = turn;
  return (
    <>
      <div class="small muted">
        Turn {at} · <When at={turn.at} />
        {commands > 0 && ` · ${plural(commands, 'command')}`}
        {failed > 0 && `, ${failed} failed`}
      </div>
      {prompt ? (
        <blockquote class="prompt">{prompt}</blockquote>
      ) : (
        <p class="muted">Begun by the host, or private: no words are kept.</p>
      )}
    </>
  );
}

function Telling({ told: { at, moment, tokens, of, left, lines, unknown } }: { told: Told }) {
  return (
    <div class="telling">
      <strong>{moments[moment] ?? moment}</strong>{' '}
      <span class="muted small">
        it was told {plural(lines.length + unknown, 'record')}, {number(tokens)} tokens, <When at={at} />
        {of !== undefined && of > lines.length + unknown && `: of ${of}, the rest did not fit the budget`}
        {left?.known && ` · ${left.known.length} known already`}
        {left?.limit && ` · ${left.limit.length} over the limit`}
      </span>
      <details open={lines.length <= 4}>
        <summary class="small">{plural(lines.length, 'record')}</summary>
        <Lines lines={lines} />
        {unknown > 0 && <p class="muted small">{plural(unknown, 'record')} not here any more</p>}
      </details>
    </div>
  );
}

const moments: Readonly<Record<string, string>> = {
  start: 'When it started',
  prompt: 'With a prompt',
  file: 'When a file was opened',
  subagent: 'To a subagent',
};

function One({ id }: { id: string }) {
  const asked = useAsk<SessionAnswer>(`/api/sessions/${encodeURIComponent(id)}`, {}, hearsTold);
  const { before, after } = asked.value ?? {};
  useLayoutEffect(
    () =>
      addKeys([
        { keys: '[', about: 'session before', run: () => before && go(`/s/${encodeURIComponent(before)}`) },
        { keys: ']', about: 'next session', run: () => after && go(`/s/${encodeURIComponent(after)}`) },
        { keys: 'Escape', about: 'all sessions', run: () => go('/s') },
      ]),
    [before, after],
  );
  return (
    <div class="page">
      <Answer asked={asked} what="Reading the session">
        {(session) => (
          <>
            <p class="pager small">
              <a href={href('/s')}>All sessions</a>
              <span class="grow" />
              {session.before && <a href={href(`/s/${encodeURIComponent(session.before)}`)}>← Before</a>}
              {session.after && <a href={href(`/s/${encodeURIComponent(session.after)}`)}>Next →</a>}
            </p>
            <h1>{session.request || `Session ${short(session.id)}`}</h1>
            <p class="muted">
              <When at={session.started} />
              {session.branch && <> on {session.branch}</>} · <code>{session.id}</code>
            </p>
            <dl class="facts">
              <div>
                <dt>Told</dt>
                <dd>
                  {plural(session.tellings, 'time')}, {number(session.toldTokens)} tokens
                </dd>
              </div>
              <div>
                <dt>Models</dt>
                <dd>
                  {plural(session.usage.requests, 'request')}, {number(session.usage.tokensIn)} tokens in,{' '}
                  {number(session.usage.tokensOut)} out
                </dd>
              </div>
            </dl>
            {session.summary.length > 0 && (
              <section>
                <h2>What it says of itself</h2>
                <Markdown nodes={session.summary} level={3} />
              </section>
            )}
            <Story session={session} />
            <section>
              <h2>What it left</h2>
              {session.left.length === 0 && <p class="muted">No record.</p>}
              <ul class="plain">
                {session.left.map((line) => (
                  <li key={line.id}>
                    <Named line={line} />
                  </li>
                ))}
              </ul>
            </section>
            {session.commits.length > 0 && (
              <section>
                <h2>Commits that took its records along</h2>
                <ul class="plain">
                  {session.commits.map((commit) => (
                    <li key={commit.id}>
                      <Commit commit={commit} />
                      <Changes of={{ commit: commit.id }} summary="What it changed" />
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )}
      </Answer>
    </div>
  );
}
