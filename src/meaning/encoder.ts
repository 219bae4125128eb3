// Encoders of texts to vectors: an endpoint with OpenAI's /v1/embeddings, or a package installed by the user.
import { at, countAt, listAt } from '../agents/json-fields.ts';
import { attempt } from '../domain/errors.ts';
import { ProviderFailure, reasonOf } from '../compress/providers/transport.ts';

export interface Encoder {
  /** Provider and model: vectors of different keys cannot be compared. */
  readonly key: string;
  /** Texts never leave this machine. */
  readonly isOnThisMachine: boolean;
  /** One vector per text, in order. Throws ProviderFailure. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded>;
}

export interface Embedded {
  vectors: number[][];
  /** As counted by the endpoint; 0 when unknown. */
  tokens: number;
}

/** Larger answers are rejected: 64 vectors of 4,096 numbers take about 6 MB. */
const answerMaxBytes = 32 * 1024 * 1024;

/** `endpoint`: base URL, with `/v1` if the endpoint has it. */
export function endpointEncoder(endpoint: string, key: string, model: string): Encoder {
  const base = endpoint.replace(/\/+$/, '');
  const { host } = new URL(base);
  const failed = (reason: string, cause?: unknown): ProviderFailure =>
    new ProviderFailure('passing', `embeddings at ${host}: ${reason}`, { cause });
  return {
    key: `endpoint ${base} ${model}`,
    isOnThisMachine: isLoopback(base),
    async embed(texts, signal) {
      const headers = {
        'content-type': 'application/json',
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      };
      const body = JSON.stringify({ model, input: texts, encoding_format: 'float' });
      const answer = await post(new URL(`${base}/embeddings`), { headers, body, signal }).catch((error: unknown) => {
        throw failed(signal.aborted ? 'no answer in time' : reasonOf(error), error);
      });
      if (answer.status < 200 || answer.status > 299)
        throw failed(`HTTP ${answer.status}: ${answer.body.slice(0, 200)}`);
      const data = attempt((): unknown => JSON.parse(answer.body));
      if (data === undefined) throw failed('the answer is no JSON');
      const read = readAnswer(data, texts.length);
      if (read === undefined) throw failed(`expected ${texts.length} vectors of one length`);
      return read;
    },
  };
}

/** Without fetch, whose loading takes longer than a search. A redirect is an answer: key and text go to no other host. */
async function post(
  url: URL,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<{ status: number; body: string }> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > answerMaxBytes) response.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function readAnswer(answer: unknown, count: number): Embedded | undefined {
  const data = listAt(answer, 'data');
  const vectors = Array.from<number[]>({ length: count });
  for (const [place, item] of data.entries()) {
    const embedding = at(item, 'embedding');
    if (isVector(embedding)) vectors[countAt(item, 'index') ?? place] = embedding;
  }
  const [first] = vectors;
  if (data.length !== count || vectors.length !== count || vectors.some((one) => one?.length !== first?.length))
    return undefined;
  const tokens = countAt(answer, 'usage', 'prompt_tokens') ?? countAt(answer, 'usage', 'total_tokens') ?? 0;
  return { vectors, tokens };
}

export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
