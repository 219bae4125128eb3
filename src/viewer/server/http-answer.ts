// Answers and errors as they go over the wire.
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RepomemError, codeOf } from '../../domain/errors.ts';
import type { ErrorAnswer } from '../wire.ts';
import { bodyMaxBytes, commonHeaders, tooLarge, type Refusal } from './admit.ts';

/** The file is no longer what the asker saw. */
export class ConflictError extends Error {
  /** The file as it stands now, where it may be shown, and its blob. */
  readonly now: { text: string; blob: string } | undefined;
  constructor(message: string, now?: { text: string; blob: string }) {
    super(message);
    this.now = now;
  }
}

const statuses: Readonly<Record<string, number>> = {
  usage: 400,
  'bad-settings': 400,
  untrusted: 403,
  'read-only': 403,
  'not-found': 404,
  'no-memory': 404,
  'no-repository': 404,
  ambiguous: 409,
  'bad-record': 422,
  private: 422,
  busy: 409,
};

/** `known`: of an If-None-Match; the answer that it names is not sent again. */
export function sendJson(response: ServerResponse, status: number, value: unknown, known?: string): void {
  const text = JSON.stringify(value);
  const mark = `"${createHash('sha256').update(text).digest('base64url').slice(0, 20)}"`;
  if (known === mark) return void response.writeHead(304, { ...commonHeaders, ETag: mark }).end();
  response.writeHead(status, {
    ...commonHeaders,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...(status === 200 && { ETag: mark }),
  });
  response.end(text);
}

export function sendRefusal(response: ServerResponse, { status, code, message, hint, isLate }: Refusal): void {
  const answer: ErrorAnswer = { error: { code, message, ...(hint && { hint }) } };
  if (isLate) setTimeout(() => sendJson(response, status, answer), 100);
  else sendJson(response, status, answer);
}

export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.end();
  if (error instanceof ConflictError) {
    const { message, now } = error;
    const told = { code: 'conflict', message, hint: 'load it again, then decide' };
    return sendJson(response, 409, { error: told, ...(now && { now: now.text, blob: now.blob }) });
  }
  const message = error instanceof Error ? error.message : String(error);
  const isKnown = error instanceof RepomemError;
  const code = isKnown ? error.code : (codeOf(error) ?? 'error');
  const hint = isKnown ? error.hint : undefined;
  const answer: ErrorAnswer = { error: { code, message, ...(hint !== undefined && { hint }) } };
  sendJson(response, (isKnown ? statuses[error.code] : undefined) ?? 500, answer);
}

/** The body as JSON: an object. RepomemError `usage` for anything else, and for one that is too large. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyMaxBytes) throw new RepomemError('usage', tooLarge.message);
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new RepomemError('usage', 'expected a JSON object as the body');
}
