// One question to the memory, whoever asks: filters, then the index, then order. Without words it lists, newest first.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import type { RecordTable } from '../index/table.ts';
import { makeFilter } from './filter.ts';
import type { Hit, Query } from './hit.ts';

export interface QueryContext {
  now: Date;
  table: RecordTable;
  /** What may be found at all, by row: what is active, what belongs to this branch. */
  mayFind(row: number): boolean;
  /** By meaning, where that is on: the cosine of the question to a row. */
  likeness?: (row: number) => number | undefined;
}

export interface Found {
  hits: Hit[];
  /** How many there are in all. */
  total: number;
}

/** Of a process that stays every question would ask for it again. */
const loadFind = once(() => import('./find-hits.ts'));

/** Hits in order. Throws RepomemError `usage` on a date that is none. */
export async function runQuery(query: Query, { now, table, mayFind, likeness }: QueryContext): Promise<Found> {
  const passes = makeFilter(query, now);
  const isAllowed = (row: number): boolean => mayFind(row) && (!passes || passes(table.excerptAt(row)));
  const offset = query.offset ?? 0;
  const end = offset + (query.limit ?? 10);
  if (query.text === undefined || query.text.trim() === '') {
    const [created, path] = [table.column('created'), table.column('path')];
    const shown = Array.from({ length: table.count }, (_, row) => ({ row, created: created[row]!, path: path[row]! }))
      .filter(({ row }) => isAllowed(row))
      .sort(byNewest);
    const hits = shown
      .slice(offset, end)
      .map(({ row }): Hit => ({ excerpt: table.excerptAt(row), row, score: 0, coverage: 0, why: [], words: [] }));
    return { hits, total: shown.length };
  }
  const { findHits } = await loadFind();
  const { hits, total } = findHits(table, query.text, isAllowed, now, {
    order: query.order ?? 'relevance',
    wanted: end,
    isPlain: query.isPlain ?? false,
    ...(likeness && { likeness }),
  });
  if (query.order === 'date') hits.sort((a, b) => byNewest(a.excerpt, b.excerpt));
  return { hits: hits.slice(offset, end), total };
}

type Dated = Pick<Excerpt, 'created' | 'path'>;

export function byNewest(a: Dated, b: Dated): number {
  if (a.created !== b.created) return a.created > b.created ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
