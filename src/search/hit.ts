// A question to the memory and what it finds.
import type { Excerpt } from '../domain/excerpt.ts';
import type { FoundWord } from '../index/match.ts';
import type { RecordTable } from '../index/table.ts';
import type { Filter } from './filter.ts';

export interface Query extends Filter {
  /** A question or words; nothing lists. */
  text?: string;
  /** The text is no question but words to compare with: dates and files in it mean nothing by themselves. */
  isPlain?: boolean;
  /** 10 when absent. */
  limit?: number;
  offset?: number;
  /** `relevance` when absent and there is a text. */
  order?: 'relevance' | 'date';
}

export interface Hit {
  excerpt: Excerpt;
  /** In the table that was asked. */
  row: number;
  /** For order only: not comparable between questions. 0 when nothing was asked. */
  score: number;
  /** 0 to 1: how much of the question the record holds, rare words counting more. Comparable between questions. */
  coverage: number;
  /** Words of the question with the fields that hold them, the rarest first, such as `recursion: title, body`. */
  why: string[];
  /** The words of the question that it holds, the rarest first. */
  words: readonly FoundWord[];
}

export interface QueryContext {
  now: Date;
  table: RecordTable;
  /** What may be found at all, by row: what is active, what belongs to this branch. */
  mayFind(row: number): boolean;
  /** By meaning, where that is on: the cosine of the question to a row; undefined for a row that has no vector. */
  likeness?: (row: number) => number | undefined;
}

export interface Found {
  hits: Hit[];
  /** How many there are in all. */
  total: number;
}
