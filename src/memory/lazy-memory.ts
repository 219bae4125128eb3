// A Memory whose git snapshot and ledger are read on first use. It comes with records whose verdicts were cached.
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { once } from '../domain/once.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { readLedger } from '../git/state/ledger.ts';
import { emptySnapshotOf, takeSnapshot, type Snapshot } from '../git/state/snapshot.ts';
import { loadSettings } from '../settings/settings.ts';
import { settingsName } from '../store/locate.ts';
import { type Memory, trustOptions } from './open.ts';
import { userFolder } from '../settings/user-folder.ts';
import type { Basis } from './verdict-cache.ts';

/** `maxAgeMs`: a long-lived process takes the full snapshot, from which freshness is judged, again after this long. */
export async function lazyMemory(env: Env, paths: MemoryPaths, basis: Basis, maxAgeMs?: number): Promise<Memory> {
  const { projectIsTrusted, objectFormat, defaultRef } = basis;
  const loaded = await loadSettings({
    userFile: join(userFolder(env), settingsName),
    projectFile: join(paths.memoryDir, settingsName),
    vars: env.vars,
    projectIsTrusted,
  });
  const emptySnapshot = { ...emptySnapshotOf(paths, objectFormat), ...(defaultRef && { defaultRef }) };
  const make = (): Memory => {
    const ledger = once(() => readLedger(paths));
    const take = (): Snapshot =>
      takeSnapshot(paths, { ledger: ledger(), withFiles: true, ...trustOptions(loaded.settings, env.now()) });
    const snapshot = once(take);
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
      fullSnapshot: maxAgeMs === undefined ? snapshot : renewed(env, take, maxAgeMs),
      emptySnapshot,
      reread: make,
    };
  };
  return make();
}

function renewed<T>(env: Env, take: () => T, maxAgeMs: number): () => T {
  let taken: { value: T; at: number } | undefined;
  return () => {
    const at = env.now().getTime();
    if (taken === undefined || at - taken.at > maxAgeMs) taken = { value: take(), at };
    return taken.value;
  };
}
