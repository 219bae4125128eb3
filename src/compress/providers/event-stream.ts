// Reads answer bodies, whole or as server-sent events, up to a size limit; an interrupted body is a failure, never a short answer.
import { answerMaxBytes, oneLine, ProviderFailure } from './transport.ts';

export function isEventStream(response: Response): boolean {
  return /text\/event-stream/i.test(response.headers.get('content-type') ?? '');
}

/** Parses a whole answer as an object. Throws ProviderFailure when it is not JSON. */
export function parseBody(who: string, body: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(body));
  } catch (error) {
    throw new ProviderFailure('passing', `${who}: the endpoint did not answer in JSON`, { cause: error });
  }
}

/** Throws ProviderFailure when the connection is cut or the body is too large. */
export async function readBody(who: string, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      const part = chunk as Uint8Array;
      bytes += part.byteLength;
      if (bytes > answerMaxBytes)
        throw new ProviderFailure('lasting', `${who}: the answer is larger than ${answerMaxBytes} bytes`);
      chunks.push(part);
    }
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    throw new ProviderFailure('passing', `${who}: the connection broke off in the answer (${reasonOf(error)})`, {
      cause: error,
    });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON values of the events' data lines, without `[DONE]` and invalid JSON. */
export function eventsOf(body: string): unknown[] {
  return body.split(/\r\n\r\n|\n\n|\r\r/).flatMap((block) => {
    const data = block
      .split(/\r\n|\n|\r/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).replace(/^ /, ''))
      .join('\n');
    try {
      return data === '' ? [] : [JSON.parse(data) as unknown];
    } catch {
      return [];
    }
  });
}

/** The network's error code (`ECONNREFUSED`) if there is one, else the message. */
export function reasonOf(error: unknown): string {
  const cause: unknown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return oneLine(cause instanceof Error ? cause.message : String(cause), 120);
}

type Fields = Record<string, unknown>;

/** For reading JSON of third parties: {} for anything but an object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}
