// Log of what each session was told, and when: one line each, for people. Kept as long as the session's marks.
import type { Env } from '../domain/env.ts';
import { tokensOf } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate } from '../store/lenient-files.ts';
import { sessionFile } from './session-marks.ts';

export interface Telling {
  /** ISO 8601. */
  at: string;
  moment: 'start' | 'prompt' | 'file' | 'subagent';
  /** Ids of the records, in order. */
  ids: string[];
  /** Of the text, ⌈characters / 4⌉. */
  tokens: number;
  /** Number of available records; those missing in `ids` did not fit the budget. */
  of?: number;
  /** Left out, by reason: already told in this session, or above the limit per message. */
  left?: { known?: string[]; limit?: string[] };
}

/** In the folder of a session. */
export const toldFile = 'log.jsonl';

/** Appends one line for a text that is told; none for ''. Never throws: the agent waits, and the log is optional. */
export function noteTold(
  { env, paths }: { env: Env; paths: MemoryPaths },
  session: string,
  text: string,
  told: Omit<Telling, 'at' | 'tokens'>,
): void {
  const telling: Telling = { at: env.now().toISOString(), tokens: tokensOf(text), ...told };
  if (text !== '') appendPrivate(sessionFile(paths, session, toldFile), `${JSON.stringify(telling)}\n`);
}
