// Freshness in words: one line a cite, the same for the terminal, for models and in JSON.
import type { Cite } from '../domain/cite.ts';
import type { Excerpt } from '../domain/excerpt.ts';
import { isStale } from '../domain/cite.ts';
import type { RecordFreshness } from '../git/cites/freshness.ts';
import type { CiteState } from '../git/cites/judge-cite.ts';
import { cleanLine } from '../privacy/invisible.ts';

/** The stale cites of a record, a line each. */
export function staleLines(excerpt: Pick<Excerpt, 'cites'>, state: RecordFreshness | undefined): string[] {
  return excerpt.cites.flatMap((cite, paths) => {
    const now = state?.cites[paths];
    if (!now || !isStale(now.freshness)) return [];
    return [`${placeText(cite)} ${stateText(now)}${now.commit ? ` (${now.commit.slice(0, 9)})` : ''}`];
  });
}

/** Such as `has changed since` or `stands at src/b.ts:4-9 now`; '' when fresh. */
export function stateText(now: CiteState): string {
  switch (now.freshness) {
    case 'fresh':
      return '';
    case 'gone':
      return 'is gone';
    case 'changed':
      return 'has changed since';
    case 'moved':
      return `stands in ${placeText(now)} now`;
    case 'shifted':
      return `stands at ${now.lines ? now.lines.join('-') : 'other lines'} now`;
  }
}

export function placeText(cite: Pick<Cite, 'path' | 'lines'>): string {
  return cleanLine(cite.path, 200) + (cite.lines ? `:${cite.lines[0]}-${cite.lines[1]}` : '');
}
