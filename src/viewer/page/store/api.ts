// Asks the server. The token came in the fragment of the address and lives in this browser's storage for this host and port.
import { signal } from '@preact/signals';
import type { ErrorAnswer } from '../../wire.ts';
import { address } from './address.ts';

const storageKey = 'repomem-token';

export const connection = signal<'ok' | 'gone' | 'token'>('ok');

let token = '';

/** Takes the token out of the address at once: it is in no history and no screenshot. */
export function takeToken(): void {
  const given = /^#t=([\w-]{20,})$/.exec(location.hash)?.[1];
  try {
    if (given !== undefined) localStorage.setItem(storageKey, given);
    token = given ?? localStorage.getItem(storageKey) ?? '';
  } catch {
    token = given ?? '';
  }
  if (location.hash !== '') {
    history.replaceState(null, '', location.pathname + location.search);
    address.value = new URL(location.href);
  }
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  /** As in ErrorAnswer. */
  readonly now: string | undefined;
  readonly blob: string | undefined;
  constructor(status: number, { error, now, blob }: ErrorAnswer) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.hint = error.hint;
    this.now = now;
    this.blob = blob;
  }
}

export type Params = Readonly<Record<string, string | number | undefined>> | URLSearchParams;

export function urlOf(to: string, params: Params = {}): string {
  const url = new URL(to, location.origin);
  const pairs = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  for (const [name, value] of pairs)
    if (value !== undefined && value !== '') url.searchParams.append(name, String(value));
  const repo = address.value.searchParams.get('repo');
  if (repo !== null) url.searchParams.set('repo', repo);
  return url.pathname + url.search;
}

export function get<T>(to: string, params?: Params, cancel?: AbortSignal): Promise<T> {
  return ask<T>(urlOf(to, params), { ...(cancel && { signal: cancel }) });
}

export function post<T>(to: string, body: object, cancel?: AbortSignal): Promise<T> {
  return ask<T>(urlOf(to), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
    ...(cancel && { signal: cancel }),
  });
}

export function authorized(headers: Record<string, string> = {}): Record<string, string> {
  return { ...headers, Authorization: `Bearer ${token}` };
}

async function ask<T>(to: string, init: RequestInit & { headers?: Record<string, string> }): Promise<T> {
  let response: Response;
  try {
    response = await fetch(to, { ...init, headers: authorized(init.headers), cache: 'no-store', credentials: 'omit' });
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) connection.value = 'gone';
    throw error;
  }
  if (response.ok) {
    connection.value = 'ok';
    return (await response.json()) as T;
  }
  const answer = (await response.json().catch(() => ({
    error: { code: 'error', message: `the server answers with ${response.status}` },
  }))) as ErrorAnswer;
  if (response.status === 401) connection.value = 'token';
  throw new ApiError(response.status, answer);
}
