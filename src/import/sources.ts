// The sources, loaded when they are asked for.
import type { Source } from './source.ts';

const loaders = {
  'claude-mem': () => import('./sources/claude-mem.ts'),
  sessions: () => import('./sources/sessions.ts'),
  git: () => import('./sources/git.ts'),
  adr: () => import('./sources/adr.ts'),
  kage: () => import('./sources/kage.ts'),
  cline: () => import('./sources/cline.ts'),
  serena: () => import('./sources/serena.ts'),
  'basic-memory': () => import('./sources/basic-memory.ts'),
  beads: () => import('./sources/beads.ts'),
  'auto-memory': () => import('./sources/auto-memory.ts'),
  codex: () => import('./sources/codex.ts'),
  'agents-remember': () => import('./sources/agents-remember.ts'),
  mem0: () => import('./sources/mem0.ts'),
  memorix: () => import('./sources/memorix.ts'),
  repomem: () => import('./sources/repomem.ts'),
  instructions: () => import('./sources/instructions.ts'),
} satisfies Record<string, () => Promise<{ source: Source }>>;

export type SourceName = keyof typeof loaders;

export const sourceNames = Object.keys(loaders) as SourceName[];

export function isSourceName(name: string): name is SourceName {
  return Object.hasOwn(loaders, name);
}

export async function loadSource(name: SourceName): Promise<Source> {
  return (await loaders[name]()).source;
}
