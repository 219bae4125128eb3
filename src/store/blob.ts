import { hash } from 'node:crypto';

/** Git blob id of the bytes: 40 hex digits, or 64 in a sha256 repository. */
export function blobId(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string {
  // One call takes half the time of a stream; most files are small.
  return hash(algorithm, Buffer.concat([Buffer.from(`blob ${bytes.byteLength}\0`), bytes]), 'hex');
}
