// One question to the memory, whoever asks: filters, then the index, then order. Without words it lists, newest first.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import type { Entries } from './entries.ts';
import { type Filter, makeFilter } from './filter.ts';
import type { SearchIndex } from './index.ts';

export interface Query extends Filter {
  /** A question or words; nothing lists. */
  text?: string;
  /** 10 when absent. */
  limit?: number;
  offset?: number;
  /** `relevance` when absent and there is a text. */
  order?: 'relevance' | 'date';
}

export interface QueryContext {
  now: Date;
  entries: Entries;
  /** What may be found at all, by its place in `entries`: what still stands, what belongs to this branch. */
  mayFind(place: number): boolean;
  /** Over the same entries; asked only when there are words. */
  openIndex(): SearchIndex | Promise<SearchIndex>;
}

export interface Hit {
  excerpt: Excerpt;
  /** In the entries that were asked. */
  place: number;
  /** For order only: not comparable between questions. 0 when nothing was asked. */
  score: number;
  /** 0 to 1: how much of the question the record holds, rare words counting more. Comparable between questions. */
  coverage: number;
  /** Words of the question with the fields that hold them, the rarest first, such as `recursion: title, body`. */
  why: string[];
}

/** Of a process that stays every question would ask for it again. */
const loadFind = once(() => import('./find.ts'));

/** Hits in order. Throws RepomemError `usage` on a date that is none. */
export async function runQuery(query: Query, context: QueryContext): Promise<Hit[]> {
  const { entries } = context;
  const passes = makeFilter(query, context.now);
  const isAllowed = (place: number): boolean => context.mayFind(place) && (!passes || passes(entries.at(place)));
  const offset = query.offset ?? 0;
  const end = offset + (query.limit ?? 10);
  if (query.text === undefined || query.text.trim() === '')
    return Array.from({ length: entries.count }, (_, place) => place)
      .filter(isAllowed)
      .map((place) => ({ excerpt: entries.at(place), place, score: 0, coverage: 0, why: [] }))
      .sort((a, b) => byNewest(a.excerpt, b.excerpt))
      .slice(offset, end);
  const { findHits } = await loadFind();
  const hits = findHits(await context.openIndex(), query.text, isAllowed, context.now, {
    order: query.order ?? 'relevance',
    wanted: end,
  });
  if (query.order === 'date') hits.sort((a, b) => byNewest(a.excerpt, b.excerpt));
  return hits.slice(offset, end);
}

export function byNewest(a: Excerpt, b: Excerpt): number {
  if (a.created !== b.created) return a.created > b.created ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
