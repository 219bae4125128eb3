// The sources, loaded when they are asked for.
import type { Source, SourceName } from './source.ts';

const loaders = {
  'claude-mem': () => import('./sources/claude-mem.ts'),
  sessions: () => import('./sources/sessions.ts'),
  git: () => import('./sources/git.ts'),
} satisfies Record<SourceName, () => Promise<{ source: Source }>>;

export async function loadSource(name: SourceName): Promise<Source> {
  return (await loaders[name]()).source;
}
