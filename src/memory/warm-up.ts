// Brings the cache up to date in the background, so that the next prompt need not.
import { setTimeout as wait } from 'node:timers/promises';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { openRecords } from './records.ts';

/** Verdicts of files younger than a tick of the file system's clock are not cached; this is a few ticks of most. */
const settleMs = 60;

/** Best effort: what fails here is left to the next reader. */
export async function warmUp(env: Env, paths: MemoryPaths): Promise<void> {
  await wait(settleMs);
  try {
    const records = await openRecords(env, paths, { everyFile: true, isBackground: true });
    records.save();
  } catch {
    // The next reader meets the same problem and reports it.
  }
}
