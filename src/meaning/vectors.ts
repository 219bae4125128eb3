// Vectors of records in one file of the private cache, for all worktrees: keyed by blob, and valid for one provider, model and text
// version. One byte per number. Derived data: a damaged or foreign file counts as missing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Encoder } from './encoder.ts';

export interface Vectors {
  readonly dimensions: number;
  readonly blobs: readonly string[];
  /** Blob × dimension, scaled to ±127. */
  readonly values: Int8Array;
  /** Euclidean length of each vector of `values`. */
  readonly lengths: Float32Array;
}

/** A new number invalidates all vectors. Increase it when textOf or the file's form changes. */
const textVersion = 2;

export function vectorsKey(encoder: Encoder): string {
  return `${encoder.key} text ${textVersion}`;
}

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', 'vectors-v2.bin');
}

/** Undefined without a valid file of this key. */
export function readVectors(paths: MemoryPaths, key: string): Vectors | undefined {
  try {
    const bytes = readFileSync(fileOf(paths));
    const start = bytes.indexOf(0x0a) + 1;
    const head = JSON.parse(bytes.toString('utf8', 0, start)) as Pick<Vectors, 'dimensions' | 'blobs'> & {
      key: string;
    };
    const { dimensions, blobs } = head;
    const valuesAt = start + blobs.length * Float32Array.BYTES_PER_ELEMENT;
    if (head.key !== key || bytes.length - valuesAt !== blobs.length * dimensions) return undefined;
    const lengths = new Float32Array(Uint8Array.from(bytes.subarray(start, valuesAt)).buffer);
    return { dimensions, blobs, lengths, values: new Int8Array(bytes.buffer, bytes.byteOffset + valuesAt) };
  } catch {
    return undefined;
  }
}

/** A line of JSON, the lengths, the values. `vectors`: by blob, the newest last. Throws errors of the file system. */
export function writeVectors(paths: MemoryPaths, key: string, vectors: ReadonlyMap<string, Int8Array>): void {
  const dimensions = [...vectors.values()].at(-1)?.length ?? 0;
  // The endpoint's vector length may have changed: only vectors of the newest length are kept.
  const kept = [...vectors].filter(([, { length }]) => length === dimensions);
  const head = JSON.stringify({ key, dimensions, blobs: kept.map(([blob]) => blob) });
  const lengths = Float32Array.from(kept, ([, values]) => Math.hypot(...values));
  const values = kept.map(([, one]) => Buffer.from(one.buffer, one.byteOffset, one.length));
  const bytes = Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(lengths.buffer), ...values]);
  writeFileAtomic(fileOf(paths), bytes, { mode: 0o600, dirMode: 0o700, fsync: false });
}

/** Scales a vector to signed bytes: keeps its direction, not its length. */
export function quantize(vector: readonly number[]): Int8Array {
  const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => (most === 0 ? 0 : Math.round((value / most) * 127)));
}

/** Cosine of a question to each vector, in order. */
export function cosines({ dimensions, blobs, values, lengths }: Vectors, question: readonly number[]): Float64Array {
  const length = Math.hypot(...question);
  const asked = Float64Array.from(question);
  const found = new Float64Array(blobs.length);
  for (let at = 0; at < blobs.length; at++) {
    let product = 0;
    const start = at * dimensions;
    for (let i = 0; i < dimensions; i++) product += values[start + i]! * asked[i]!;
    const own = lengths[at]!;
    found[at] = own === 0 || length === 0 ? 0 : product / (own * length);
  }
  return found;
}
