// One record with everything that git knows of it: its cited lines then beside now, its history, what it replaced.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { CiteAnswer, HistoryAnswer, RecordAnswer } from '../../wire.ts';
import { useAsk } from '../store/use-answer.ts';
import { exact, number, plural, short } from '../store/format.ts';
import { addKeys } from '../store/keyboard.ts';
import { href } from '../store/address.ts';
import { Changes, Commit } from './changes.tsx';
import { Diff, isSideBySide, toggleDiff } from './diff.tsx';
import { Markdown } from './markdown.tsx';
import { RecordActions } from './record-actions.tsx';
import { Facts, Lines, Marks, TypeIcon, When } from './record-row.tsx';
import { Answer } from './states.tsx';

interface RecordProps {
  id: string;
  isPane?: boolean;
  onClose?(): void;
}

export function Record({ id, isPane = false, onClose }: RecordProps) {
  const asked = useAsk<RecordAnswer>(`/api/record/${encodeURIComponent(id)}`);
  const title = asked.value?.line.title;
  useEffect(() => {
    if (!isPane && title) document.title = `${title} · repomem`;
  }, [title]);
  useLayoutEffect(() => addKeys([{ keys: 'v', about: 'unified or side by side', run: toggleDiff }]), []);
  return (
    <Answer asked={asked} what="Reading the record">
      {(answer) => <Whole answer={answer} isPane={isPane} onClose={onClose} />}
    </Answer>
  );
}

