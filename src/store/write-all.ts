// All of a text to a file that is open. For standard output it does what `process.stdout` does, without loading sockets and streams.
import { writeSync } from 'node:fs';
import { codeOf } from '../domain/errors.ts';

const sleeper = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** Waits where the reader of a pipe is slow. Throws Node's errors, among them EPIPE when nobody reads any more. */
export function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text);
  let waiter: Int32Array | undefined;
  for (let done = 0; done < bytes.length;)
    try {
      done += writeSync(file, bytes, done);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait((waiter ??= sleeper()), 0, 0, 2);
    }
}
