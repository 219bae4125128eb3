import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tier } from '../../src/domain/excerpt.ts';
import { placeRecords, type ShareItem, type ShareLimits } from '../../src/compress/plan/place-records.ts';

const limits: ShareLimits = {
  maxRecords: 2,
  maxBytes: 1000,
  maxLocalBytes: 500,
  sessions: false,
  types: ['auto'],
};
const item = (id: string, over: Partial<ShareItem> = {}): ShareItem => ({
  id,
  type: 'gotcha',
  bytes: 100,
  importance: 0.5,
  ...over,
});

const bytes = (items: readonly { bytes: number }[]): number => items.reduce((sum, one) => sum + one.bytes, 0);

describe('placeRecords', () => {
  it('shares durable types and keeps fading ones local', () => {
    const placing = placeRecords(
      [item('a'), item('b', { type: 'discovery' }), item('c', { type: 'session' })],
      [],
      limits,
    );
    expect(Object.fromEntries(placing)).toEqual({ a: 'shared', b: 'local', c: 'local' });
  });

  it('obeys the settings for types and summaries', () => {
    const placing = placeRecords([item('a'), item('b', { type: 'discovery' }), item('c', { type: 'session' })], [], {
      ...limits,
      sessions: true,
      types: ['discovery'],
    });
    expect(Object.fromEntries(placing)).toEqual({ a: 'local', b: 'shared', c: 'shared' });
  });

  it('gives the shared places to the more important, and of equals to the first', () => {
    const made = [item('lesser', { importance: 0.4 }), item('better', { importance: 0.9 }), item('equal')];
    const placing = placeRecords(made, [{ tier: 'shared', bytes: 100 }], limits);
    expect(Object.fromEntries(placing)).toEqual({ better: 'shared', equal: 'local', lesser: 'local' });
    expect(placeRecords([item('a'), item('b')], [{ tier: 'shared', bytes: 100 }], limits).get('a')).toBe('shared');
  });

  it('leaves out the least important when the local tier is full', () => {
    const made = [
      item('lesser', { type: 'discovery', importance: 0.2, bytes: 200 }),
      item('better', { type: 'discovery', importance: 0.8, bytes: 200 }),
    ];
    expect(Object.fromEntries(placeRecords(made, [{ tier: 'local', bytes: 300 }], limits))).toEqual({
      better: 'local',
    });
  });

  it('never exceeds a cap, over any sequence of claims', () => {
    const made = fc.record({
      type: fc.constantFrom('gotcha' as const, 'bugfix' as const, 'discovery' as const, 'session' as const),
      bytes: fc.integer({ min: 1, max: 900 }),
      importance: fc.double({ min: 0, max: 1, noNaN: true }),
      isCommitted: fc.boolean(),
    });
    const caps = fc.record({
      maxRecords: fc.integer({ min: 0, max: 5 }),
      maxBytes: fc.integer({ min: 0, max: 2000 }),
      maxLocalBytes: fc.integer({ min: 0, max: 2000 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(made, { maxLength: 6 }), { maxLength: 6 }), caps, (claims, cap) => {
        let committed: { tier: Tier; bytes: number }[] = [];
        for (const [ordinal, claim] of claims.entries()) {
          const fresh = claim.map((one, index) => ({ ...one, id: `${ordinal}-${index}` }));
          const placing = placeRecords(fresh, committed, { ...limits, ...cap });
          const placed = fresh.flatMap(({ id, ...one }) => {
            const tier = placing.get(id);
            return tier === undefined ? [] : [{ ...one, tier }];
          });
          const [shared, local] = (['shared', 'local'] as const).map((tier) =>
            [...committed, ...placed].filter((one) => one.tier === tier),
          );
          expect(shared!.length).toBeLessThanOrEqual(cap.maxRecords);
          expect(bytes(shared!)).toBeLessThanOrEqual(cap.maxBytes);
          expect(bytes(local!)).toBeLessThanOrEqual(cap.maxLocalBytes);
          committed = [...committed, ...placed.filter((one) => one.isCommitted)];
        }
      }),
    );
  });
});
