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

const mark = 'repomem vectors 1';
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
  checksum: number;
}

function fileOf(paths: MemoryPaths): string {
  return join(paths.privateDir, 'cache', 'vectors-v1.bin');
}

/** Undefined without a valid file of this key. */
export function readVectors(paths: MemoryPaths, key: string): Vectors | undefined {
  try {
    return findVectors(paths, key)?.();
  } catch {
    return undefined;
  }
}

/** A file that begins as one of this key, to be parsed later. Throws as parseVectors, or errors of the file system; so does what is returned. */
export function findVectors(paths: MemoryPaths, key: string): (() => Vectors) | undefined {
  const bytes = readFileSync(fileOf(paths));
  return readHead(bytes).head.key === key ? () => parseVectors(bytes) : undefined;
}

/** Throws errors of the file system. */
export function writeVectors(paths: MemoryPaths, vectors: Vectors): void {
  writeFileAtomic(fileOf(paths), formatVectors(vectors), { mode: 0o600, dirMode: 0o700, fsync: false });
}

export function formatVectors({ key, dimensions, blobs, values }: Vectors): Buffer {
  const names = Buffer.from(JSON.stringify(blobs));
  const content = Buffer.concat([names, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
  const head: Head = { mark, key, dimensions, blobBytes: names.length, checksum: crc32(content) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), content]);
}

/** Throws a RangeError or SyntaxError when the bytes are not a complete file of this version. */
export function parseVectors(bytes: Buffer): Vectors {
  const { head, content } = readHead(bytes);
  if (crc32(content) !== head.checksum) throw new RangeError('vectors: damaged');
  const blobs = JSON.parse(content.toString('utf8', 0, head.blobBytes)) as string[];
  const start = content.byteOffset + head.blobBytes;
  const values = new Int8Array(content.buffer, start, content.length - head.blobBytes);
  if (values.length !== blobs.length * head.dimensions) throw new RangeError('vectors: damaged');
  return { key: head.key, dimensions: head.dimensions, blobs, values };
}

function readHead(bytes: Buffer): { head: Head; content: Buffer } {
  const end = bytes.indexOf(0x0a) + 1;
  const head = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
  if (head.mark !== mark) throw new RangeError('vectors: of another version');
  return { head, content: bytes.subarray(end) };
}

/** Scales a vector to signed bytes: keeps its direction, not its length. */
export function quantize(vector: readonly number[]): Int8Array {
  const most = vector.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => (most === 0 ? 0 : Math.round((value / most) * 127)));
}

/** Cosine of a question to each vector, in order. */
export function cosines({ dimensions, blobs, values }: Vectors, question: readonly number[]): Float64Array {
  const length = Math.hypot(...question);
  const asked = Float64Array.from(question);
  const found = new Float64Array(blobs.length);
  // Four at a time: a quarter faster, which a person waits for.
  const whole = dimensions - (dimensions % 4);
  for (let at = 0; at < blobs.length; at++) {
    let product = 0;
    let square = 0;
    const start = at * dimensions;
    for (let i = 0; i < whole; i += 4) {
      const a = values[start + i]!;
      const b = values[start + i + 1]!;
      const c = values[start + i + 2]!;
      const d = values[start + i + 3]!;
      product += a * asked[i]! + b * asked[i + 1]! + c * asked[i + 2]! + d * asked[i + 3]!;
      square += a * a + b * b + c * c + d * d;
    }
    for (let i = whole; i < dimensions; i++) {
      const value = values[start + i]!;
      product += value * asked[i]!;
      square += value * value;
    }
    found[at] = square === 0 || length === 0 ? 0 : product / (Math.sqrt(square) * length);
  }
  return found;
}
