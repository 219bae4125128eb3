// Reads answer bodies, whole or as server-sent events: some gateways stream without being asked to.
import { attempt } from '../../domain/errors.ts';
import { ProviderFailure, reasonOf } from './transport.ts';

/**
 * The JSON values of an answer: one of a whole one, those of the events' data of a stream; data that is no JSON, such as `[DONE]`, as
 * text. Throws ProviderFailure when the connection is cut, or when a whole answer is not JSON.
 */
export async function readValues(who: string, response: Response): Promise<unknown[]> {
  let body: string;
  try {
    body = await response.text();
  } catch (error) {
    throw cutOff(who, error);
  }
  const isStream = /text\/event-stream/i.test(response.headers.get('content-type') ?? '');
  if (isStream) {
    const lines = body.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
    return lines.map((line) => line.slice('data:'.length).trim()).map((data) => parseJson(data) ?? data);
  }
  const value = parseJson(body);
  if (value === undefined) throw new ProviderFailure('passing', `${who}: the endpoint did not answer in JSON`);
  return [value];
}

const parseJson = (text: string): unknown => attempt((): unknown => JSON.parse(text));

/** An interrupted answer is a failure, never a short one. */
export function cutOff(who: string, cause?: unknown): ProviderFailure {
  const why = cause === undefined ? '' : ` (${reasonOf(cause)})`;
  return new ProviderFailure('passing', `${who}: the connection broke off in the answer${why}`, { cause });
}
