// Pages that are opened seldom, in one script: together they pack to three quarters of what they take one by one.
import type { ComponentType } from 'preact';
import { View as Files } from './files.tsx';
import { View as Fresh } from './fresh.tsx';
import { View as History } from './history.tsx';
import { View as More } from './more.tsx';
import { View as Sessions } from './sessions.tsx';
import { View as Settings } from './settings.tsx';
import { View as Stats } from './stats.tsx';
import { View as Trust } from './trust.tsx';

export const seldom = {
  files: Files,
  fresh: Fresh,
  history: History,
  more: More,
  sessions: Sessions,
  settings: Settings,
  stats: Stats,
  trust: Trust,
} satisfies Record<string, ComponentType<{ rest: string }>>;
