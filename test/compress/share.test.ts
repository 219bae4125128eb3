import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeRecords, type ShareItem, type ShareLimits } from '../../src/compress/plan/place-records.ts';

const limits: ShareLimits = {
  maxRecords: 2,
  maxBytes: 1000,
  maxLocalBytes: 500,
  shareSessions: false,
  shareTypes: {},
};
const item = (id: string, over: Partial<ShareItem> = {}): ShareItem => ({
  id,
  type: 'gotcha',
  bytes: 100,
  importance: 0.5,
  canMove: true,
  ...over,
});

const bytes = (items: ShareItem[]): number => items.reduce((sum, one) => sum + one.bytes, 0);

describe('placeRecords', () => {
  it('shares durable types and keeps fading ones local', () => {
    const placing = placeRecords([item('a'), item('b', { type: 'discovery' }), item('c', { type: 'session' })], limits);
    expect(Object.fromEntries(placing)).toEqual({ a: 'shared', b: 'local', c: 'local' });
  });

  it('obeys the settings for types and summaries', () => {
    const placing = placeRecords([item('a'), item('b', { type: 'discovery' }), item('c', { type: 'session' })], {
      ...limits,
      shareSessions: true,
      shareTypes: { gotcha: false, discovery: true },
    });
    expect(Object.fromEntries(placing)).toEqual({ a: 'local', b: 'shared', c: 'shared' });
  });

  it('lets a better record push an uncommitted lesser one to the local tier, and only that one', () => {
    const standing = [
      item('committed', { tier: 'shared', importance: 0.1, canMove: false }),
      item('lesser', { tier: 'shared', importance: 0.4 }),
    ];
    const placing = placeRecords([...standing, item('better', { importance: 0.9 })], limits);
    expect(Object.fromEntries(placing)).toEqual({ committed: 'shared', lesser: 'local', better: 'shared' });
  });

  it('moves nothing for an equal', () => {
    const standing = [item('y', { tier: 'shared' }), item('z', { tier: 'shared' })];
    expect(placeRecords([...standing, item('a')], limits).get('a')).toBe('local');
  });

  it('never shares a record again after it became local', () => {
    expect(placeRecords([item('a', { tier: 'local', importance: 1 })], limits).get('a')).toBe('local');
  });

  it('drops the least important when the local tier is full, never a record edited by a person', () => {
    const placing = placeRecords(
      [
        item('edited', { tier: 'local', importance: 0, bytes: 300, canMove: false }),
        item('old', { tier: 'local', importance: 0.2, bytes: 200 }),
        item('new', { type: 'discovery', importance: 0.8, bytes: 200 }),
      ],
      limits,
    );
    expect(Object.fromEntries(placing)).toEqual({ edited: 'local', new: 'local', old: undefined });
  });

  it('makes superseded records yield', () => {
    const placing = placeRecords([item('a', { tier: 'shared', importance: 1, isSuperseded: true }), item('b')], limits);
    expect(Object.fromEntries(placing)).toEqual({ a: 'local', b: 'shared' });
  });

  it('never exceeds a cap, over any sequence of claims', () => {
    const made = fc.record({
      type: fc.constantFrom('gotcha', 'bugfix', 'discovery', 'progress', 'session'),
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
        const committed = new Set<string>();
        let standing: ShareItem[] = [];
        let ordinal = 0;
        for (const claim of claims) {
          const fresh = claim.map((one) => item(`r${ordinal++}`, one as Partial<ShareItem>));
          const placing = placeRecords([...standing, ...fresh], { ...limits, ...cap });
          standing = [...standing, ...fresh].flatMap((one) => {
            const tier = placing.get(one.id);
            return tier === undefined ? [] : [{ ...one, tier }];
          });
          claim.forEach((one, index) => {
            const id = fresh[index]?.id ?? '';
            if (one.isCommitted && placing.get(id) === 'shared') committed.add(id);
          });
          standing = standing.map((one) => ({ ...one, canMove: !committed.has(one.id) }));
          const shared = standing.filter((one) => one.tier === 'shared');
          const local = standing.filter((one) => one.tier === 'local');
          expect(shared.length).toBeLessThanOrEqual(cap.maxRecords);
          expect(bytes(shared)).toBeLessThanOrEqual(cap.maxBytes);
          expect(bytes(local)).toBeLessThanOrEqual(cap.maxLocalBytes);
          for (const id of committed) expect(placing.get(id) ?? 'shared').toBe('shared');
        }
      }),
    );
  });
});
