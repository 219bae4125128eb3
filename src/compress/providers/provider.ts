import type { Draft, Overturned, SummaryDraft } from '../../domain/draft.ts';
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
  /** The whole session so far: condensed, redacted, in order. */
  events: readonly Event[];
  /** What this session wrote and keeps, oldest first, then the most similar records of other sessions. */
  known: readonly KnownRecord[];
  mode: Mode;
  /** Language of the records for models, such as `en`; `auto` keeps the session's. */
  language: string;
  session: string;
  branch?: string;
  /** ISO 8601. */
  now: string;
  /** How many of the records will be shared, and their bytes together. */
  caps: { records: number; bytes: number };
}

export interface Usage {
  requests: number;
  tokensIn: number;
  tokensOut: number;
}

export interface CompressReply {
  drafts: Draft[];
  /** Of a model: statements of the session that do not hold at its end. */
  overturned?: Overturned[];
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
  /** Costs nothing and leaves the machine nothing: it passes over a session at each turn's end. */
  readonly isFree?: boolean;
  compress(request: CompressRequest, notes?: Notes): Promise<CompressReply>;
}
