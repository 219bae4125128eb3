// What the pipeline is given: everything that it does not decide itself, so that a test can hand it simple ones.
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
import type { Mode, Provider, Usage } from '../providers/provider.ts';

export interface CompressSettings {
  /** Shared records a session, and their bytes together. */
  maxRecords: number;
  maxBytes: number;
  /** Local records and the summary of a session together. */
  maxLocalBytes: number;
  shareSessions: boolean;
  /** Types that are shared although they fade, or (false) kept local although they last. */
  shareTypes: Partial<Record<RecordType, boolean>>;
  language: string;
  mode: Mode;
  /** When a model is asked: `session`: when the session ended; `commit`: when the agent commits too; `manual`: by hand alone. */
  learnWhen: 'session' | 'commit' | 'manual';
  /** Waits before the second and each further try of a provider; when they are used up the fallback takes the claim. */
  retryDelaysMs: readonly number[];
  /** A claim older than this goes to the fallback without another try. */
  maxWaitMs: number;
}

/** One hook payload, parsed by its host's agent. */
export interface ParsedPayload {
  session: string;
  agent?: string;
  /** Who reads the session's transcript. */
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
  /** Grows with each new value. */
  count(): number;
  learn(values: readonly string[]): void;
  /** Cheaper than redacting anew. */
  mask(text: string): string;
  recall(session: string): void;
  keep(session: string): void;
}

export interface CompressTools {
  env: Pick<Env, 'now' | 'randomBytes'>;
  settings: CompressSettings;
  provider: Provider;
  /** Takes a claim that the provider could not; needs no network. */
  fallback: Provider;
  /** Parses a decoded payload; may throw on a poisoned one. Empty `session` when it names none. */
  parsePayload(payload: unknown, at: string, host: string): ParsedPayload;
  /** Complete lines from a byte offset on; nothing when the path is no regular file. Strings pass `clean` before they are cut. */
  readTranscript(
    path: string,
    from: number,
    context: { session: string; at: string; host: string },
    clean: CleanLeaves,
  ): TranscriptPart;
  /** `alone`: without the values that were found in other texts. */
  redact(text: string, scope?: 'alone'): { text: string };
  /** What was found in this session so far, to be masked wherever it recurs. */
  secrets?: SessionSecrets;
  /** Drops what must not be kept: excluded tools and paths, secret paths, ignored files, our own block. */
  filter(events: readonly Event[]): Event[];
  condense(event: Event): Event;
  /** As git stands at the call: a run may have waited for another one. With `gone`: as it stood in a worktree that is no more. */
  snapshot(gone?: NotedHead): HeadInfo;
  /** Read anew at each call, ledger included: records of the claim before must be among them.
   * Every record that is trusted and belongs to this branch, superseded and forgotten ones left out, tombstones left in. */
  readKnown(): Promise<readonly Excerpt[]>;
  readRecord(excerpt: Excerpt): Promise<MemoryRecord | undefined>;
  makeCites(drafts: readonly DraftCite[]): Cite[];
  /** Of these absolute paths, those that git neither tracks nor has staged. */
  untracked(paths: readonly string[]): ReadonlySet<string>;
  /** store/atomic's writeFileAtomic, but for tests of full disks. */
  write: typeof writeFileAtomic;
  /** Whether the user paused the memory at that moment. */
  isPaused?(session: string, at: string): boolean;
  progress?(message: string): void;
  signal?: AbortSignal;
}

interface WrittenRecord {
  id: string;
  /** Absolute. */
  path: string;
  tier: Tier;
  title: string;
  type: RecordType;
}

interface CompressProblem {
  code: string;
  reason: string;
}

export interface CompressReport {
  /** Another compressor runs and was not waited for. */
  isBusy: boolean;
  claims: number;
  events: number;
  records: WrittenRecord[];
  /** Drafts that were not written, by reason. */
  dropped: { title: string; reason: string }[];
  problems: CompressProblem[];
  usage: Usage;
}
