// What came from elsewhere and nobody reviewed: named by its path, its text behind a click, as plain text.
import { useState } from 'preact/hooks';
import { Answer, Empty } from '../parts/states.tsx';
import { get } from '../store/api.ts';
import { useAsk } from '../store/use-answer.ts';
import { plural } from '../store/format.ts';
import { change, isWritable, sayError } from '../store/memory-state.ts';

interface Untrusted {
  untrusted: { name: string; path: string; blob: string }[];
}

export function View() {
  const asked = useAsk<Untrusted>('/api/trust');
  const trust = (chosen: Untrusted['untrusted']): Promise<unknown> =>
    change(
      '/api/trust',
      { names: chosen.map(({ path }) => path), expect: chosen.map(({ blob }) => blob) },
      `Trusted: ${plural(chosen.length, 'file')}, these very bytes on this machine.`,
    );
  return (
    <div class="page">
      <h1>Trust</h1>
      <p class="muted">
        Records, settings and modes from elsewhere that are not on the default branch. They have no effect, and their
        text is shown to no session; to you here, on a click, and in a review. Trusting one is for these very bytes, on
        this machine alone.
      </p>
      <Answer asked={asked} what="Reading">
        {({ untrusted }) =>
          untrusted.length === 0 ? (
            <Empty title="Nothing here is untrusted" />
          ) : (
            <>
              <ul class="findings">
                {/* By its blob, too: of other bytes the text has to be shown anew. */}
                {untrusted.map((one) => (
                  <Foreign key={`${one.path} ${one.blob}`} path={one.path} onTrust={() => void trust([one])} />
                ))}
              </ul>
              {untrusted.length > 1 && (
                <button type="button" disabled={!isWritable()} onClick={() => void trust(untrusted)}>
                  Trust all {untrusted.length}
                </button>
              )}
            </>
          )
        }
      </Answer>
    </div>
  );
}

function Foreign({ path, onTrust }: { path: string; onTrust(): void }) {
  const [text, setText] = useState<string>();
  return (
    <li class="finding">
      <div class="finding-head">
        <code class="grow">{path}</code>
        <button
          type="button"
          onClick={() =>
            text === undefined
              ? get<{ text: string }>('/api/trust/text', { path }).then((answer) => setText(answer.text), sayError)
              : setText(undefined)
          }
        >
          {text === undefined ? 'Show its text' : 'Hide its text'}
        </button>
        <button type="button" disabled={!isWritable()} onClick={onTrust}>
          Trust
        </button>
      </div>
      {text !== undefined && (
        <pre class="raw" tabIndex={0} aria-label="Text from elsewhere">
          {text}
        </pre>
      )}
    </li>
  );
}
