// One question to the memory, whoever asks: filters, then the index, then order. Without words it lists, newest first.
import type { Excerpt } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import type { Catalog } from './catalog.ts';
import { type Filter, makeFilter } from './filter.ts';
import type { SearchIndex } from './index.ts';
import { activeExcerpts } from './standing.ts';

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
  isTrusted(excerpt: Excerpt): boolean;
  /** What may be found at all, such as what belongs to this branch; everything when absent. */
  isVisible?(excerpt: Excerpt): boolean;
  /** An index that is open already, for the same catalog. */
  index?: SearchIndex;
  /** What activeExcerpts gave for the same catalog; worked out when absent. */
  active?: ReadonlySet<Excerpt>;
}

export interface Hit {
  excerpt: Excerpt;
  /** For order only: not comparable between questions. 0 when nothing was asked. */
  score: number;
  /** 0 to 1: how much of the question the record holds, rare words counting more. Comparable between questions. */
  coverage: number;
  /** Words of the question with the fields that hold them, best first, such as `recursion: title, body`. */
  why: string[];
}

/** Hits in order. Throws RepomemError `usage` on a date that is none. */
export async function runQuery(place: Place, catalog: Catalog, query: Query, context: QueryContext): Promise<Hit[]> {
  const passes = makeFilter(query, context.now);
  const active = context.active ?? new Set(activeExcerpts(catalog.excerpts, context.isTrusted));
  const isAllowed = (excerpt: Excerpt): boolean =>
    active.has(excerpt) && passes(excerpt) && (context.isVisible?.(excerpt) ?? true);
  const offset = query.offset ?? 0;
  const end = offset + (query.limit ?? 10);
  if (query.text === undefined || query.text.trim() === '')
    return [...active]
      .filter(isAllowed)
      .sort(byNewest)
      .slice(offset, end)
      .map((excerpt) => ({ excerpt, score: 0, coverage: 0, why: [] }));
  const { findHits } = await import('./find.ts');
  const hits = await findHits(place, catalog, query.text, isAllowed, context, {
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
