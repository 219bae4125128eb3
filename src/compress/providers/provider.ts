import type { Draft, SummaryDraft } from '../../domain/draft.ts';
import type { Event } from '../../domain/event.ts';
import type { MemoryRecord } from '../../domain/record.ts';

/** The part of a known record that a provider may see; only of records that are trusted here. */
export type KnownRecord = Pick<
  MemoryRecord,
  'id' | 'type' | 'title' | 'description' | 'facts' | 'cites' | 'body' | 'session' | 'created'
>;

/** What to look for; data from a mode's YAML file. */
export interface Mode {
  name: string;
  /** Types that may be written. */
  types: readonly string[];
  concepts: readonly string[];
  /** Guidance for models, plain text. */
  guidance: string;
  /** Language of the records for models, where the settings name none. */
  language?: string;
  /** 0 to 1: drafts of less importance are dropped. */
  minImportance: number;
}

export interface CompressRequest {
  /** New since the last request of this session: condensed, redacted, in order. */
  events: readonly Event[];
  /** What this session's earlier requests wrote, oldest first, then the most similar records of other sessions. */
  known: readonly KnownRecord[];
  mode: Mode;
  /** Language of the records for models, such as `en`; `auto` keeps the session's. */
  language: string;
  session: string;
  branch?: string;
  /** ISO 8601. */
  now: string;
  /** A session summary is wanted: the session ended or was compacted. */
  wantsSummary: boolean;
  /** All events of the session so far in brief, for the summary; same as `events` in a session of one request. */
  story: readonly Event[];
  /**
   * Set when `events` are those of the whole session: ids of its earlier records, none of them committed. The reply takes their
   * place.
   */
  replaces?: readonly string[];
  /** With `replaces`: how many of the records will be shared, and their bytes together. */
  caps?: { records: number; bytes: number };
}

export interface Usage {
  requests: number;
  tokensIn: number;
  tokensOut: number;
}

export interface CompressReply {
  drafts: Draft[];
  summary?: SummaryDraft;
  usage: Usage;
  /** Provider and version, such as `extractive/1` or a model id: becomes `generated.by`. */
  by: string;
  /** Who was paid, when the drafts are another's: a model that could not be used cost its tokens all the same. */
  paid?: string;
}

/** What a provider keeps while it works on one request, through a crash: answers that were paid for. Values survive JSON. */
export interface Notes {
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

/**
 * Answers a request or throws a RepomemError `provider`. Pure but for its own network: it writes no file and reads none.
 * The reply is stored in the claim before it is read, so it must survive JSON.
 */
export interface Provider {
  readonly name: string;
  /** Costs nothing to ask again: at the session's end it is given all of the session's events, not only the new ones. */
  readonly readsWholeSession?: boolean;
  compress(request: CompressRequest, notes?: Notes): Promise<CompressReply>;
}
