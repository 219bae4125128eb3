// A review as a value, for rendering and for programs.
import type { AllowedPassage, LintFinding } from '../lint/lint-finding.ts';
import type { StaleCite } from './stale.ts';

/** A record as shown in lists. */
export interface Named {
  id: string;
  type: string;
  title: string;
}

export interface Pair {
  /** The record under review. */
  record: Named;
  other: Named;
  /** Stated in the record itself, or found by comparison. */
  how: 'named' | 'found';
  /** The other record is under review too. */
  isBothNew: boolean;
}

export interface AddedRecord extends Named {
  path: string;
  bytes: number;
  tokens: number;
  by?: string;
  cites: number;
  /** One sentence; '' when the record has none. */
  gist: string;
  /** The body: why and how. */
  reason: string;
  places: { path: string; lines?: [number, number] }[];
}

export interface Review {
  /** Full ids; `base` is where the two histories part. */
  base: string;
  head: string;
  added: AddedRecord[];
  superseding: Pair[];
  contradicting: Pair[];
  duplicates: (Pair & { saysMore: boolean })[];
  /** Repeats what a reviewed tombstone suppresses. */
  suppressed: { record: Named; tombstone: string }[];
  forgotten: { record: Named; tombstone: string; reason: string }[];
  /** Removed without a tombstone: it may be learned again. */
  removed: (Named & { supersededBy?: string })[];
  edited: (Named & { path: string; titleBefore: string })[];
  renamed: (Named & { path: string; from: string })[];
  /** Memory files that are not records: settings and modes take effect once they are merged. */
  otherFiles: string[];
  stale: { record: Named; cites: StaleCite[]; answer?: StaleAnswer }[];
  files: { path: string; records: (Named & { gist: string; isStale: boolean })[] }[];
  /** Number of new records beyond the first 400, which are not compared with others. */
  uncompared: number;
  findings: LintFinding[];
  allowed: AllowedPassage[];
  cost: Cost;
  /** Nothing here needs the reviewer's attention. */
  isQuiet: boolean;
}

/** How the range itself handles a record that it makes stale. */
export interface StaleAnswer {
  how: 'superseded' | 'edited' | 'removed';
  /** The record that supersedes it. */
  by?: string;
}

export interface Cost {
  records: { before: number; after: number };
  bytes: { before: number; after: number };
  /** Cost of the index lines of all active records; a session pays at most the budget. */
  indexTokens: { before: number; after: number; budget: number };
  /** Cost of reading the new records in full. */
  readTokens: number;
}
