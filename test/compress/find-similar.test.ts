import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSimilar, subjectOf } from '../../src/compress/plan/find-similar.ts';
import type { Event } from '../../src/domain/event.ts';
import type { Excerpt } from '../../src/domain/excerpt.ts';
import { stemmedWords } from '../../src/index/words.ts';

const base = { key: 'k', at: '2026-11-20T12:00:00Z' };

const excerpt = (id: string, title: string, path: string, type = 'gotcha'): Excerpt =>
  ({
    id,
    title,
    description: '',
    aliases: [],
    cites: [{ path }],
    type,
    created: '2026-11-20T12:00:00Z',
  }) as unknown as Excerpt;

describe('findSimilar', () => {
  it('prefers records that cite the same file and use the same words, and leaves summaries and tombstones out', () => {
    const events: Event[] = [
      { ...base, kind: 'read', path: 'src/cache.ts' },
      { ...base, key: 't', kind: 'text', text: 'the gateway timeout is too short' },
    ];
    const found = findSimilar(
      subjectOf(events),
      [
        excerpt('unrelated', 'Parser keeps comments', 'src/parser.ts'),
        excerpt('words', 'Gateway timeout is short', 'src/gateway.ts'),
        excerpt('path', 'Entries never expire', 'src/cache.ts'),
        excerpt('grave', 'Gateway timeout is short', 'src/cache.ts', 'tombstone'),
      ],
      8,
    );
    expect(found.map(({ id }) => id)).toEqual(['words', 'path']);
  });

  it('finds the same as a comparison with every record, for any number of queries', () => {
    const word = fc.constantFrom('gateway', 'timeout', 'cache', 'entry', 'parser', 'comment', 'queue', 'short', 'lock');
    const path = fc.constantFrom('src/a.ts', 'src/b.ts', 'src/c.ts');
    const record = fc.record({ words: fc.array(word, { maxLength: 5 }), path, isDead: fc.boolean() });
    const question = fc.record({ words: fc.array(word, { minLength: 1, maxLength: 6 }), path });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), fc.array(question, { maxLength: 4 }), (records, questions) => {
        const excerpts = records.map((one, index) =>
          excerpt(`r${index}`, one.words.join(' '), one.path, one.isDead ? 'tombstone' : 'gotcha'),
        );
        for (const asked of questions) {
          const events: Event[] = [
            { ...base, kind: 'text', text: asked.words.join(' ') },
            { ...base, key: 'r', kind: 'read', path: asked.path },
          ];
          const words = new Set(events.flatMap((event) => stemmedWords(Object.values(event).join('\n'))));
          const scores = excerpts.map(({ title, cites }) => {
            const own = [...new Set(stemmedWords(title))];
            const shared = own.length === 0 ? 0 : own.filter((stem) => words.has(stem)).length / own.length;
            return shared + (cites[0]?.path === asked.path ? 0.5 : 0);
          });
          const found = findSimilar(subjectOf(events), excerpts, 5);
          const all = excerpts.filter(({ type }, index) => type !== 'tombstone' && scores[index]! >= 0.12);
          expect(found).toHaveLength(Math.min(5, all.length));
          const scoreOf = (one: Excerpt): number => scores[excerpts.indexOf(one)]!;
          const best = all.map(scoreOf).sort((a, b) => b - a);
          expect(found.map(scoreOf)).toEqual(best.slice(0, found.length));
        }
      }),
    );
  });
});
