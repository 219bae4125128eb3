// The frame around every view: where one is, where one can go, what was just done.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Header, Sidebar } from './parts/shell.tsx';
import { Band, Toasts } from './parts/notices.tsx';
import { Failure } from './parts/states.tsx';
import { Help, Palette } from './parts/palette.tsx';
import { path } from './store/address.ts';
import { announcement } from './store/memory-state.ts';
import { Stream } from './views/stream.tsx';

interface ViewModule {
  View: ComponentType<{ rest: string }>;
}

const seldom = (name: keyof typeof import('./views/seldom.ts').seldom) => async (): Promise<ViewModule> => ({
  View: (await import('./views/seldom.ts')).seldom[name],
});

/** The first whose beginning fits; `rest` is what stands behind it. */
const views: readonly (readonly [start: string, title: string, load: () => Promise<ViewModule>])[] = [
  ['/o/', 'Record', () => import('./views/record.tsx')],
  ['/search', 'Search', () => import('./views/search.tsx')],
  ['/context', 'Next session', () => import('./views/context.tsx')],
  ['/settings', 'Settings', seldom('settings')],
  ['/review', 'Review', () => import('./views/review.tsx')],
  ['/fresh', 'Freshness', seldom('fresh')],
  ['/trust', 'Trust', seldom('trust')],
  ['/s', 'Sessions', seldom('sessions')],
  ['/f', 'Files', seldom('files')],
  ['/log', 'Log', seldom('history')],
  ['/diff', 'Diff', seldom('history')],
  ['/at', 'At a revision', seldom('history')],
  ['/stats', 'Stats', seldom('stats')],
  ['/problems', 'Problems', seldom('more')],
  ['/branches', 'Branches', seldom('more')],
  ['/api', 'The HTTP API', seldom('more')],
];

export function App() {
  const here = path.value;
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Sidebar />
      <div class="frame">
        <Header />
        <Band />
        <main id="main" tabIndex={0}>
          {here === '/' ? <Stream /> : <Lazy key={here} here={here} />}
        </main>
      </div>
      <Toasts />
      <Palette />
      <Help />
      <div class="unseen" aria-live="polite">
        {announcement.value}
      </div>
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.querySelector('main')?.focus();
}

function Lazy({ here }: { here: string }) {
  const found = views.find(([start]) => here === start || here.startsWith(start.endsWith('/') ? start : `${start}/`));
  const [loaded, setLoaded] = useState<{ View: ViewModule['View'] } | { error: Error }>();
  useEffect(() => {
    document.title = `${found?.[1] ?? 'Not found'} · repomem`;
    found?.[2]().then(
      (module) => setLoaded({ View: module.View }),
      (error: Error) => setLoaded({ error }),
    );
  }, [found]);
  if (!found)
    return (
      <div class="page">
        <h1>There is no such page</h1>
        <p>
          Nothing stands at <code>{here}</code>. <a href="/">The stream</a> shows every record.
        </p>
      </div>
    );
  if (!loaded) return <div class="page" aria-busy="true" />;
  if ('error' in loaded) return <Failure error={loaded.error} />;
  const { View } = loaded;
  return <View rest={decode(here.slice(found[0].length))} />;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
