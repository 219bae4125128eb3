import type { Excerpt } from '../domain/excerpt.ts';
import { isStale } from '../domain/cite.ts';
import type { RecordFreshness } from '../git/freshness.ts';

/** What no longer stands of what a record cites, a line each. */
export function staleLines(excerpt: Excerpt, state: RecordFreshness | undefined): string[] {
  return excerpt.cites.flatMap((cite, place) => {
    const now = state?.cites[place];
    if (!now || !isStale(now.freshness)) return [];
    const where = cite.lines ? `${cite.path}:${cite.lines[0]}-${cite.lines[1]}` : cite.path;
    return [
      `${where} ${now.freshness === 'gone' ? 'is gone' : 'has changed since'}${now.commit ? ` (${now.commit.slice(0, 9)})` : ''}`,
    ];
  });
}
