// What the compressor knows of a session between its claims. Written as part of publishing, swept after 30 days.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { RecordType } from '../../domain/types.ts';
import type { HeadInfo } from './tools.ts';

/** A record that this session wrote. */
export interface SessionRecord {
  id: string;
  tier: Tier;
  /** Where it stands under the tier's folder, with forward slashes. */
  path: string;
  bytes: number;
  importance: number;
  type: RecordType;
  /** Of the text as written: a record that a person edited since is theirs. */
  hash: string;
  /** Of the rules before a model was asked: its records take their place. */
  isPassing?: boolean;
  /** A later record of the session replaces it. */
  isSuperseded?: boolean;
}

export interface SessionState {
  /** Counts writes: a plan made on another revision is made anew. */
  revision: number;
  session: string;
  agent?: string;
  transcript?: { path: string; offset: number };
  /** Keys of events that were taken, newest last. */
  seen: string[];
  records: SessionRecord[];
  /** The current turn began with a prompt that was private as a whole. */
  isTurnPrivate: boolean;
  /** A prompt opened a private passage that nothing closed yet. */
  isPassageOpen?: boolean;
  /** Something happened since a model was asked last. */
  isUnasked: boolean;
  /** What git said at its last claim: where it stands when it ends without another event. */
  head?: HeadInfo;
  summary?: SessionRecord;
  started?: string;
  turns: number;
  /** Claims whose plans this state already holds, newest last. */
  claims: string[];
}

const seenMax = 5_000;
const claimsMax = 50;
const keptDays = 30;

export function emptyState(session: string): SessionState {
  return {
    revision: 0,
    session,
    seen: [],
    records: [],
    isTurnPrivate: false,
    isUnasked: false,
    turns: 0,
    claims: [],
  };
}

/** A file name that any session id fits in, still readable when the id is tame. */
export function stateFile(paths: MemoryPaths, session: string): string {
  const tame = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(session);
  const hash = createHash('sha256').update(session).digest('hex').slice(0, 16);
  return join(paths.privateDir, 'sessions', `${tame ? session : `x-${hash}`}.json`);
}

/** An unreadable state is an empty one: at worst a session's transcript is read again and known records are recognised. */
export function readState(paths: MemoryPaths, session: string): SessionState {
  try {
    const value: unknown = JSON.parse(readFileSync(stateFile(paths, session), 'utf8'));
    if (typeof value === 'object' && value !== null) return { ...emptyState(session), ...value };
  } catch {
    // None yet.
  }
  return emptyState(session);
}

export function addSeen(seen: readonly string[], keys: readonly string[]): string[] {
  return [...new Set([...seen, ...keys])].slice(-seenMax);
}

export function addClaim(claims: readonly string[], name: string): string[] {
  return [...claims, name].slice(-claimsMax);
}

/** Removes states (and their locks) that were not written for 30 days. */
export function sweepStates(paths: MemoryPaths, now: Date): void {
  const dir = join(paths.privateDir, 'sessions');
  let names: string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    return;
  }
  for (const name of names) {
    try {
      const file = join(dir, name);
      if (now.getTime() - statSync(file).mtimeMs > keptDays * 86_400_000) rmSync(file, { force: true });
    } catch {
      // Swept by another compressor.
    }
  }
}
