// One question to the memory, whoever asks: filters, then the index, then order. Without words it lists, newest first.
import type { Excerpt } from '../domain/excerpt.ts';
import { once } from '../domain/once.ts';
import { makeFilter } from './filter.ts';
import type { Found, Hit, Query, QueryContext } from './hit.ts';

/** Of a process that stays every question would ask for it again. */
const loadFind = once(() => import('./find-hits.ts'));

/** Hits in order. Throws RepomemError `usage` on a date that is none. */
export async function runQuery(query: Query, context: QueryContext): Promise<Found> {
  const { table } = context;
  const passes = makeFilter(query, context.now);
  const mayFind = (row: number): boolean => context.mayFind(row) && (!passes || passes(table.excerptAt(row)));
  const offset = query.offset ?? 0;
  const end = offset + (query.limit ?? 10);
  if (query.text?.trim()) {
    const { hits, total } = (await loadFind()).findHits(query, { ...context, mayFind }, end);
    if (query.order === 'date') hits.sort((a, b) => byNewest(a.excerpt, b.excerpt));
    return { hits: hits.slice(offset, end), total };
  }
  const [created, path] = [table.column('created'), table.column('path')];
  const shown = Array.from({ length: table.count }, (_, row) => ({ row, created: created[row]!, path: path[row]! }))
    .filter(({ row }) => mayFind(row))
    .sort(byNewest);
  const hits = shown
    .slice(offset, end)
    .map(({ row }): Hit => ({ excerpt: table.excerptAt(row), row, score: 0, coverage: 0, why: [], words: [] }));
  return { hits, total: shown.length };
}

type Dated = Pick<Excerpt, 'created' | 'path'>;

export function byNewest(a: Dated, b: Dated): number {
  if (a.created !== b.created) return a.created > b.created ? -1 : 1;
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
