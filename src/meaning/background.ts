// After the detached compressor: brings the caches of records and vectors up to date, so that the next prompt need not.
import { setTimeout as wait } from 'node:timers/promises';
import { appendLog } from '../capture/error-log.ts';
import type { Env } from '../domain/env.ts';
import { messageOf } from '../domain/errors.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { openRecords } from '../memory/records.ts';
import { embedRecords } from './build.ts';

/** Verdicts of files younger than a tick of the file system's clock are not cached; this is a few ticks of most. */
const settleMs = 60;

/** Best effort: what fails here is left to the next reader, who meets it too; what an encoder says is logged. */
export async function indexInBackground(env: Env, paths: MemoryPaths): Promise<void> {
  await wait(settleMs);
  const records = await openRecords(env, paths, { everyFile: true, isBackground: true }).catch(() => undefined);
  records?.save();
  const report =
    records &&
    (await embedRecords(records.memory, records.recordSet).catch((error: unknown) => ({ trouble: messageOf(error) })));
  if (report?.trouble) appendLog(paths, 'compress', env.now(), `embeddings: ${report.trouble}`);
}
