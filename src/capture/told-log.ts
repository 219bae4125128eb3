// Log of what each session was told, and when: one line each, for people. Kept as long as the session's marks.
import { join } from 'node:path';
import type { Env } from '../domain/env.ts';
import { tokensOf } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, namesIn, readJsonLines } from '../store/lenient-files.ts';
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

export interface ToldSession {
  /** The folder's name: the session's id as a file name. */
  session: string;
  /** Oldest first. */
  lines: Telling[];
}

const fileName = 'log.jsonl';

/** Appends one line for a text that is told; none for ''. Never throws: the agent waits, and the log is optional. */
export function noteTold(
  { env, paths }: { env: Env; paths: MemoryPaths },
  session: string,
  text: string,
  told: Omit<Telling, 'at' | 'tokens'>,
): void {
  const telling: Telling = { at: env.now().toISOString(), tokens: tokensOf(text), ...told };
  if (text !== '') appendPrivate(sessionFile(paths, session, fileName), `${JSON.stringify(telling)}\n`);
}

/** Logs of all sessions whose marks still exist; incomplete lines are skipped. */
export function readTold(paths: MemoryPaths): ToldSession[] {
  const folder = join(paths.privateDir, 'told');
  return namesIn(folder)
    .map((session) => ({ session, lines: readJsonLines(join(folder, session, fileName)).filter(isTelling) }))
    .filter(({ lines }) => lines.length > 0);
}

function isTelling(value: unknown): value is Telling {
  if (typeof value !== 'object' || value === null) return false;
  const { at, moment, ids, tokens } = value as Partial<Telling>;
  return typeof at === 'string' && typeof moment === 'string' && typeof tokens === 'number' && Array.isArray(ids);
}
