// Contents and setup of the memory, from one read.
import { join } from 'node:path';
import { readPauses } from '../capture/pauses.ts';
import { listSpool } from '../capture/spool.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { reviewsAnything } from '../git/state/reviewed-trees.ts';
import { isAmong } from '../git/state/snapshot.ts';
import { consentHint, isAnswered } from '../learn/consent.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import { countWaitingSessions } from '../learn/waiting-sessions.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet, type AssessedRecord } from '../memory/records.ts';
import { buildBlock } from '../recall/block.ts';
import { namesIn } from '../store/lenient-files.ts';
import { checkGitHooks } from './git-hooks.ts';

export async function memoryStatus(memory: Memory) {
  const { paths, snapshot } = memory;
  const { branch, head, defaultRef, defaultChosenBy } = snapshot;
  const recordSet = await readRecordSet(memory);
  const count = (passes: (one: AssessedRecord) => boolean): number => recordSet.assessed.filter(passes).length;
  const { text, shown, total } = await buildBlock(memory, {}, recordSet);
  const { name, why, pause } = pickProvider(memory);
  const hooks = checkGitHooks(paths);
  return {
    root: paths.root,
    records: {
      shared: count(({ excerpt: { tier, type } }) => tier === 'shared' && type !== 'tombstone'),
      local: count(({ excerpt: { tier, type } }) => tier === 'local' && type !== 'tombstone' && type !== 'session'),
      sessions: count(({ excerpt }) => excerpt.type === 'session'),
      forgotten: count(({ excerpt }) => excerpt.type === 'tombstone'),
      foreign: count(({ trust }) => trust === 'foreign'),
      elsewhere: count(({ isHere }) => !isHere),
      uncommitted: count(
        ({ excerpt }) => excerpt.tier === 'shared' && isAmong(snapshot.dirty, repositoryPath(excerpt, snapshot)),
      ),
    },
    context: { tokens: tokensOf(text), shown, total },
    spool: { events: listSpool(paths).length, dead: countFiles(join(paths.spoolDir, 'dead')) },
    provider: {
      name,
      why: pause === undefined ? why : `${why}; the rules for now: ${pause}`,
      /** How to enable a model, if the user was never asked. */
      hint: name === 'extractive' && !isAnswered(memory.sources) ? consentHint : undefined,
      /** Sessions not yet processed by a model. */
      waiting: countWaitingSessions(memory),
    },
    git: {
      branch,
      head,
      defaultRef: defaultRef && reviewsAnything(snapshot) ? defaultRef : undefined,
      chosenBy: defaultChosenBy,
    },
    /** Whether git's pre-commit hook takes records along; absent without git. `replaced`: another program took its place. */
    gitHooks:
      paths.worktree === undefined
        ? undefined
        : hooks === undefined
          ? ('none' as const)
          : hooks.isRun
            ? ('installed' as const)
            : ('replaced' as const),
    /** Open ones: without a session it is all of this repository. */
    pauses: readPauses(paths).filter(({ to }) => to === undefined),
    problems: [...memory.problems, ...recordSet.problems],
  };
}

/** Without the reasons that stand beside files; 0 for a folder that is not there. */
export function countFiles(folder: string): number {
  return namesIn(folder).filter((name) => !name.endsWith('.reason')).length;
}
