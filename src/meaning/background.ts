// Embeds records after the detached compressor has finished.
import { appendLog } from '../capture/error-log.ts';
import type { Env } from '../domain/env.ts';
import type { Memory } from '../memory/open.ts';
import { openRecords } from '../memory/records.ts';
import { embedRecords } from './build.ts';

/** Best effort: failures are logged, and the next run tries again. */
export async function embedInBackground(env: Env, { paths, settings }: Memory): Promise<void> {
  if (settings.search.meaning === 'off') return;
  const note = (reason: string): void => appendLog(paths, 'compress', env.now(), `embeddings: ${reason}`);
  try {
    const { memory, recordSet } = await openRecords(env, paths, { everyFile: true });
    const report = await embedRecords(memory, recordSet);
    if (report?.trouble) note(report.trouble);
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
  }
}
