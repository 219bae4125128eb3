// Writes a whole text to an open file. Works like `process.stdout` without loading sockets and streams.
import { writeSync } from 'node:fs';
import { codeOf } from '../domain/errors.ts';

/** Waits while the reader of a pipe is slow. Throws Node's errors, among them EPIPE when the reader has closed the pipe. */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;)
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
}
