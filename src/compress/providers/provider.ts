import type { Draft, Overturned, SummaryDraft } from '../../domain/draft.ts';
import type { Event } from '../../domain/event.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import { observationTypes } from '../../domain/types.ts';

/** The part of a known record that a provider may see; only of trusted records. */
export type KnownRecord = Pick<
  MemoryRecord,
  'id' | 'type' | 'title' | 'description' | 'facts' | 'cites' | 'body' | 'session' | 'created'
>;

/** What to look for; data from a mode's YAML file. */
export interface Mode {
  /** Types that may be written. */
  types: readonly string[];
  concepts: readonly string[];
  /** Guidance for models, plain text. */
  guidance: string;
  /** Language of the records for models, if the settings name none. */
  language?: string;
  /** 0 to 1: less important drafts are dropped. */
  minImportance: number;
}

/** Everything is allowed and nothing is said: what a mode begins with. */
export const blankMode: Mode = { types: Object.keys(observationTypes), concepts: [], guidance: '', minImportance: 0 };

export interface CompressRequest {
  /** The whole session so far: condensed, redacted, in order. */
  events: readonly Event[];
  /** Records that this session wrote and keeps, oldest first, then the most similar records of other sessions. */
  known: readonly KnownRecord[];
  mode: Mode;
  /** Language of the records for models, such as `en`; `auto` keeps the session's. */
  language: string;
  session: string;
  branch?: string;
}

export interface Usage {
  requests: number;
  tokensIn: number;
  tokensOut: number;
}

export interface CompressReply {
  drafts: Draft[];
  /** From a model: statements of the session that no longer hold at its end. */
  overturned?: Overturned[];
  summary?: SummaryDraft;
  usage: Usage;
  /** Provider and version, such as `extractive/1` or a model id: becomes `generated.by`. */
  by: string;
  /** The model that used tokens, if the drafts come from another provider because its answer was unusable. */
  paid?: string;
}

/** Stores a provider's paid answers during one request, across crashes. Values must survive JSON. */
export interface Notes {
  read(name: string): unknown;
  write(name: string, value: unknown): void;
}

/**
 * Answers a request or throws a RepomemError `provider`. Pure except for its own network: reads and writes no files. The reply is
 * stored in the claim before it is used, so it must survive JSON.
 */
export interface Provider {
  readonly name: string;
  /** Free and local: it runs at the end of each turn. */
  readonly isFree?: boolean;
  compress(request: CompressRequest, notes?: Notes): Promise<CompressReply>;
}
