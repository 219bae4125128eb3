import { createHash, hash } from 'node:crypto';

const oneCallMaxBytes = 64 * 1024;

/** Git blob id of the bytes: 40 hex digits, or 64 in a sha256 repository. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  // One call takes half the time; most files are small.
  if (bytes.byteLength < oneCallMaxBytes)
    return hash(algorithm, Buffer.concat([Buffer.from(`blob ${bytes.byteLength}\0`), bytes]), 'hex');
  return createHash(algorithm).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** Bytes to reserve before the content for blobIdBehind. */
export const blobHeadRoom = 32;

/** As blobId, for the bytes from `blobHeadRoom` to `end` of a buffer; writes the header in front of them instead of copying. */
export function blobIdBehind(buffer: Buffer, end: number, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  const head = `blob ${end - blobHeadRoom}\0`;
  const start = blobHeadRoom - head.length;
  buffer.write(head, start, 'latin1');
  return hash(algorithm, buffer.subarray(start, end), 'hex');
}
