import { createHash, hash } from 'node:crypto';

const oneCallMaxBytes = 64 * 1024;

/** The full id that git would give these bytes as a blob: 40 hex digits, or 64 in a sha256 repository. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  // In one call, half the time; most are small.
  if (bytes.byteLength < oneCallMaxBytes)
    return hash(algorithm, Buffer.concat([Buffer.from(`blob ${bytes.byteLength}\0`), bytes]), 'hex');
  return createHash(algorithm).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** Bytes that stay free before a content for blobIdBehind. */
export const blobHeadRoom = 32;

/** As blobId, of the bytes from `blobHeadRoom` to `end` of a buffer; writes before them, copies nothing. */
export function blobIdBehind(buffer: Buffer, end: number, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  const head = `blob ${end - blobHeadRoom}\0`;
  const start = blobHeadRoom - head.length;
  buffer.write(head, start, 'latin1');
  return hash(algorithm, buffer.subarray(start, end), 'hex');
}
