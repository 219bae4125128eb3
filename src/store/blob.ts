import { createHash, hash } from 'node:crypto';

const oneCallMaxBytes = 64 * 1024;

/** The full id that git would give these bytes as a blob: 40 hex digits, or 64 in a sha256 repository. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  // In one call, half the time; most are small.
  if (bytes.byteLength < oneCallMaxBytes)
    return hash(algorithm, Buffer.concat([Buffer.from(`blob ${bytes.byteLength}\0`), bytes]), 'hex');
  return createHash(algorithm).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
