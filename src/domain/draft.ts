import type { ObservationType } from './types.ts';

export interface DraftCite {
  path: string;
  /** As the provider saw them; checked against the file before they are written. */
  lines?: [number, number];
}

/** Whose word or deed makes a statement true. */
export type Evidence = 'user' | 'commit' | 'command' | 'edit' | 'agent';

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
  /** Number of the turn that makes it true. */
  turn?: number;
  evidence?: Evidence;
  /** Where the evidence puts it; absent: where its type belongs. */
  place?: 'shared' | 'local';
  /** A turn's closing text, kept as it stands. */
  isClosing?: boolean;
}

/** What the session claimed and a later turn refused, replaced, mended or finished: it does not hold at the end. */
export interface Overturned {
  /** The statement as it was claimed, in a few words. */
  what: string;
  /** Number of the turn that overturned it. */
  turn: number;
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