function Whole({
  answer,
  isPane,
  onClose,
}: {
  answer: RecordAnswer;
  isPane: boolean;
  onClose: RecordProps['onClose'];
}) {
  const { line, body, cites, supersedes, supersededBy, contradicts, told } = answer;
  const isForgotten = supersededBy.every(({ type }) => type === 'tombstone');
  const Heading = (isPane ? 'h2' : 'h1') as 'h1';
  return (
    <article class={isPane ? 'record in-pane' : 'record page'}>
      {isPane && (
        <div class="pane-head">
          <a href={href(`/o/${encodeURIComponent(line.id)}`)}>Open the page</a>
          <button type="button" class="quiet" aria-label="Close the pane" onClick={onClose}>
            ×
          </button>
        </div>
      )}
      <header class="record-head">
        <div class="overline">
          <TypeIcon type={line.type} />
          <span>{line.type}</span>
          <span class="muted">·</span>
          <code>{line.id}</code>
          <span class="muted">·</span>
          <span class="muted">
            <When at={line.created} />
          </span>
        </div>
        <Heading>{line.title}</Heading>
        {line.gist && <p class="lead">{line.gist}</p>}
        <Marks line={line} />
      </header>
      <RecordActions answer={answer} />
      {supersededBy.length > 0 && (
        <div class="callout warn">
          <strong>{isForgotten ? 'Forgotten.' : 'Superseded.'}</strong>{' '}
          {isForgotten ? 'Its tombstone says why:' : 'What stands instead:'}
          <Lines lines={supersededBy} />
        </div>
      )}
      {contradicts.length > 0 && (
        <div class="callout warn">
          <strong>In contradiction with</strong>
          <Lines lines={contradicts} />
        </div>
      )}
      <Markdown nodes={body} level={isPane ? 3 : 2} />
      {cites.length > 0 && (
        <section aria-label="Cited places">
          <div class="section-head">
            <h2>Cited places</h2>
            <button type="button" class="quiet" onClick={toggleDiff} aria-pressed={isSideBySide.value}>
              Side by side <kbd>v</kbd>
            </button>
          </div>
          {cites.map((cite, at) => (
            <Cite key={at} cite={cite} />
          ))}
        </section>
      )}
      {supersedes.length > 0 && (
        <section>
          <h2>Supersedes</h2>
          <Lines lines={supersedes} />
        </section>
      )}
      <Details answer={answer} />
      {told.length > 0 && (
        <section>
          <h2>Told {plural(told.length, 'time')}</h2>
          <ul class="plain">
            {told.map(({ session, at, moment }) => (
              <li key={`${session}${at}`}>
                <a href={href(`/s/${encodeURIComponent(session)}`)}>{short(session)}</a>{' '}
                <span class="muted">
                  at its {moment}, <When at={at} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <History id={line.id} />
      <Raw text={answer.raw} path={answer.path} />
    </article>
  );
}

const states = {
  fresh: 'stands as it was',
  shifted: 'stands, at other lines',
  moved: 'stands, in another file',
  changed: 'has changed',
  gone: 'is gone',
} as const;

function Cite({ cite }: { cite: CiteAnswer }) {
  const { path, lines, freshness, now, by, rows } = cite;
  const isStale = freshness === 'changed' || freshness === 'gone';
  const name = `${path}${lines ? `:${lines.join('-')}` : ''}`;
  const moved = now.path !== path || (now.lines && String(now.lines) !== String(lines));
  const target = `/f/${now.path.split('/').map(encodeURIComponent).join('/')}${now.lines ? `?line=${now.lines[0]}` : ''}`;
  return (
    <details class="cite" open={isStale || undefined}>
      <summary>
        <code>{name}</code>{' '}
        <span class={isStale ? 'tag bad' : 'tag good'}>
          {isStale ? '' : '✓ '}
          {states[freshness]}
        </span>
        {moved && freshness !== 'gone' && (
          <span class="muted small">
            {' '}
            now {now.path === path ? '' : now.path}
            {now.lines ? `:${now.lines.join('-')}` : ''}
          </span>
        )}
      </summary>
      {by && (
        <p class="muted small">
          Changed in <Commit commit={by} />
        </p>
      )}
      {by && <Changes of={{ commit: by.id }} summary="The whole commit" />}
      {isStale && !by && <p class="muted small">Changed in the working tree, or in a commit that is not known yet.</p>}
      {rows ? (
        <Diff rows={rows} label={`${name}, then and now`} />
      ) : (
        <p class="muted small">Git does not have the text that was cited.</p>
      )}
      {freshness !== 'gone' && (
        <p class="small">
          <a href={href(target)}>Why is this file as it is?</a>
        </p>
      )}
    </details>
  );
}

function Details({ answer: { line, record, agent, aliases } }: { answer: RecordAnswer }) {
  const rows: [string, string][] = [
    ['Made', exact(line.created)],
    ['By', line.by ?? ''],
    ['Agent', agent],
    ['Branch', line.branch ?? ''],
    ['Concepts', line.concepts.join(', ')],
    ['Also found by', aliases.join(', ')],
    ['Costs to read', `${number(line.tokens)} tokens`],
    ['Confidence', record['confidence'] === undefined ? '' : String(record['confidence'])],
    ['Trust', line.trust],
  ];
  return (
    <section>
      <h2>Details</h2>
      <dl class="facts">
        <Facts rows={rows} />
        {line.session && (
          <div>
            <dt>Session</dt>
            <dd>
              <a href={href(`/s/${encodeURIComponent(line.session)}`)}>{line.session}</a>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function History({ id }: { id: string }) {
  const asked = useAsk<HistoryAnswer>(`/api/record/${encodeURIComponent(id)}/history`);
  const words = { A: 'brought it', M: 'edited it', D: 'removed it', R: 'renamed it' } as const;
  return (
    <section>
      <h2>History</h2>
      <Answer asked={asked} what="Asking git">
        {({ commits, isUncommitted }) => (
          <ol class="history">
            {isUncommitted && (
              <li class="muted">{commits.length === 0 ? 'Not committed yet' : 'Edited since the last commit'}</li>
            )}
            {commits.length === 0 && !isUncommitted && <li class="muted">Git does not have this file: it is local.</li>}
            {commits.map(({ id: commit, author, at, summary, status, rows }) => (
              <li key={commit}>
                <div>
                  <code>{short(commit)}</code> {words[status]}: {summary}{' '}
                  <span class="muted small">
                    {author}, <When at={at} />
                  </span>
                </div>
                <Changes of={{ commit }} summary="The code that came with it" />
                {rows.length > 0 && <Diff rows={rows} label={`What ${short(commit)} changed`} />}
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </section>
  );
}

function Raw({ text, path }: { text: string; path: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="cite" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        The file <code>{path}</code>
      </summary>
      {isOpen && (
        <pre class="raw" tabIndex={0} aria-label="The file as it stands">
          {text}
        </pre>
      )}
    </details>
  );
}
