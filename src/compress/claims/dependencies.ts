// The pipeline's dependencies, so that tests can pass simple ones.
import type { TranscriptEntry } from '../../agents/agent.ts';
import type { NotedHead } from '../../capture/worktree-head.ts';
import type { Cite } from '../../domain/cite.ts';
import type { DraftCite } from '../../domain/draft.ts';
import type { Env } from '../../domain/env.ts';
import type { Event } from '../../domain/event.ts';
import type { Excerpt, Tier } from '../../domain/excerpt.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { RecordType } from '../../domain/types.ts';
import type { writeFileAtomic } from '../../store/atomic.ts';
import type { ShareLimits } from '../plan/place-records.ts';
import type { Mode, Provider, Usage } from '../providers/provider.ts';

export interface CompressSettings extends ShareLimits {
  language: string;
  mode: Mode;
  /** When a model is asked: `session`: when the session ended; `commit`: also when the agent commits; `manual`: only by hand. */
  learnWhen: 'session' | 'commit' | 'manual';
  /** Delays before the second and each further attempt of a provider; after the last one the fallback takes the claim. */
  retryDelaysMs: readonly number[];
}

/** One hook payload, parsed by its host's agent. */
export interface ParsedPayload {
  session: string;
  agent?: string;
  /** Host whose adapter reads the session's transcript. */
  host?: string;
  events: Event[];
  transcriptPath?: string;
}

interface TranscriptPart {
  entries: TranscriptEntry[];
  /** Byte offset after the last complete line read. */
  to: number;
}

export interface HeadInfo {
  /** Full commit id; absent before the first commit and without git. */
  head?: string;
  /** Absent when detached. */
  branch?: string;
  /** On the default branch, or detached. */
  onDefault: boolean;
  objectFormat: 'sha1' | 'sha256';
}

/** Maps every string leaf of a JSON value. */
export type CleanLeaves = (value: unknown) => unknown;

export interface SessionSecrets {
  learn(values: readonly string[]): void;
  /** Cheaper than another redaction. */
  mask(text: string): string;
  recall(session: string): void;
  keep(session: string): void;
}

export interface CompressTools {
  env: Pick<Env, 'now' | 'randomBytes'>;
  settings: CompressSettings;
  provider: Provider;
  /** Takes a claim that the provider could not answer; needs no network. */
  fallback: Provider;
  /** Parses a decoded payload; may throw on a malformed one. `session` is '' when the payload has none. */
  parsePayload(payload: unknown, at: string, host: string): ParsedPayload;
  /** Complete lines from a byte offset on; nothing when the path is not a regular file. Strings pass `clean` before they are cut. */
  readTranscript(path: string, from: number, context: { at: string; host: string }, clean: CleanLeaves): TranscriptPart;
  /** `alone`: without values found in other texts. */
  redact(text: string, scope?: 'alone'): { text: string };
  /** Values found in this session so far, to be masked wherever they recur. */
  secrets?: SessionSecrets;
  /** Drops excluded tools and paths, secret paths, ignored files, and our own block. */
  filter(events: readonly Event[]): Event[];
  /**
   * Git's current state, read at each call, because a run may have waited for another one. With `gone`: the state of a removed
   * worktree.
   */
  snapshot(gone?: NotedHead): HeadInfo;
  /**
   * All trusted records of this branch, with tombstones, without superseded and forgotten ones. Read again at each call, ledger
   * included, because the previous claim may have written some.
   */
  readKnown(): Promise<readonly Excerpt[]>;
  readRecord(excerpt: Excerpt): Promise<MemoryRecord | undefined>;
  makeCites(drafts: readonly DraftCite[]): Cite[];
  /** Those of these absolute paths that git neither tracks nor has staged. */
  untracked(paths: readonly string[]): ReadonlySet<string>;
  /** store/atomic's writeFileAtomic; tests replace it to simulate full disks. */
  write: typeof writeFileAtomic;
  /** Whether the user had paused the memory at that moment. */
  isPaused?(session: string, at: string): boolean;
  progress?(message: string): void;
}

export interface CompressReport {
  /** Another compressor is running and was not waited for. */
  isBusy: boolean;
  claims: number;
  events: number;
  /** Paths are absolute. */
  records: { id: string; path: string; tier: Tier; title: string; type: RecordType }[];
  /** Drafts that were not written, with the reason. */
  dropped: { title: string; reason: string }[];
  problems: { code: string; reason: string }[];
  usage: Usage;
}
