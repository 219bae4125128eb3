// Which server runs for this memory: one small file beside its caches, readable by its owner alone.
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { writeFileAtomic } from '../../store/atomic.ts';

export interface RunningServer {
  pid: number;
  host: string;
  port: number;
  token: string;
  version: string;
  isReadOnly: boolean;
}

const fileOf = (paths: MemoryPaths): string => join(paths.privateDir, 'view.json');

export function noteRunning(paths: MemoryPaths, running: RunningServer): void {
  writeFileAtomic(fileOf(paths), `${JSON.stringify(running)}\n`, { mode: 0o600, dirMode: 0o700, fsync: false });
}

/** Takes the note away where it is still the one of `token`. */
export function dropRunning(paths: MemoryPaths, token: string): void {
  if (readNote(paths)?.token === token) rmSync(fileOf(paths), { force: true });
}

/** The noted server, where it answers. */
export async function findRunning(paths: MemoryPaths): Promise<RunningServer | undefined> {
  const noted = readNote(paths);
  if (!noted) return undefined;
  const isThere = (await call(noted, 'GET', '/api/help')) === 200;
  return isThere ? noted : undefined;
}

/** Asks it to end, and waits until it does not answer any more. */
export async function stopRunning(running: RunningServer): Promise<void> {
  await call(running, 'POST', '/api/stop');
  for (let tries = 0; tries < 40; tries++) {
    if ((await call(running, 'GET', '/api/help')) !== 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readNote(paths: MemoryPaths): RunningServer | undefined {
  try {
    const value = JSON.parse(readFileSync(fileOf(paths), 'utf8')) as Partial<RunningServer>;
    const { pid, host, port, token, version, isReadOnly } = value;
    if (typeof pid !== 'number' || typeof port !== 'number' || typeof token !== 'string') return undefined;
    return { pid, host: host ?? '127.0.0.1', port, token, version: String(version), isReadOnly: isReadOnly === true };
  } catch {
    return undefined;
  }
}

/** The status; undefined where nothing answers within a second. */
function call({ host, port, token }: RunningServer, method: string, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(method === 'POST' && { Origin: `http://127.0.0.1:${port}`, 'Content-Type': 'application/json' }),
    };
    const asked = request({ host, port, path, method, headers, timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(undefined));
    asked.end(method === 'POST' ? '{}' : undefined);
  });
}
