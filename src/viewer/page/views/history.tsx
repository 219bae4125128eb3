// The memory through time: its history by commit, as it stood at a revision, how two revisions differ.
import { useEffect, useState } from 'preact/hooks';
import type { CommitAnswer } from '../../wire.ts';
import { Changes as FileChanges, Commit } from '../parts/changes.tsx';
import { TypeIcon, When } from '../parts/record-row.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { useAsk } from '../store/use-answer.ts';
import { number, plural, short } from '../store/format.ts';
import { path, go, href } from '../store/address.ts';

interface Change {
  what: 'added' | 'superseding' | 'tombstone' | 'edited' | 'renamed' | 'removed';
  id: string;
  type: string;
  title: string;
  trust?: string;
  bytes: number;
  supersedes?: string[];
  forgets?: string[];
}

interface Logged {
  commits: (CommitAnswer & { records: Change[]; files: string[] })[];
}

export interface Differs {
  from: CommitAnswer;
  to?: CommitAnswer;
  records: Change[];
  files: string[];
}

interface Past {
  commit: CommitAnswer;
  results: { id: string; type: string; title: string; created: string; tokens: number; trust: string }[];
}

export function View({ rest }: { rest: string }) {
  const [, kind = ''] = path.value.split('/');
  const asked = rest.replace(/^\//, '');
  if (kind === 'log') return <Log />;
  if (kind === 'diff') return <Diff key={asked} range={asked} />;
  return <At key={asked} rev={asked || 'HEAD'} />;
}

const signs = { added: '+', superseding: '+', tombstone: '†', edited: '~', renamed: '→', removed: '−' } as const;

export function Changes({ records }: { records: readonly Change[] }) {
  return (
    <ul class="plain">
      {records.map(({ what, id, type, title, trust, supersedes, forgets }) => (
        <li key={`${what}${id}`} class={`change ${what}`}>
          <span class="sign" title={what}>
            {signs[what]}
            <span class="unseen">{what}</span>
          </span>
          <TypeIcon type={type} />
          <span>
            {trust === 'foreign' ? (
              <span class="muted">{id}, unreviewed, not shown</span>
            ) : what === 'removed' || what === 'tombstone' ? (
              title || `forgets ${(forgets ?? []).join(', ')}`
            ) : (
              <a href={href(`/o/${encodeURIComponent(id)}`)}>{title}</a>
            )}
            {supersedes && <span class="muted small"> supersedes {supersedes.join(', ')}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Log() {
  const [limit, setLimit] = useState(50);
  const asked = useAsk<Logged>('/api/log', { limit });
  return (
    <div class="page">
      <h1>Log</h1>
      <p class="muted">Commits that touched the memory, newest first.</p>
      <Answer asked={asked} what="Walking the history">
        {({ commits }) =>
          commits.length === 0 ? (
            <Empty title="No commit has touched the memory yet" />
          ) : (
            <>
              <ol class="timeline">
                {commits.map((commit) => (
                  <li key={commit.id}>
                    <Commit commit={commit} />{' '}
                    <a class="small" href={href(`/at/${commit.id}`)}>
                      at this commit<span class="unseen"> {short(commit.id)}</span>
                    </a>
                    {commit.records.length > 12 ? (
                      <details>
                        <summary class="small">{plural(commit.records.length, 'record')}</summary>
                        <Changes records={commit.records} />
                      </details>
                    ) : (
                      <Changes records={commit.records} />
                    )}
                    {commit.files.length > 0 && <p class="muted small">{commit.files.join(', ')}</p>}
                    <FileChanges of={{ commit: commit.id }} summary="What else it changed" />
                  </li>
                ))}
              </ol>
              {commits.length >= limit && (
                <button type="button" onClick={() => setLimit(limit * 4)}>
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

function Diff({ range }: { range: string }) {
  const [draft, setDraft] = useState(range);
  const asked = useAsk<Differs>('/api/diff', { range });
  return (
    <div class="page">
      <h1>Diff</h1>
      <form
        class="search-line"
        onSubmit={(event) => {
          event.preventDefault();
          go(draft.trim() ? `/diff/${encodeURIComponent(draft.trim())}` : '/diff');
        }}
      >
        <input
          type="text"
          aria-label="The range"
          placeholder="what this branch adds; or v1.0..HEAD"
          value={draft}
          onInput={(event) => setDraft(event.currentTarget.value)}
        />
        <button type="submit">Compare</button>
      </form>
      <Answer asked={asked} what="Comparing">
        {({ from, to, records, files }) => (
          <>
            <p>
              <Commit commit={from} /> → {to ? <Commit commit={to} /> : 'the working tree'}
            </p>
            {records.length === 0 && <Empty title="No record differs" />}
            <Changes records={records} />
            {files.length > 0 && <p class="muted small">{files.join(', ')}</p>}
          </>
        )}
      </Answer>
    </div>
  );
}

const pastLimit = 2000;

function At({ rev }: { rev: string }) {
  const asked = useAsk<Past>(`/api/at/${encodeURIComponent(rev)}`, { limit: pastLimit });
  const log = useAsk<Logged>('/api/log', { limit: 200 });
  const commits = log.value?.commits.toReversed() ?? [];
  const id = asked.value?.commit.id;
  const at = commits.findIndex((commit) => commit.id === id);
  const [place, setPlace] = useState(-1);
  useEffect(() => setPlace(at), [at]);
  return (
    <div class="page">
      <h1>At {/^[0-9a-f]{40}/.test(rev) ? short(rev) : rev}</h1>
      <p class="muted">The shared records as a commit has them, read from git: nothing is checked out.</p>
      {commits.length > 1 && (
        <label class="slider">
          <span>Commits that touched the memory, oldest left</span>
          <input
            type="range"
            min={0}
            max={commits.length - 1}
            value={place < 0 ? commits.length - 1 : place}
            onInput={(event) => setPlace(Number(event.currentTarget.value))}
            onChange={(event) => {
              const commit = commits[Number(event.currentTarget.value)];
              if (commit) go(`/at/${commit.id}`);
            }}
          />
          <span class="small muted">{commits[place]?.summary ?? ''}</span>
        </label>
      )}
      <Answer asked={asked} what="Reading the memory of that time">
        {({ commit, results }) => (
          <>
            <p>
              <Commit commit={commit} /> · <a href={href(`/diff/${commit.id}..HEAD`)}>what came since</a>
            </p>
            {results.length === 0 ? (
              <Empty title="The memory had no shared record then" />
            ) : (
              <p class="muted small">
                {plural(results.length, 'record')}
                {results.length === pastLimit && ', the newest; older ones are not listed'}
              </p>
            )}
            <ul class="plain">
              {results.map(({ id: record, type, title, created, tokens, trust }) => (
                <li key={record} class="change">
                  <TypeIcon type={type} />
                  <span>
                    {trust === 'foreign' ? (
                      <span class="muted">{record}, unreviewed, not shown</span>
                    ) : (
                      <a href={href(`/o/${encodeURIComponent(record)}`)}>{title}</a>
                    )}{' '}
                    <span class="muted small">
                      <When at={created} /> · ~{number(tokens)}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </div>
  );
}
