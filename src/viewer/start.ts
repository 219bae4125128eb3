// `repomem view`: finds the running server or starts one, says its address, opens the browser, waits until it ends.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { Env } from '../domain/env.ts';
import { codeOf, RepomemError } from '../domain/errors.ts';
import type { ViewRequest, ViewSays } from '../domain/view-request.ts';
import { findMemoryHere } from '../memory/open.ts';
import { isAccessible } from '../store/lenient-files.ts';
import { dropRunning, findRunning, noteRunning, stopRunning } from './server/running.ts';
import { serve } from './server/serve.ts';

const idleMs = 10 * 60_000;
const portsTried = 50;

/** Resolves when the server ends, or at once when another one runs. */
export async function view(env: Env, asked: ViewRequest, says: ViewSays): Promise<number> {
  const paths = findMemoryHere(env);
  const isReadOnly = asked.isReadOnly || !isAccessible(paths.memoryDir, constants.W_OK);
  const running = await findRunning(paths);
  if (running) {
    const isSame =
      running.version === env.version &&
      (asked.port ?? running.port) === running.port &&
      (asked.host ?? running.host) === running.host;
    if (isSame && running.isReadOnly === isReadOnly) {
      const url = urlOf(running.host, running.port, running.token, asked.page);
      says.address({ url, port: running.port, root: paths.root, isRunning: true });
      if (asked.isOpening) openBrowser(env, url, says);
      return 0;
    }
    says.note(`repomem view: the running server (version ${running.version}) is replaced`);
    await stopRunning(running);
  }
  const host = asked.host ?? '127.0.0.1';
  const token = Buffer.from(env.randomBytes(32)).toString('base64url');
  const first = asked.port ?? usualPort(paths.root);
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const start = (port: number): ReturnType<typeof serve> =>
    serve(env, paths, {
      token,
      port,
      host,
      isReadOnly,
      isPolling: asked.isPolling,
      idleMs,
      ...(!asked.isStaying && { onIdle: () => end() }),
      onStop: () => setImmediate(end),
    });
  const serving = await firstFree(first, start);
  const note = { pid: process.pid, host, port: serving.port, token, version: env.version, isReadOnly };
  try {
    noteRunning(paths, note);
  } catch (error) {
    says.note(`${paths.privateDir} cannot be written (${codeOf(error)}): a second repomem view starts its own server`);
  }
  const url = urlOf(host, serving.port, token, asked.page);
  const isTaken = serving.port !== first;
  says.address({ url, port: serving.port, root: paths.root, isRunning: false, ...(isTaken && { taken: first }) });
  if (asked.isOpening) openBrowser(env, url, says);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end());
  await ended;
  dropRunning(paths, token);
  await serving.close();
  return 0;
}

async function firstFree<T>(first: number, start: (port: number) => Promise<T>): Promise<T> {
  for (let port = first; port < first + portsTried && port < 65_536; port++)
    try {
      return await start(port);
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE' && codeOf(error) !== 'EACCES') throw error;
    }
  throw new RepomemError('busy', `ports ${first} to ${first + portsTried - 1} are taken`, {
    hint: 'name one: --port N',
  });
}

/** The same for a repository each time: the address, the theme and what was noted in the browser stay. */
function usualPort(root: string): number {
  return 41_000 + (createHash('sha256').update(root).digest().readUInt32BE(0) % 8000);
}

/** The token stands in the fragment, which is sent to nobody and is in no log. */
function urlOf(host: string, port: number, token: string, page: string): string {
  return `http://${host === '::1' ? '[::1]' : host}:${port}${page}#t=${token}`;
}

function openBrowser({ vars }: Env, url: string, says: ViewSays): void {
  const isRemote = vars['SSH_CONNECTION'] && !vars['DISPLAY'] && !vars['WAYLAND_DISPLAY'];
  if (vars['CI'] || isRemote) return;
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(program ?? '', args, { detached: true, stdio: 'ignore' });
  const fail = (): void => says.note('No browser could be opened here: open the address by hand.');
  child.on('error', fail);
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) fail();
  });
  child.unref();
}
