// Why a file is as it is: its lines, the records that cite each place, the commits behind them.
import { useEffect, useState } from 'preact/hooks';
import type { CommitAnswer, Facets } from '../../wire.ts';
import { TypeIcon, When } from '../parts/record-row.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { plural, short } from '../store/format.ts';
import { go, href, query, withParams } from '../store/address.ts';

interface Cited {
  id: string;
  type: string;
  title: string;
  description: string;
  trust: string;
  lines?: [number, number];
  freshness: string;
  isActive: boolean;
  added?: CommitAnswer;
}

interface Explained {
  path: string;
  line?: number;
  records: Cited[];
  blame?: { commit?: CommitAnswer; path: string; line: number; text: string };
  commits: (CommitAnswer & { merge?: string; records: Cited[]; gone: string[] })[];
  lines?: string[];
}

export function View({ rest }: { rest: string }) {
  const path = rest.replace(/^\//, '');
  return path === '' ? <Index /> : <Why key={path} path={path} />;
}

function Index() {
  const asked = useAsk<Facets>('/api/facets');
  const [text, setText] = useState('');
  return (
    <div class="page">
      <h1>Files</h1>
      <p class="muted">Files that records speak of. Any other path of the repository works, too.</p>
      <form
        class="search-line"
        onSubmit={(event) => {
          event.preventDefault();
          const [, path = '', line = ''] = /^(.*?)(?::(\d+))?$/.exec(text.trim()) ?? [];
          if (path) go(`/f/${path.split('/').map(encodeURIComponent).join('/')}${line ? `?line=${line}` : ''}`);
        }}
      >
        <input
          type="text"
          aria-label="A path, or a path with a line"
          placeholder="src/main.ts:12"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit">Why?</button>
      </form>
      <Answer asked={asked} what="Reading">
        {({ files }) =>
          files.length === 0 ? (
            <Empty title="No record cites a file yet" />
          ) : (
            <ul class="plain files">
              {files.length === 200 && <li class="muted small">The two hundred that most records cite</li>}
              {files
                .filter(([path]) => path.toLowerCase().includes(text.toLowerCase().replace(/:\d*$/, '')))
                .map(([path, count]) => (
                  <li key={path}>
                    <a href={href(`/f/${path.split('/').map(encodeURIComponent).join('/')}`)}>
                      <code>{path}</code>
                    </a>{' '}
                    <span class="muted small">{plural(count, 'record')}</span>
                  </li>
                ))}
            </ul>
          )
        }
      </Answer>
    </div>
  );
}

function Why({ path }: { path: string }) {
  const line = query.value.get('line') ?? '';
  const asked = useAsk<Explained>('/api/why', { path, line });
  useEffect(() => {
    document.title = `${path} · repomem`;
  }, [path]);
  useEffect(() => {
    if (line) document.getElementById(`line-${line}`)?.scrollIntoView({ block: 'center' });
  }, [line, asked.value !== undefined]);
  return (
    <div class="page wide">
      <h1 class="path">
        {path}
        {line && <span class="muted">:{line}</span>}
      </h1>
      <Answer asked={asked} what="Asking git">
        {(explained) => (
          <div class={explained.lines ? 'why' : ''}>
            {explained.lines && <Lines lines={explained.lines} records={explained.records} chosen={Number(line)} />}
            <div>
              {explained.blame && (
                <p class="small">
                  {explained.blame.commit ? (
                    <>
                      Line {line} came with <code>{short(explained.blame.commit.id)}</code>{' '}
                      {explained.blame.commit.summary} ({explained.blame.commit.author},{' '}
                      <When at={explained.blame.commit.at} />)
                    </>
                  ) : (
                    'The line is not committed yet.'
                  )}
                </p>
              )}
              {line && (
                <p class="small">
                  <a href={href(withParams({ line: '' }))}>The whole file</a>
                </p>
              )}
              <h2>Records that cite it</h2>
              {explained.records.length === 0 && <p class="muted">None.</p>}
              {explained.records.map((record) => (
                <Citing key={record.id} record={record} />
              ))}
              {explained.commits.map(({ id, summary, author, at, records, gone }) => (
                <section key={id}>
                  <h2>
                    <code>{short(id)}</code> {summary}
                  </h2>
                  <p class="muted small">
                    {author}, <When at={at} />
                  </p>
                  {records.map((record) => (
                    <Citing key={record.id} record={record} />
                  ))}
                  {records.length === 0 && gone.length === 0 && <p class="muted small">No record came with it.</p>}
                  {gone.map((name) => (
                    <p key={name} class="muted small">
                      {name} (not here any more)
                    </p>
                  ))}
                </section>
              ))}
            </div>
          </div>
        )}
      </Answer>
    </div>
  );
}

function Citing({ record }: { record: Cited }) {
  const { id, type, title, description, trust, lines, freshness, isActive } = record;
  if (trust === 'foreign')
    return (
      <p class="small">
        {id} <span class="tag warn">unreviewed, not shown</span>
      </p>
    );
  return (
    <div class="hit">
      <TypeIcon type={type} />
      <div>
        <a href={href(`/o/${encodeURIComponent(id)}`)}>{title}</a>
        <div class="muted small">
          {description} {lines && `lines ${lines.join('-')}`} {freshness && freshness !== 'fresh' && freshness}{' '}
          {isActive === false && 'superseded'}
        </div>
      </div>
    </div>
  );
}

function Lines({ lines, records, chosen }: { lines: readonly string[]; records: readonly Cited[]; chosen: number }) {
  const cited = (at: number): Cited | undefined =>
    records.find(({ lines: place, isActive }) => isActive && place && place[0] <= at && at <= place[1]);
  return (
    <div class="diff source" tabIndex={0} role="region" aria-label="The file, line by line">
      <table>
        <tbody>
          {lines.map((text, index) => {
            const at = index + 1;
            const by = cited(at);
            return (
              <tr key={at} id={`line-${at}`} class={at === chosen ? 'chosen' : by ? 'cited' : ''}>
                <td class="no">
                  <a href={href(withParams({ line: String(at) }))} aria-label={`Why line ${at}`}>
                    {at}
                  </a>
                </td>
                <td class="code">{text}</td>
                <td class="by">
                  {by && by.lines?.[0] === at && (
                    <a href={href(`/o/${encodeURIComponent(by.id)}`)} title={by.title}>
                      {by.id}
                    </a>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
