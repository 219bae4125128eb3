// A review as a value: what surfaces render and programs read.
import type { AllowedPassage, LintFinding } from '../lint/finding.ts';
import type { StaleCite } from './stale.ts';

/** A record as a list names it. */
export interface Named {
  id: string;
  type: string;
  title: string;
}

export interface Pair {
  /** Under review. */
  record: Named;
  other: Named;
  /** The record says so itself, or it was found by comparing. */
  how: 'named' | 'found';
  /** The other one is under review too. */
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
  /** Says what a reviewed tombstone forbids. */
  suppressed: { record: Named; tombstone: string }[];
  forgotten: { record: Named; tombstone: string; reason: string }[];
  /** Without a tombstone: it may be learned again. */
  removed: (Named & { supersededBy?: string })[];
  edited: (Named & { path: string; titleBefore: string })[];
  renamed: (Named & { path: string; from: string })[];
  /** Files of the memory that are no records: settings and modes are obeyed once they are merged. */
  otherFiles: string[];
  stale: { record: Named; cites: StaleCite[]; answer?: StaleAnswer }[];
  files: { path: string; records: (Named & { gist: string; isStale: boolean })[] }[];
  /** New records beyond the first 400: not compared with others. */
  uncompared: number;
  findings: LintFinding[];
  allowed: AllowedPassage[];
  cost: Cost;
  /** Nothing that a reviewer must know of. */
  isQuiet: boolean;
}

/** What the range itself does about a record that it makes stale. */
export interface StaleAnswer {
  how: 'superseded' | 'edited' | 'removed';
  /** The record that supersedes it. */
  by?: string;
}

export interface Cost {
  records: { before: number; after: number };
  bytes: { before: number; after: number };
  /** What the lines of all standing records come to; a session pays at most the budget. */
  indexTokens: { before: number; after: number; budget: number };
  /** What reading the new records in full costs. */
  readTokens: number;
}
