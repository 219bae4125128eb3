import type { ObservationType } from './types.ts';

export interface DraftCite {
  path: string;
  /** As the provider saw them; checked against the file before they are written. */
  lines?: [number, number];
}

/** What a provider proposes: a reply, not yet a record (no id, no blobs, not checked against what is known). */
export interface Draft {
  type: ObservationType;
  title: string;
  description: string;
  body: string;
  facts: string[];
  concepts: string[];
  aliases: string[];
  cites: DraftCite[];
  confidence: number;
  /** 0 to 1: decides who gets the session's few shared places. */
  importance: number;
  supersedes: string[];
  contradicts: string[];
  source?: 'external';
}

/** The session's summary as a provider writes it; each a short list of sentences. */
export interface SummaryDraft {
  title: string;
  request: string;
  investigated: string[];
  learned: string[];
  completed: string[];
  nextSteps: string[];
}
