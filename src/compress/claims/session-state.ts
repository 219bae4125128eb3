// The compressor's state of a session between its claims. Written during publishing, deleted after 30 days.
import { join } from 'node:path';
import { fileNameOf } from '../../capture/session-marks.ts';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { readJson } from '../../store/lenient-files.ts';
import type { HeadInfo } from './dependencies.ts';

/** A record that this session wrote. */
export interface SessionRecord {
  id: string;
  tier: Tier;
  /** Path below the tier's folder, with forward slashes. */
  path: string;
  bytes: number;
  /** Hash of the text as written: a record edited since then belongs to the user. */
  hash: string;
  /** Written by the rules before a model was asked: the model's records replace it. */
  isPassing?: boolean;
}

export interface SessionState {
  /** Number of writes: a plan based on another revision is made again. */
  revision: number;
  session: string;
  agent?: string;
  transcript?: { path: string; offset: number };
  /** Keys of processed events, newest last. */
  seen: string[];
  records: SessionRecord[];
  /** The current turn began with a wholly private prompt. */
  isTurnPrivate: boolean;
  /** A prompt opened a private passage that is not yet closed. */
  isPassageOpen?: boolean;
  /** There are events since the last request to a model. */
  isUnasked: boolean;
  /** Git's state at its last claim; used if the session ends without another event. */
  head?: HeadInfo;
  summary?: SessionRecord;
  started?: string;
  /** Claims whose plans are included in this state, newest last. */
  claims: string[];
}

const seenMax = 5_000;
const claimsMax = 50;

export function emptyState(session: string): SessionState {
  return { revision: 0, session, seen: [], records: [], isTurnPrivate: false, isUnasked: false, claims: [] };
}

/** A file of the session: its state, or another one beside it. */
export function stateFile(paths: MemoryPaths, session: string, end = '.json'): string {
  return join(paths.privateDir, 'sessions', fileNameOf(session) + end);
}

/** An unreadable state counts as empty: at worst the transcript is read again and known records are recognised. */
export function readState(paths: MemoryPaths, session: string): SessionState {
  const value = readJson(stateFile(paths, session));
  return { ...emptyState(session), ...(typeof value === 'object' && value) };
}

export function addSeen(seen: readonly string[], keys: readonly string[]): string[] {
  return [...new Set([...seen, ...keys])].slice(-seenMax);
}

export function addClaim(claims: readonly string[], name: string): string[] {
  return [...claims, name].slice(-claimsMax);
}
