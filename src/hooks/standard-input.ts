// Standard input of a hook, whole. Through `process.stdin` it takes Node longer to load sockets and streams than to read the payload, which
// is there already as a rule.
import { fstatSync, readSync } from 'node:fs';
import { attempt, codeOf } from '../domain/errors.ts';

export interface InputLimits {
  maxBytes: number;
  /** A host that never closes the pipe must not keep us longer than this. */
  maxMs: number;
}

const pollMs = 3;

/** Empty when it is closed or cannot be read; what came by then when it takes too long or is too much, or when that is whole JSON. */
export async function readInput(limits: InputLimits): Promise<Buffer> {
  return readsAtOnce() ? readNow(limits) : readAsStream(limits);
}

async function readNow({ maxBytes, maxMs }: InputLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [total, looked] = [0, 0];
  const end = Date.now() + maxMs;
  while (total <= maxBytes) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSome(chunk);
    if (count === 0) break;
    if (count !== undefined) {
      chunks.push(chunk.subarray(0, count));
      total += count;
      continue;
    }
    if (Date.now() > end || (total > looked && attempt(() => JSON.parse(String(Buffer.concat(chunks)))) !== undefined))
      break;
    looked = total;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return Buffer.concat(chunks);
}

/** 0 at the end or where nothing can be read, undefined when nothing is there yet. */
function readSome(chunk: Buffer): number | undefined {
  try {
    return readSync(0, chunk);
  } catch (error) {
    return codeOf(error) === 'EAGAIN' ? undefined : 0;
  }
}

/** A file, or a pipe or socket once it is told not to wait. Node has no public way to tell it so; where the inner one is gone, false. */
function readsAtOnce(): boolean {
  try {
    const stat = fstatSync(0);
    if (stat.isFile()) return true;
    if (!stat.isFIFO() && !stat.isSocket()) return false;
    const { binding, execArgv, env } = process as unknown as {
      binding(name: string): {
        Pipe: new (type: number) => { open(fd: number): number };
        constants: { SOCKET: number };
      };
      execArgv: string[];
      env: Record<string, string | undefined>;
    };
    // With --trace-deprecation it would print a warning.
    if (/deprecation|permission/.test(`${execArgv.join(' ')} ${env['NODE_OPTIONS'] ?? ''}`)) return false;
    const { Pipe, constants } = binding.call(process, 'pipe_wrap');
    return new Pipe(constants.SOCKET).open(0) === 0;
  } catch {
    return false;
  }
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
      if (total > maxBytes) break;
    }
  } catch {
    // Too late, or it cannot be read.
  }
  clearTimeout(timer);
  return Buffer.concat(chunks);
}
