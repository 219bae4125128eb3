// Standard input of a hook, whole. A file or pipe is read without `process.stdin`, whose modules take Node longer to load than the payload to
// read, which is there already as a rule.
import { constants, fstatSync, openSync, readSync } from 'node:fs';
import { attempt, codeOf } from '../domain/errors.ts';

export interface InputLimits {
  maxBytes: number;
  /** A host that never closes the pipe must not keep us longer than this. */
  maxMs: number;
}

const pollMs = 3;

/** Empty when it is closed or cannot be read; what came by then when it takes too long or is too much, or when that is whole JSON. */
export async function readInput(limits: InputLimits): Promise<Buffer> {
  const file = openToRead();
  return file === undefined ? readAsStream(limits) : readNow(file, limits);
}

async function readNow(file: number, { maxBytes, maxMs }: InputLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [total, looked] = [0, 0];
  const end = Date.now() + maxMs;
  while (total <= maxBytes) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSome(file, chunk);
    if (count === 0) break;
    if (count !== undefined) {
      chunks.push(chunk.subarray(0, count));
      total += count;
      continue;
    }
    if (Date.now() > end || (total > looked && isWhole(chunks))) break;
    looked = total;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return Buffer.concat(chunks);
}

function isWhole(chunks: readonly Buffer[]): boolean {
  return attempt(() => JSON.parse(String(Buffer.concat(chunks))) as unknown) !== undefined;
}

/** 0 at the end or where nothing can be read, undefined when nothing is there yet. */
function readSome(file: number, chunk: Buffer): number | undefined {
  try {
    return readSync(file, chunk);
  } catch (error) {
    return codeOf(error) === 'EAGAIN' ? undefined : 0;
  }
}

/** A descriptor to read from without waiting: of a file, or of a pipe that is opened anew, as Linux allows. Undefined of a socket, and elsewhere. */
function openToRead(): number | undefined {
  return attempt(() => {
    const stat = fstatSync(0);
    if (stat.isFile()) return 0;
    return stat.isFIFO() && process.platform === 'linux'
      ? openSync('/proc/self/fd/0', constants.O_RDONLY | constants.O_NONBLOCK)
      : undefined;
  });
}

async function readAsStream({ maxBytes, maxMs }: InputLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  const { stdin } = process;
  const timer = setTimeout(() => stdin.destroy(), maxMs);
  try {
    for await (const chunk of stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      total += chunk.length;
      // As a rule nothing follows a part that ends an object.
      if (total > maxBytes || (chunk.includes('}', -2) && isWhole(chunks))) break;
    }
  } catch {
    // Too late, or it cannot be read.
  }
  clearTimeout(timer);
  return Buffer.concat(chunks);
}
