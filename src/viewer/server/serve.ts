// The server of one run: guard first, then a page's file, the event stream, or an endpoint.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import type { Env } from '../../domain/env.ts';
import { RepomemError } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { hasTable } from '../../index/cache.ts';
import { userFolder } from '../../settings/user-folder.ts';
import { readKnownRepositories } from '../../store/known-repositories.ts';
import { findMemory, settingsName } from '../../store/locate.ts';
import type { MemoryAnswer } from '../wire.ts';
import { readBody, sendError, sendJson, sendRefusal } from './http-answer.ts';
import { makeStream, type Stream } from './events.ts';
import { refuse } from './admit.ts';
import { releaseWhenIdle } from './idle-release.ts';
import { makeJobs } from './jobs.ts';
import { loadPage } from './page-files.ts';
import type { ServerParts } from './route.ts';
import { makeSource, type Source } from './memory-view.ts';
import { makeUndoStore } from './undo-changes.ts';
import { watchMemory } from './watch.ts';

export interface ServeOptions {
  token: string;
  port: number;
  host: string;
  isReadOnly: boolean;
  isPolling: boolean;
  /** Called once, when nobody has looked for this long. */
  onIdle?: () => void;
  idleMs: number;
  /** The page asks for the end: another version takes over. */
  onStop(): void;
}

export interface Serving {
  port: number;
  close(): Promise<void>;
}

interface OpenRepository {
  source: Source;
  stream: Stream;
  stopWatching(): void;
}

/** Listens on the loopback address. Throws what `listen` throws, such as EADDRINUSE. */
export async function serve(env: Env, paths: MemoryPaths, options: ServeOptions): Promise<Serving> {
  const page = loadPage(join(env.packageDir, 'dist/page'));
  const run = randomWord(env, 6);
  const opened = new Map<string, OpenRepository>();
  let listeners = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  const idleRelease = releaseWhenIdle(() => {
    for (const { source } of opened.values()) source.release();
  });
  const rest = (): void => {
    clearTimeout(idle);
    if (listeners === 0 && options.onIdle) idle = setTimeout(options.onIdle, options.idleMs);
  };
  const open = (place: MemoryPaths): OpenRepository => {
    const key = keyOf(place.root);
    const known = opened.get(key);
    if (known) return known;
    let count = 0;
    const stream = makeStream(run, (now) => {
      listeners += now - count;
      count = now;
      rest();
    });
    // Reading every record for the first time takes memory that a process that stays would keep.
    const prepare = async (): Promise<void> => {
      const args = ['search', '--json', '--limit', '1', '--', 'repomem'];
      if (!hasTable(place)) await parts.jobs.run(place.root, args, { state: '' }).catch(() => undefined);
    };
    const source = makeSource(env, place, prepare, ({ view, difference }) => {
      stream.send({ type: 'changed', state: view.state, ...difference });
    });
    const stopWatching = watchMemory(place, {
      isPolling: options.isPolling,
      userFile: join(userFolder(env), settingsName),
      onTouched: () => source.touch(),
      onMoved: (what) => {
        if (what === 'told') return stream.send({ type: 'told', session: '' });
        // Nobody listens: the next question looks.
        if (stream.count() > 0) source.view().catch(() => undefined);
      },
    });
    const one = { source, stream, stopWatching };
    opened.set(key, one);
    return one;
  };
  const repositories = (): MemoryAnswer['repositories'] => {
    const roots = [...new Set([paths.root, ...readKnownRepositories(userFolder(env)).map(({ root }) => root)])];
    return roots.map((root) => ({ key: keyOf(root), name: basename(root), root, isOpen: root === paths.root }));
  };
  const choose = (key: string | null): OpenRepository => {
    if (key === null || key === '' || key === keyOf(paths.root)) return open(paths);
    const chosen = repositories().find((one) => one.key === key);
    const place = chosen && findMemory([chosen.root], env.home);
    if (!place) throw new RepomemError('not-found', `${key.slice(0, 40)}: no repository of yours has this key`);
    return open(place);
  };
  const parts: ServerParts = {
    version: env.version,
    isReadOnly: options.isReadOnly,
    jobs: makeJobs(env),
    undo: makeUndoStore(() => randomWord(env, 12)),
    repositories,
  };
  const guard = { port: options.port, token: options.token, isReadOnly: options.isReadOnly };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const refusal = refuse(guard, method, path, request.headers);
    if (refusal) return sendRefusal(response, refusal);
    rest();
    if (!path.startsWith('/api/')) return page(request, response, path);
    idleRelease.onQuestion();
    const query = new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1));
    if (path === '/api/stop' && method === 'POST') {
      sendJson(response, 200, { isStopping: true });
      return options.onStop();
    }
    const { source, stream } = choose(query.get('repo'));
    if (path === '/api/events' && method === 'GET') {
      const { state } = await source.view();
      const lastId = request.headers['last-event-id'];
      return stream.open(
        response,
        { type: 'hello', state, version: env.version },
        typeof lastId === 'string' ? lastId : undefined,
      );
    }
    // What answers is loaded with the first question: the address is printed before.
    const { findRoute, refuseUnknown } = await import('./routes.ts');
    const { route, params } = findRoute(method, path, query);
    const body = method === 'POST' ? await readBody(request) : {};
    if (method === 'POST') refuseUnknown(route, Object.keys(body));
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const { signal } = gone;
    const value = await route.run({ source, params, query, body, signal, tell: stream.send, server: parts });
    sendJson(response, 200, value, request.headers['if-none-match']);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
  server.requestTimeout = 30_000;
  // Nothing is watched before the port is ours.
  await listen(server, options.port, options.host);
  open(paths);
  rest();
  return {
    port: options.port,
    close: async () => {
      clearTimeout(idle);
      idleRelease.stop();
      parts.jobs.close();
      for (const { stream, stopWatching } of opened.values()) {
        stopWatching();
        stream.close();
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Short, the same at each start, and no path: what an address names a repository by. */
function keyOf(root: string): string {
  return createHash('sha256').update(root).digest('hex').slice(0, 10);
}

function randomWord(env: Env, bytes: number): string {
  return Buffer.from(env.randomBytes(bytes)).toString('base64url').replace(/-/g, '_');
}
