// What a commit or a range changed, asked for when it is opened.
import { useState } from 'preact/hooks';
import type { ChangesAnswer, CommitAnswer } from '../../wire.ts';
import { useAsk } from '../store/use-answer.ts';
import { plural, short } from '../store/format.ts';
import { Diff } from './diff.tsx';
import { When } from './record-row.tsx';
import { Answer } from './states.tsx';

interface Which {
  /** A full id; or a range with `path`. */
  commit?: string;
  range?: string;
  path?: string;
}

export function Changes({ of, summary }: { of: Which; summary: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="changes" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="small">{summary}</summary>
      {isOpen && <Open {...of} />}
    </details>
  );
}

function Open({ commit, range, path }: Which) {
  const asked = useAsk<ChangesAnswer>(
    commit === undefined ? '/api/hunks' : `/api/commit/${commit}`,
    { ...(range !== undefined && { range }), ...(path !== undefined && { path }) },
    { isLive: false },
  );
  return (
    <Answer asked={asked} what="Asking git">
      {({ files, isCut }) => (
        <>
          {files.length === 0 && <p class="muted small">Nothing of it differs.</p>}
          {files.map((file) => (
            <FileChange key={file.path} {...file} />
          ))}
          {isCut && <p class="muted small">More files changed than are shown.</p>}
        </>
      )}
    </Answer>
  );
}

const words = { A: 'new', M: '', D: 'deleted', R: 'renamed' } as const;

export function FileChange({ path, from, status, rows, isCut }: ChangesAnswer['files'][number]) {
  const note = from === undefined ? words[status] : `was ${from}`;
  return (
    <div class="file-change">
      <p class="small">
        <code>{path}</code> {note && <span class="muted">{note}</span>}
      </p>
      {rows.length > 0 && <Diff rows={rows} label={`What changed in ${path}`} />}
      {isCut && <p class="muted small">Cut: it changed more lines than are shown.</p>}
    </div>
  );
}

export function Commit({ commit }: { commit: CommitAnswer }) {
  return (
    <>
      <code>{short(commit.id)}</code> {commit.summary}{' '}
      <span class="muted small">
        {commit.author}, <When at={commit.at} />
      </span>
    </>
  );
}

export function filesSummary(count: number): string {
  return `What changed in ${plural(count, 'file')}`;
}
