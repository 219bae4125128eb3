// The cache is brought up to date where nobody waits, so that the next prompt finds it done.
import { setTimeout as wait } from 'node:timers/promises';
import type { Env } from '../domain/env.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { openRecords } from './records.ts';

/** Of what is younger than a tick of the file system's clock nothing is kept; a few ticks of most. */
const settleMs = 60;

/** Best effort: what fails here is done by whoever looks next. */
export async function warmUp(env: Env, paths: MemoryPaths): Promise<void> {
  await wait(settleMs);
  try {
    const records = await openRecords(env, paths, { everyFile: true, isBackground: true });
    records.save();
  } catch {
    // Said where somebody reads it, by the one who looks.
  }
}
