// Pages that are a list: what is wrong, what waits on other branches, what the server answers to.
import type { Line } from '../../wire.ts';
import { Answer } from '../parts/states.tsx';
import { get } from '../store/api.ts';
import { useAsk } from '../store/use-answer.ts';
import { path } from '../store/address.ts';
import { change, isWritable, sayError } from '../store/memory-state.ts';
import { Changes, type Differs } from './history.tsx';

export function View() {
  const [, kind = ''] = path.value.split('/');
  if (kind === 'branches') return <Branches />;
  if (kind === 'api') return <Api />;
  return <Problems />;
}

interface Problem {
  doctor: { findings: { level: string; what: string; cure?: string }[] };
  lint: {
    findings: { severity: string; path: string; line?: number; reason: string; cure: string }[];
    checked: number;
  };
}

function Problems() {
  const asked = useAsk<Problem>('/api/problems');
  return (
    <div class="page">
      <h1>Problems</h1>
      <p class="muted">
        What <code>repomem doctor</code> and <code>repomem lint</code> say.
      </p>
      <Answer asked={asked} what="Looking at the installation and every record">
        {({ doctor, lint }) => (
          <>
            <section>
              <h2>Doctor</h2>
              <ul class="findings">
                {doctor.findings.map(({ level, what, cure }) => (
                  <li key={what} class="finding">
                    <span class={level === 'ok' ? 'tag good' : level === 'note' ? 'tag' : 'tag bad'}>{level}</span>{' '}
                    {what}
                    {cure && <p class="muted small">{cure}</p>}
                  </li>
                ))}
              </ul>
            </section>
            <section>
              <h2>Lint</h2>
              {lint.findings.length === 0 && <p class="muted">{lint.checked} files checked, nothing found.</p>}
              <ul class="findings">
                {lint.findings.map(({ severity, path: file, line, reason, cure }) => (
                  <li key={`${file}${line ?? ''}${reason}`} class="finding">
                    <span class={severity === 'error' ? 'tag bad' : 'tag warn'}>{severity}</span>{' '}
                    <code>
                      {file}
                      {line === undefined ? '' : `:${line}`}
                    </code>{' '}
                    {reason}
                    <p class="muted small">{cure}</p>
                  </li>
                ))}
              </ul>
            </section>
          </>
        )}
      </Answer>
    </div>
  );
}

interface Elsewhere {
  elsewhere: { id: string; title: string; branch?: string; tier: string }[];
}

function Branches() {
  const asked = useAsk<Elsewhere>('/api/branches');
  const adopt = async (id: string): Promise<void> => {
    try {
      const { blob } = await get<{ blob: string; line: Line }>(`/api/record/${encodeURIComponent(id)}`);
      await change(
        `/api/record/${encodeURIComponent(id)}/adopt`,
        { expect: blob },
        'Adopted: it belongs to this branch, too.',
      );
    } catch (error) {
      sayError(error);
    }
  };
  const added = useAsk<Pick<Differs, 'records'>>('/api/diff');
  return (
    <div class="page">
      <h1>Branches</h1>
      <Answer asked={asked} what="Reading">
        {({ elsewhere }) => (
          <section>
            <h2>Waiting on other branches</h2>
            {elsewhere.length === 0 && <p class="muted">None: every record belongs to this branch.</p>}
            <ul class="findings">
              {elsewhere.map(({ id, title, branch }) => (
                <li key={id} class="finding">
                  <div class="finding-head">
                    <span class="grow">
                      {title} <span class="muted small">{branch ?? '?'}</span>
                    </span>
                    <button type="button" disabled={!isWritable()} onClick={() => void adopt(id)}>
                      Adopt
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )}
      </Answer>
      <section>
        <h2>What this branch adds, not reviewed yet</h2>
        {added.value?.records.length === 0 && <p class="muted">Nothing.</p>}
        <Changes records={added.value?.records ?? []} />
        <p class="muted small">
          <code>repomem stage</code> puts this branch’s records into git’s index; nothing is staged from here.
        </p>
      </section>
    </div>
  );
}

interface Help {
  authorization: string;
  schema: string;
  endpoints: { method: string; path: string; about: string; takes?: Record<string, string> }[];
}

function Api() {
  const asked = useAsk<Help>('/api/help', {}, { isLive: false });
  return (
    <div class="page">
      <h1>The HTTP API</h1>
      <Answer asked={asked} what="Reading">
        {({ authorization, schema, endpoints }) => (
          <>
            <p class="muted">
              {authorization}. Shapes: <code>{schema}</code>.
            </p>
            <ul class="findings">
              {endpoints.map(({ method, path: to, about, takes = {} }) => (
                <li key={`${method}${to}`} class="finding">
                  <code>
                    {method} {to}
                  </code>
                  <p class="small">{about}</p>
                  {Object.keys(takes).length > 0 && (
                    <p class="muted small">
                      {Object.entries(takes)
                        .map(([name, what]) => (what ? `${name}: ${what}` : name))
                        .join(' · ')}
                    </p>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </div>
  );
}
