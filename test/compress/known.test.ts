import { describe, expect, it } from 'vitest';
import { isForgotten, judgeKnown } from '../../src/compress/plan/known.ts';
import { compareSketches, sketchOf } from '../../src/compress/plan/similarity.ts';
import { matchesKey, type MemoryRecord } from '../../src/domain/record.ts';

function record(id: string, over: Partial<MemoryRecord> = {}): MemoryRecord {
  return {
    id,
    type: 'bugfix',
    title: 'fib() recursed forever on negative input',
    description: 'Neither base case is reached for n below zero; fib now raises ValueError.',
    created: '2026-11-20T12:48:00Z',
    concepts: [],
    cites: [{ path: 'fibonacci.py' }],
    aliases: [],
    facts: ['`python3 -m unittest` passes'],
    supersedes: [],
    contradicts: [],
    forgets: [],
    body: 'A negative n never meets the base case and the recursion has no end.',
    extra: {},
    ...over,
  };
}

const words = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `word${from + n}`).join(' ');
const sketch = (text: string): string[] => sketchOf({ title: text, description: '', facts: [], body: '' });

describe('judgeKnown', () => {
  it('drops a repetition', () => {
    const again = record('new', { body: 'A negative n never meets the base case; the recursion had no end.' });
    expect(judgeKnown(again, [record('old')], [])).toMatchObject({ kind: 'known' });
  });

  it('supersedes when the new one says more', () => {
    const more = record('new', {
      facts: ['`python3 -m unittest` passes', 'Only fibonacci.py itself calls fib', 'Zero is a valid input'],
    });
    expect(judgeKnown(more, [record('old')], [])).toEqual({ kind: 'new', supersedes: ['old'], contradicts: [] });
  });

  it('keeps another statement about the same file', () => {
    const other = record('new', {
      title: 'fib() is slow above 35 because nothing is memoised',
      description: 'Each call makes two; a cache of results brings it to linear time.',
      facts: [],
      body: '',
    });
    expect(judgeKnown(other, [record('old')], [])).toEqual({ kind: 'new', supersedes: [], contradicts: [] });
  });

  it('keeps the same words about another file', () => {
    const other = record('new', { cites: [{ path: 'lucas.py' }], title: 'lucas() recursed forever on negative input' });
    expect(judgeKnown(other, [record('old')], [])).toMatchObject({ kind: 'new' });
  });

  it('believes a provider only about records that it may know', () => {
    const proposed = { supersedes: ['old', 'foreign1'], contradicts: ['nowhere1'] };
    const news = record('new', { title: 'Something else entirely is true here', facts: [], description: '', body: '' });
    expect(judgeKnown(news, [record('old')], [], proposed)).toEqual({
      kind: 'new',
      supersedes: ['old'],
      contradicts: [],
    });
  });

  it.each([
    ['The cache is shared between worker processes', 'The cache is not shared between worker processes'],
    ['Request timeout of the gateway is 30 s', 'Request timeout of the gateway is 60 s'],
    ['Use tabs instead of spaces in makefiles', 'Use spaces instead of tabs in makefiles'],
  ])('marks a contradiction: %s / %s', (old, now) => {
    const bare = { description: '', facts: [], body: '', type: 'pattern' as const };
    const verdict = judgeKnown(record('new', { ...bare, title: now }), [record('old', { ...bare, title: old })], []);
    expect(verdict).toEqual({ kind: 'new', supersedes: [], contradicts: ['old'] });
  });

  it.each([
    ['The cache is shared between worker processes', 'The parser does not keep comments'],
    ['Request timeout of the gateway is 30 s', 'Number of gateway retries is 3'],
    ['Use tabs instead of spaces in makefiles', 'Use spaces instead of tabs in YAML files of the CI'],
  ])('sees no contradiction: %s / %s', (old, now) => {
    const bare = { description: '', facts: [], body: '', type: 'pattern' as const };
    const verdict = judgeKnown(record('new', { ...bare, title: now }), [record('old', { ...bare, title: old })], []);
    expect(verdict).toMatchObject({ contradicts: [] });
  });

  it('supersedes when the newer one says that it corrects', () => {
    const bare = { description: '', facts: [], body: '', type: 'discovery' as const };
    const old = record('old', { ...bare, title: 'Sessions are stored in Redis' });
    const now = record('new', { ...bare, title: 'Sessions are no longer stored in Redis' });
    expect(judgeKnown(now, [old], [])).toEqual({ kind: 'new', supersedes: ['old'], contradicts: [] });
  });
});

describe('a tombstone', () => {
  const tombstone = record('grave', {
    type: 'tombstone',
    title: 'Forgotten',
    description: '',
    facts: [],
    body: '',
    cites: [],
    extra: { [matchesKey]: sketchOf(record('old')) },
  });

  it('suppresses the same content in other words', () => {
    const again = record('new', { facts: [], body: 'fib called itself without end.', type: 'gotcha' });
    expect(judgeKnown(again, [], [tombstone])).toMatchObject({
      kind: 'known',
      reason: 'forgotten: grave suppresses it',
    });
  });

  it('suppresses nothing else about the same file', () => {
    const other = record('new', { title: 'fib() is memoised now', description: 'A cache makes it linear.', facts: [] });
    expect(isForgotten(other, tombstone)).toBe(false);
  });

  it('contains no word of the forgotten record', () => {
    expect(JSON.stringify(tombstone.extra)).not.toMatch(/fib|recurs|negative/);
  });
});

describe('compareSketches', () => {
  it('approximates the Jaccard index of large sets', () => {
    expect(Math.abs(compareSketches(sketch(words(0, 400)), sketch(words(200, 600))) - 1 / 3)).toBeLessThan(0.2);
    expect(compareSketches(sketch(words(0, 400)), sketch(words(0, 400)))).toBe(1);
    expect(compareSketches(sketch(''), sketch(words(0, 9)))).toBe(0);
  });
});
