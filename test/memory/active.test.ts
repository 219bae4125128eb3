import { describe, expect, it } from 'vitest';
import type { Excerpt } from '../../src/domain/excerpt.ts';
import { activeExcerpts } from '../../src/memory/verdicts.ts';
import { excerpt } from '../helpers/search-place.ts';

const ids = (excerpts: readonly Excerpt[]): string[] => excerpts.map(({ id }) => id);
const always = (): boolean => true;

describe('activeExcerpts', () => {
  it('leaves out what is superseded, forgotten, and the tombstones', () => {
    const all = [
      excerpt({ id: 'a' }),
      excerpt({ id: 'b', supersedes: ['a'] }),
      excerpt({ id: 'c' }),
      excerpt({ id: 't', type: 'tombstone', forgets: ['c'] }),
      excerpt({ id: 's', type: 'session' }),
    ];
    expect(ids(activeExcerpts(all, always))).toEqual(['b', 's']);
  });
  it('lets only trusted records supersede or forget', () => {
    const all = [
      excerpt({ id: 'a' }),
      excerpt({ id: 'b', supersedes: ['a'] }),
      excerpt({ id: 't', type: 'tombstone', forgets: ['a'] }),
    ];
    expect(ids(activeExcerpts(all, ({ id }) => id === 'a'))).toEqual(['a', 'b']);
  });
  it('lets a forgotten record supersede nothing', () => {
    const all = [
      excerpt({ id: 'a' }),
      excerpt({ id: 'b', supersedes: ['a'] }),
      excerpt({ id: 't', type: 'tombstone', forgets: ['b'] }),
    ];
    expect(ids(activeExcerpts(all, always))).toEqual(['a']);
  });
  it('keeps the later of two that supersede each other, and a record that names itself', () => {
    const all = [
      excerpt({ id: 'a', supersedes: ['b'], created: '2026-01-01T00:00:00Z' }),
      excerpt({ id: 'b', supersedes: ['a'], created: '2026-01-02T00:00:00Z' }),
      excerpt({ id: 'c', supersedes: ['c'] }),
    ];
    expect(ids(activeExcerpts(all, always))).toEqual(['b', 'c']);
  });
});
