// What a session has already received: the context block, which records, answers; for people, a log of what it was told. One small folder per
// session; atomic markers.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import type { Env } from '../domain/env.ts';
import { tokensOf } from '../domain/excerpt.ts';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { appendPrivate, makeMark, readTextOrEmpty } from '../store/lenient-files.ts';

/** A file in the session's folder. */
export function sessionFile(paths: MemoryPaths, session: string, name: string): string {
  return join(paths.privateDir, 'told', fileNameOf(session), name);
}

/** True when this call made the mark, false when it existed. Never throws; false if it cannot be written. */
export function markOnce(paths: MemoryPaths, session: string, mark: string): boolean {
  return makeMark(sessionFile(paths, session, mark));
}

export function hasMark(paths: MemoryPaths, session: string, mark: string): boolean {
  return existsSync(sessionFile(paths, session, mark));
}

export function clearMark(paths: MemoryPaths, session: string, mark: string): void {
  rmSync(sessionFile(paths, session, mark), { force: true });
}

/** Ids (or `file PATH`) that this session has been shown. */
export function readSeen(paths: MemoryPaths, session: string): Set<string> {
  return new Set(
    readTextOrEmpty(sessionFile(paths, session, 'seen'))
      .split('\n')
      .filter(Boolean),
  );
}

/** Never throws: telling the session twice is harmless. */
export function addSeen(paths: MemoryPaths, session: string, keys: readonly string[]): void {
  if (keys.length > 0) appendPrivate(sessionFile(paths, session, 'seen'), keys.map((key) => `${key}\n`).join(''));
}

/** The words themselves if they are safe, as hosts' ids usually are; otherwise their hash. */
export function fileNameOf(...words: readonly string[]): string {
  const name = words.join('.');
  // Excludes names that look like a hash, or that a file system could confuse with another.
  if (name.length <= 160 && words.every((word) => /^\w[\w-]*$/.test(word)) && !/^[0-9a-f]{24}$/.test(name)) return name;
  return hash('sha256', words.join('\0'), 'hex').slice(0, 24);
}

/** Two deliveries of the same event come within moments; a later one is a new event. */
const windowMs = 3_000;

/** True for the first caller within the window. If no marker can be written (read-only disk), every caller may answer. */
export function claimAnswer(paths: MemoryPaths, session: string, event: string, now: Date): boolean {
  const name = fileNameOf(session, event);
  const markOf = (bucket: number): string => join(paths.privateDir, 'answered', `${name}-${bucket}`);
  const bucket = Math.floor(now.getTime() / windowMs);
  if (existsSync(markOf(bucket - 1))) return false;
  return makeMark(markOf(bucket)) || !existsSync(markOf(bucket));
}

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
