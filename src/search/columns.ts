// Several columns in one file: typed arrays that are used where they lie, so that ten thousand rows cost nothing to load.
//
// Layout, little-endian as all of Node's platforms: magic, number of columns, checksum of what follows (uint32 each), padding
// to 16 bytes · lengths float64[columns] · each column, padded to 8 bytes.
import { crc32 } from 'node:zlib';

/** Read at the head of every file; another number is another format. */
const magic = 0x524d5301;
const headBytes = 16;

export function formatColumns(columns: readonly Uint8Array[]): Buffer {
  const lengths = Float64Array.from(columns, ({ byteLength }) => byteLength);
  const starts = startsOf(lengths);
  const bytes = Buffer.alloc(starts.at(-1)!);
  bytes.set(new Uint8Array(lengths.buffer), headBytes);
  for (const [at, column] of columns.entries()) bytes.set(column, starts[at]);
  const checksum = crc32(bytes.subarray(headBytes));
  bytes.set(new Uint8Array(Uint32Array.of(magic, columns.length, checksum).buffer));
  return bytes;
}

/** Of what formatColumns made. */
export function checksumOf(file: Buffer): number {
  return file.readUInt32LE(8);
}

/** Throws a RangeError when the bytes are not so many whole columns. Each begins where any typed array may. */
export function parseColumns(file: Buffer, count: number): Uint8Array[] {
  const bytes = file.byteOffset % 8 === 0 ? file : Buffer.from(new Uint8Array(file).buffer);
  if (bytes.length < headBytes + count * 8) throw new RangeError('columns: too short');
  const [mark, found, checksum] = new Uint32Array(bytes.buffer, bytes.byteOffset, 3);
  if (mark !== magic || found !== count) throw new RangeError('columns: of another version');
  const lengths = new Float64Array(bytes.buffer, bytes.byteOffset + headBytes, count);
  const starts = startsOf(lengths);
  if (starts.at(-1) !== bytes.length) throw new RangeError('columns: not whole');
  if (crc32(bytes.subarray(headBytes)) !== checksum) throw new RangeError('columns: damaged');
  return Array.from(lengths, (length, at) => bytes.subarray(starts[at], starts[at]! + length));
}

/** Where each column begins; behind them where the file ends. */
function startsOf(lengths: Float64Array): number[] {
  const starts = [headBytes + lengths.length * 8];
  for (const length of lengths) starts.push(starts.at(-1)! + Math.ceil(length / 8) * 8);
  return starts;
}

/** The numbers of a column that parseColumns gave. */
export function numbersIn<T>(kind: TypedArrayOf<T>, column: Uint8Array): T {
  return new kind(column.buffer, column.byteOffset, column.byteLength / kind.BYTES_PER_ELEMENT);
}

interface TypedArrayOf<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
