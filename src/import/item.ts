// What a source yields: statements with their time and their key, not yet records. Shapes only.
import type { Draft, SummaryDraft } from '../domain/draft.ts';
import { titleMaxChars, type MemoryRecord } from '../domain/record.ts';

/** A file that a statement speaks of, as its source names it: relative to the top of the working tree. */
export interface ItemFile {
  path: string;
  /** As they stood then; the whole file without them. */
  lines?: [number, number];
  /** The version that the lines are of, where the source names it. */
  blob?: string;
  /** It was edited at that moment: the next commit of it may hold the edit. */
  isEdited?: boolean;
}

interface ItemBase {
  /** The source's own name for it, such as `git:4f0c2d9…`; the same at every run and on every machine. Never a path of the home folder. */
  from: string;
  /** ISO 8601. */
  at: string;
  branch?: string;
  session?: string;
  agent?: string;
  /** Its words may change where they stand: then the new ones supersede the old. */
  canChange?: true;
  /** Statements of one session: a few of them are taken. */
  group?: string;
}

export interface StatementItem extends ItemBase {
  kind: 'statement';
  draft: Omit<Draft, 'cites'>;
  files: ItemFile[];
  /** Cites stand as in this commit; without it as at `at`. */
  commit?: string;
  /** ISO 8601: cites stand as at this time instead, for a source that is kept up to date. */
  citedAt?: string;
  /** Its source went through a review: it may be shared. */
  isReviewed?: boolean;
  /** When none of its files still holds what it cites, it is not worth a record. */
  needsStanding?: boolean;
  /** A record of another memory: it comes as it is, with its id, or not at all. */
  whole?: { record: MemoryRecord; text: string };
  /** Keys of items that it replaces. */
  replaces?: string[];
}

export interface SummaryItem extends ItemBase {
  kind: 'summary';
  summary: SummaryDraft;
  started: string;
}

export type ImportItem = StatementItem | SummaryItem;

/** What a source has for this repository. */
export interface Reading {
  items: ImportItem[];
  /** Reason → how many of the source's entries did not become items. */
  skipped: Record<string, number>;
  /** Lines for the person: what could not be decided. */
  notes: string[];
}

export function emptyReading(): Reading {
  return { items: [], skipped: {}, notes: [] };
}

/** Counts what is left out; undefined, for a caller that returns it as its item. */
export function skip(reading: Reading, reason: string): undefined {
  reading.skipped[reason] = (reading.skipped[reason] ?? 0) + 1;
  return undefined;
}

/** A draft with the usual values; `confidence` of a statement that nobody of this memory observed. */
export function draftOf(parts: Pick<Draft, 'type' | 'title'> & Partial<Omit<Draft, 'cites'>>): StatementItem['draft'] {
  const { title, body = '' } = parts;
  // A title is cut at its limit: the body says the whole of it.
  const isWhole = title.length <= titleMaxChars || body.includes(title);
  return {
    description: '',
    facts: [],
    concepts: [],
    aliases: [],
    confidence: 0.6,
    importance: 0.5,
    supersedes: [],
    contradicts: [],
    ...parts,
    body: isWhole ? body : [title, body].filter(Boolean).join('\n\n'),
  };
}
