// Contents and setup of the memory, from one read.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readPauses } from '../capture/pauses.ts';
import { listSpool } from '../capture/spool.ts';
import { tokensOf } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import type { Problem } from '../domain/record.ts';
import { reviewsAnything } from '../git/state/reviewed-trees.ts';
import { isDirty } from '../git/state/snapshot.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { buildBlock } from '../recall/block.ts';
import type { Memory } from '../memory/open.ts';
import { consentHint, isAnswered } from '../learn/consent.ts';
import { countWaitingSessions } from '../learn/waiting-sessions.ts';
import { readRecordSet } from '../memory/records.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import { checkGitHooks } from './git-hooks.ts';

export interface MemoryStatus {
  root: string;
  records: Record<'shared' | 'local' | 'sessions' | 'forgotten' | 'foreign' | 'elsewhere' | 'uncommitted', number>;
  context: { tokens: number; shown: number; total: number };
  spool: { events: number; dead: number };
  /** `hint`: how to enable a model, if the user was never asked. `waiting`: number of sessions not yet processed by a model. */
  provider: { name: string; why: string; hint?: string; waiting: number };
  git: { branch?: string; head?: string; defaultRef?: string; chosenBy: string };
  /** Whether git's pre-commit hook takes records along; absent without git. `replaced`: it was installed, and another program took its place. */
  gitHooks?: 'installed' | 'replaced' | 'none';
  /** Open ones: without a session it is all of this repository. */
  pauses: { session?: string; from: string }[];
  problems: readonly Problem[];
}

export async function memoryStatus(memory: Memory): Promise<MemoryStatus> {
  const { paths, snapshot } = memory;
  const recordSet = await readRecordSet(memory);
  const count = (passes: (one: (typeof recordSet.assessed)[number]) => boolean): number =>
    recordSet.assessed.filter(passes).length;
  const block = await buildBlock(memory, {}, recordSet);
  const { name, why, pause } = pickProvider(memory);
  return {
    root: paths.root,
    records: {
      shared: count(({ excerpt }) => excerpt.tier === 'shared' && excerpt.type !== 'tombstone'),
      local: count(
        ({ excerpt }) => excerpt.tier === 'local' && excerpt.type !== 'tombstone' && excerpt.type !== 'session',
      ),
      sessions: count(({ excerpt }) => excerpt.type === 'session'),
      forgotten: count(({ excerpt }) => excerpt.type === 'tombstone'),
      foreign: count(({ trust }) => trust === 'foreign'),
      elsewhere: count(({ isHere }) => !isHere),
      uncommitted: count(
        ({ excerpt }) => excerpt.tier === 'shared' && isDirty(snapshot, repositoryPath(excerpt, snapshot)),
      ),
    },
    context: { tokens: tokensOf(block.text), shown: block.shown, total: block.total },
    spool: { events: listSpool(paths).length, dead: countFiles(join(paths.spoolDir, 'dead')) },
    provider: {
      name,
      why: pause === undefined ? why : `${why}; the rules for now: ${pause}`,
      ...(name === 'extractive' && !isAnswered(memory.sources) ? { hint: consentHint } : {}),
      waiting: countWaitingSessions(memory),
    },
    git: {
      ...(snapshot.branch && { branch: snapshot.branch }),
      ...(snapshot.head && { head: snapshot.head }),
      ...(snapshot.defaultRef && reviewsAnything(snapshot) && { defaultRef: snapshot.defaultRef }),
      chosenBy: snapshot.defaultChosenBy,
    },
    ...(paths.worktree !== undefined && { gitHooks: gitHooksOf(paths) }),
    pauses: readPauses(paths).filter(({ to }) => to === undefined),
    problems: [...memory.problems, ...recordSet.problems],
  };
}

function gitHooksOf(paths: MemoryPaths): MemoryStatus['gitHooks'] {
  const state = checkGitHooks(paths);
  return state === undefined ? 'none' : state.isRun ? 'installed' : 'replaced';
}

export function countFiles(folder: string): number {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.reason')).length;
  } catch {
    return 0;
  }
}
