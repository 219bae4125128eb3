import type { ObservationType } from './types.ts';

export interface DraftCite {
  path: string;
  /** As the provider saw them; checked against the file before they are written. */
  lines?: [number, number];
}

/** The source that makes a statement true. */
export type Evidence = 'user' | 'commit' | 'command' | 'edit' | 'agent';

/** A provider's proposal: not yet a record (no id, no blobs, not compared with existing records). */
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
  /** 0 to 1: ranks the session's drafts for its limited number of shared records. */
  importance: number;
  supersedes: string[];
  contradicts: string[];
  source?: 'external';
  /** Number of the turn that supports it. */
  turn?: number;
  evidence?: Evidence;
  /** A commit message tells its core: shared only where room is left. */
  isCommitted?: boolean;
  /** Tier derived from the evidence; absent: the default tier of its type. */
  place?: 'shared' | 'local';
}

/** A claim of the session that a later turn refused, replaced, fixed or completed: it no longer holds at the end. */
export interface Overturned {
  /** The statement as it was claimed, in a few words. */
  what: string;
  /** Number of the turn that overturned it. */
  turn: number;
}

/** The session's summary as a provider writes it; each list holds short sentences. */
export interface SummaryDraft {
  title: string;
  request: string;
  investigated: string[];
  learned: string[];
  completed: string[];
  nextSteps: string[];
  /** What the agent said of it, as it stands: Markdown, a text each. */
  texts?: string[];
}
