// A table of records in memory, for questions.
import type { Excerpt } from '../../src/domain/excerpt.ts';
import type { MemoryRecord } from '../../src/domain/record.ts';
import { overlayTable } from '../../src/index/overlay.ts';
import { wordsOfRecord } from '../../src/index/record-words.ts';
import type { RecordTable } from '../../src/index/table.ts';
import { excerpt } from './search-place.ts';

export type Told = Partial<
  Pick<MemoryRecord, 'type' | 'title' | 'description' | 'body' | 'created' | 'session' | 'facts' | 'concepts'>
> & {
  id: string;
  /** Cited paths. */
  paths?: string[];
};

export function tableOf(records: readonly Told[]): RecordTable {
  return overlayTable(
    records.map(({ id, paths = [], body = '', ...rest }) => {
      const cites = paths.map((path) => ({ path }));
      const one: Excerpt = excerpt({ ...rest, id, cites, path: `.claude-mem/observations/2026/11/${id}.md` });
      return { excerpt: one, words: () => wordsOfRecord({ facts: [], ...one, body } as unknown as MemoryRecord) };
    }),
  );
}
