// Vectors of records in one file of the private cache, for all worktrees: keyed by blob, and valid for one provider, model and text
// version. One byte per number. Derived data: a damaged or foreign file counts as missing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { MemoryPaths } from '../domain/memory-paths.ts';
import { writeFileAtomic } from '../store/atomic.ts';
import type { Encoder } from './encoder.ts';

export interface Vectors {
  /** Provider, model and text version. */
  readonly key: string;
  readonly dimensions: number;
  readonly blobs: readonly string[];
  /** Blob × dimension, scaled to ±127. */
  readonly values: Int8Array;
}

export interface StoredVectors extends Vectors {
  /** Euclidean length of each vector of `values`. */
  readonly lengths: Float32Array;
}

const mark = 'repomem vectors 2';
/** A new number invalidates all vectors. Increase it when textOf changes. */
const textVersion = 1;

export function vectorsKey(encoder: Encoder): string {
  return `${encoder.key} text ${textVersion}`;
}

interface Head {
  mark: string;
  key: string;
  dimensions: number;
  /** Length in bytes of the JSON list of blobs. */
  blobBytes: number;
  /** Of all but the numbers: those of a damaged file are wrong, and harmless. */
  checksum: number;
}

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', 'vectors-v2.bin');
}

/** Undefined without a valid file of this key. */
export function readVectors(paths: MemoryPaths, key: string): StoredVectors | undefined {
  try {
    return parseVectors(readFileSync(fileOf(paths)), key);
  } catch {
    return undefined;
  }
}

/** Throws errors of the file system. */
export function writeVectors(paths: MemoryPaths, vectors: Vectors): void {
  writeFileAtomic(fileOf(paths), formatVectors(vectors), { mode: 0o600, dirMode: 0o700, fsync: false });
}

function formatVectors({ key, dimensions, blobs, values }: Vectors): Buffer {
  const names = Buffer.from(JSON.stringify(blobs));
  const lengths = Float32Array.from(blobs, (_, at) =>
    Math.hypot(...values.subarray(at * dimensions, (at + 1) * dimensions)),
  );
  const told = Buffer.concat([names, Buffer.from(lengths.buffer)]);
  const head: Head = { mark, key, dimensions, blobBytes: names.length, checksum: crc32(told) };
  const numbers = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), told, numbers]);
}

/** Throws a RangeError or SyntaxError when the bytes are not a complete file of this version and key. */
function parseVectors(bytes: Buffer, key: string): StoredVectors {
  const end = bytes.indexOf(0x0a) + 1;
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  if (head.mark !== mark || head.key !== key) throw new RangeError('vectors: of another version or key');
  const content = bytes.subarray(end);
  const blobs = JSON.parse(content.toString('utf8', 0, head.blobBytes)) as string[];
  const toldBytes = head.blobBytes + blobs.length * Float32Array.BYTES_PER_ELEMENT;
  if (crc32(content.subarray(0, toldBytes)) !== head.checksum) throw new RangeError('vectors: damaged');
  const lengths = new Float32Array(Uint8Array.from(content.subarray(head.blobBytes, toldBytes)).buffer);
  const values = new Int8Array(content.buffer, content.byteOffset + toldBytes, content.length - toldBytes);
  if (values.length !== blobs.length * head.dimensions) throw new RangeError('vectors: damaged');
  return { key, dimensions: head.dimensions, blobs, values, lengths };
}

/** Scales a vector to signed bytes: keeps its direction, not its length. */
export function quantize(vector: readonly number[]): Int8Array {
  const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => (most === 0 ? 0 : Math.round((value / most) * 127)));
}

/** Cosine of a question to each vector, in order. */
export function cosines(
  { dimensions, blobs, values, lengths }: StoredVectors,
  question: readonly number[],
): Float64Array {
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
