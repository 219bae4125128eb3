// Who may ask: decided from the head of a request alone, before anything of it is read. Pure.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Guard {
  port: number;
  token: string;
  isReadOnly: boolean;
}

export interface Refusal {
  status: number;
  code: string;
  message: string;
  hint?: string;
  /** Answered late, so that guessing takes its time. */
  isLate?: boolean;
}

export const bodyMaxBytes = 64 * 1024;

/**
 * Undefined for a request that may go on. A page of a name that was bound to this address anew sends nothing suspicious but its `Host`: so that
 * is asked of every request, the static page's too. A missing Origin is ordinary for a GET and never a sign of trust.
 */
export function refuse(
  { port, token, isReadOnly }: Guard,
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): Refusal | undefined {
  if (!isOurHost(headers.host, port))
    return { status: 403, code: 'host', message: 'this server answers to 127.0.0.1 and localhost alone' };
  if (method !== 'GET' && method !== 'POST')
    return { status: 405, code: 'usage', message: `${method}: expected GET or POST` };
  if (!path.startsWith('/api/'))
    return method === 'GET'
      ? undefined
      : { status: 405, code: 'usage', message: 'POST: expected an address below /api/' };
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`))
    return {
      status: 401,
      code: 'token',
      message: 'the token is missing or of an earlier run',
      hint: 'repomem view opens the page with the right one',
      isLate: true,
    };
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, code: 'origin', message: 'asked by the page of another site' };
  if (headers.origin !== undefined && !isOurOrigin(headers.origin, port))
    return { status: 403, code: 'origin', message: 'asked by the page of another site' };
  if (method === 'GET') return undefined;
  if (headers.origin === undefined)
    return { status: 403, code: 'origin', message: 'expected an Origin header with a change' };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    return { status: 415, code: 'usage', message: 'expected a body of type application/json' };
  if (Number(headers['content-length'] ?? 0) > bodyMaxBytes) return tooLarge;
  if (isReadOnly && !readingPosts.has(path))
    return { status: 403, code: 'read-only', message: 'opened with --read-only: nothing is changed here' };
  return undefined;
}

export const tooLarge: Refusal = {
  status: 413,
  code: 'usage',
  message: `expected a body of at most ${bodyMaxBytes} bytes`,
};

/** Asked with a body, yet they change nothing. */
const readingPosts: ReadonlySet<string> = new Set([
  '/api/context',
  '/api/context/prompt',
  '/api/markdown',
  '/api/stop',
]);

function isOurHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`;
}

function isOurOrigin(origin: string, port: number): boolean {
  return origin.startsWith('http://') && isOurHost(origin.slice('http://'.length), port);
}

/** In constant time for texts of the same length; the length of a token is no secret. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Sent with everything. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Sent with the page: no script but ours, no text that becomes markup, no frame, no request elsewhere. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
