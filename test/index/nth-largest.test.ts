import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nthLargest } from '../../src/index/nth-largest.ts';

it('is what stands there in order of size, also among equals', () => {
  const values = fc.array(
    fc.oneof(fc.integer({ min: 0, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  );
  fc.assert(
    fc.property(values, fc.nat(20), (list, n) => {
      const sorted = [...list].sort((a, b) => b - a);
      // Not toBe: of two zeros it may be either.
      expect(nthLargest(list, n) === sorted[n - 1]).toBe(true);
    }),
  );
});
