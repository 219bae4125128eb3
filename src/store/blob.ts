import { createHash } from 'node:crypto';

/** The full id that git would give these bytes as a blob: 40 hex digits, or 64 in a sha256 repository. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  return createHash(algorithm).update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
