// The memory of a kept sight: neither git nor the ledger is asked before somebody needs them.
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { once } from '../domain/once.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readLedger } from '../git/state/ledger.ts';
import { takeSnapshot, unaskedSnapshot } from '../git/state/snapshot.ts';
import type { SearchIndex } from '../search/index.ts';
import { loadSettings } from '../settings/settings.ts';
import { absolutePath } from '../store/layout.ts';
import { isUntouched } from '../store/list.ts';
import { settingsName } from '../store/locate.ts';
import type { KeptSight, SightHead } from './kept-sight.ts';
import { type Memory, trustOptions, userFolder } from './open.ts';
import type { Sight } from './sight.ts';
import { makeRecordSet } from './records.ts';

/** What was kept, or stands for it, as a sight: nobody was asked but the files. */
export async function sightOfKept(
  env: Env,
  paths: MemoryPaths,
  { head, shelf, verdicts }: Pick<KeptSight, 'head' | 'shelf' | 'verdicts'>,
  openIndex: () => Promise<SearchIndex>,
  keep: Sight['keep'],
): Promise<Sight> {
  const { entries, placesNaming } = shelf;
  return {
    memory: await unaskedMemory(env, paths, head),
    recordSet: makeRecordSet({ entries, verdicts, problems: head.problems, openIndex, placesNaming }),
    holdsFor: (assessed) =>
      assessed.every(({ excerpt }) => isUntouched(absolutePath(paths, excerpt.path), excerpt.mtimeMs, excerpt.bytes)),
    keep,
  };
}

/** Whoever needs git's answers after all has them asked. */
async function unaskedMemory(env: Env, paths: MemoryPaths, head: SightHead): Promise<Memory> {
  const { projectIsTrusted } = head;
  const { objectFormat, defaultRef } = head.git;
  const loaded = await loadSettings({
    userFile: join(userFolder(env), settingsName),
    projectFile: join(paths.memoryDir, settingsName),
    vars: env.vars,
    projectIsTrusted,
  });
  const unasked = { ...unaskedSnapshot(paths, objectFormat), ...(defaultRef && { defaultRef }) };
  const make = (): Memory => {
    const ledger = once(() => readLedger(paths));
    const snapshot = once(() =>
      takeSnapshot(paths, { ledger: ledger(), withFiles: true, ...trustOptions(loaded.settings, env.now()) }),
    );
    return {
      env,
      paths,
      projectIsTrusted,
      ...loaded,
      get snapshot() {
        return snapshot();
      },
      get ledger() {
        return ledger();
      },
      fullSnapshot: snapshot,
      unasked,
      reread: make,
    };
  };
  return make();
}
