// Numbers by place that one question after the other is worked out in: to have them made anew each time costs the collector more than the
// question costs the processor.
import type { Entries } from './entries.ts';

/** Whoever takes a column fills it with zeros first, and is done with it before another question begins. */
export interface Scratch {
  readonly sums: Float64Array;
  readonly scores: Float64Array;
  readonly orders: Uint32Array;
  readonly found: Uint32Array;
  readonly seen: Uint8Array;
}

const scratches = new WeakMap<Entries, Scratch>();

export function scratchOf(entries: Entries): Scratch {
  let scratch = scratches.get(entries);
  if (scratch === undefined) {
    const { count } = entries;
    scratch = {
      sums: new Float64Array(count),
      scores: new Float64Array(count),
      orders: new Uint32Array(count),
      found: new Uint32Array(count),
      seen: new Uint8Array(count),
    };
    scratches.set(entries, scratch);
  }
  return scratch;
}
