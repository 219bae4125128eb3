// Every endpoint, in the order of the documentation.
import { RepomemError } from '../../domain/errors.ts';
import { actionRoutes } from './api/actions.ts';
import { commandRoutes } from './api/run-command.ts';
import { contextRoutes } from './api/next-session.ts';
import { diffRoutes } from './api/diffs.ts';
import { memoryRoutes } from './api/memory.ts';
import { recordRoutes } from './api/one-record.ts';
import { sessionRoutes } from './api/session-pages.ts';
import type { Route } from './route.ts';

export const routes: readonly Route[] = [
  ...memoryRoutes,
  ...recordRoutes,
  ...contextRoutes,
  ...sessionRoutes,
  ...commandRoutes,
  ...diffRoutes,
  ...actionRoutes,
  {
    method: 'GET',
    path: '/api/help',
    about: 'This list',
    run: async () => ({
      schema: 'schema/view-api.schema.json',
      authorization: 'Bearer TOKEN on every request; POST also needs this server’s Origin and application/json',
      events: 'GET /api/events: hello, changed, told, job, reset; read with fetch, Last-Event-ID works',
      endpoints: routes.map(({ method, path, about, takes }) => ({ method, path, about, ...(takes && { takes }) })),
    }),
  },
];

interface Pattern {
  route: Route;
  parts: string[];
}

const patterns: readonly Pattern[] = routes.map((route) => ({ route, parts: route.path.split('/') }));

/** The endpoint of an address. RepomemError `not-found` for none, `usage` for a name that it does not take. */
export function findRoute(
  method: string,
  path: string,
  query: URLSearchParams,
): { route: Route; params: Record<string, string> } {
  const asked = path.split('/');
  for (const { route, parts } of patterns) {
    if (route.method !== method) continue;
    const params = matchParts(parts, asked);
    if (!params) continue;
    if (method === 'GET') refuseUnknown(route, [...query.keys()]);
    return { route, params };
  }
  throw new RepomemError('not-found', `${method} ${path.slice(0, 200)}: there is no such endpoint`, {
    hint: 'GET /api/help lists them',
  });
}

export function refuseUnknown({ takes = {}, path }: Route, names: readonly string[]): void {
  const unknown = names.find((name) => name !== 'repo' && !Object.hasOwn(takes, name));
  if (unknown === undefined) return;
  const known = Object.keys(takes).join(', ');
  throw new RepomemError('usage', `${path}: does not take '${unknown.slice(0, 60)}'`, {
    hint: known ? `it takes ${known}` : 'it takes nothing',
  });
}

function matchParts(parts: readonly string[], asked: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== asked.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const given = asked[at] ?? '';
    if (!part.startsWith(':')) {
      if (part !== given) return undefined;
    } else
      try {
        params[part.slice(1)] = decodeURIComponent(given);
      } catch {
        return undefined;
      }
  }
  return params;
}
