// The memory as one file to hand on: the same records without a server, to read and to search.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ExportedMemory, ExportedRecord } from '../wire.ts';
import { Markdown } from './parts/markdown.tsx';
import { Facts, TypeIcon, When } from './parts/record-row.tsx';
import { plural } from './store/format.ts';

const shownAtMost = 300;

async function read(): Promise<ExportedMemory> {
  const packed = Uint8Array.from(atob(document.querySelector('#data')?.textContent?.trim() ?? ''), (one) =>
    one.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(stream).json()) as ExportedMemory;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function All({ memory }: { memory: ExportedMemory }) {
  const [text, setText] = useState('');
  const [id, setId] = useState(location.hash.slice(1));
  useEffect(() => {
    const follow = (): void => {
      setId(location.hash.slice(1));
      scrollTo(0, 0);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const words = wordsOf(text);
  const found = memory.records.filter(({ search }) => words.every((word) => search.includes(word)));
  const open = memory.records.find((record) => record.id === id);
  return (
    <main class="page" tabIndex={0}>
      {open ? (
        <One record={open} known={new Set(memory.records.map((record) => record.id))} />
      ) : (
        <>
          <h1>The memory of {memory.name}</h1>
          <p class="muted">
            {plural(memory.records.length, 'record')} that are shared and stand, as of <When at={memory.at} />
            {memory.head && (
              <>
                {' '}
                at <code>{memory.head.slice(0, 10)}</code>
              </>
            )}
            .
          </p>
          <p class="search-line">
            <input
              type="search"
              aria-label="Words that a record must hold"
              placeholder="Search"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </p>
          <p class="muted small" aria-live="polite">
            {text && plural(found.length, 'hit')}
          </p>
          <ol class="hits">
            {found.slice(0, shownAtMost).map((record) => (
              <li key={record.id} class="hit">
                <TypeIcon type={record.type} />
                <div>
                  <a href={`#${record.id}`}>{record.title}</a>
                  <div class="muted small">
                    {record.gist} {record.created.slice(0, 10)}
                  </div>
                </div>
              </li>
            ))}
          </ol>
          {found.length > shownAtMost && <p class="muted">The first {shownAtMost}: search for the others.</p>}
        </>
      )}
    </main>
  );
}

function One({ record, known }: { record: ExportedRecord; known: ReadonlySet<string> }) {
  const { id, type, title, gist, created, body, cites, branch, concepts } = record;
  return (
    <article
      class="record"
      onClick={(event) => {
        const to = (event.target as Element).closest('a')?.getAttribute('href');
        const linked = /^\/o\/(.+)$/.exec(to ?? '')?.[1];
        if (linked === undefined) return;
        event.preventDefault();
        if (known.has(linked)) location.hash = linked;
      }}
    >
      <p class="small">
        <a href="#">All records</a>
      </p>
      <div class="overline">
        <TypeIcon type={type} /> {type} · <code>{id}</code> · <When at={created} />
      </div>
      <h1>{title}</h1>
      {gist && <p class="lead">{gist}</p>}
      <Markdown nodes={body} />
      <dl class="facts">
        <Facts
          rows={[
            ['Cites', cites.join(', ')],
            ['Branch', branch ?? ''],
            ['Concepts', concepts.join(', ')],
          ]}
        />
      </dl>
    </article>
  );
}

void read().then((memory) => {
  document.title = `The memory of ${memory.name}`;
  const root = document.querySelector('#app');
  if (root) render(<All memory={memory} />, root);
});
