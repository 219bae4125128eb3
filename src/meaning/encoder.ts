// Encoders of texts to vectors: an endpoint with OpenAI's /v1/embeddings, or a package installed by the user.
import { countOf, fieldsOf, listOf, parseBody, readBody, reasonOf } from '../compress/providers/event-stream.ts';
import { ProviderFailure } from '../compress/providers/transport.ts';

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

export interface EndpointOptions {
  /** Base URL, with `/v1` if the endpoint has it. */
  endpoint: string;
  key: string;
  model: string;
}

export function endpointEncoder({ endpoint, key, model }: EndpointOptions): Encoder {
  const base = endpoint.replace(/\/+$/, '');
  const who = `embeddings at ${new URL(base).host}`;
  return {
    key: `endpoint ${base} ${model}`,
    isOnThisMachine: isLoopback(base),
    async embed(texts, signal) {
      let response: Response;
      let body: string;
      try {
        response = await fetch(`${base}/embeddings`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
          body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
          // Do not send key and texts to another host by a redirect.
          redirect: 'error',
          signal,
        });
        body = await readBody(who, response);
      } catch (error) {
        const reason = signal.aborted ? 'no answer in time' : reasonOf(error);
        throw new ProviderFailure('passing', `${who}: ${reason}`, { cause: error });
      }
      if (!response.ok) throw new ProviderFailure('passing', `${who}: HTTP ${response.status}: ${body.slice(0, 200)}`);
      return readAnswer(who, parseBody(who, body), texts.length);
    },
  };
}

function readAnswer(who: string, answer: Record<string, unknown>, count: number): Embedded {
  const data = listOf(answer['data']).map(fieldsOf);
  const vectors = Array.from<number[]>({ length: count });
  for (const [at, { index, embedding }] of data.entries())
    if (isVector(embedding)) vectors[typeof index === 'number' ? index : at] = embedding;
  const [first] = vectors;
  if (data.length !== count || vectors.length !== count || vectors.some((one) => one?.length !== first?.length))
    throw new ProviderFailure('passing', `${who}: expected ${count} vectors of one length`);
  const usage = fieldsOf(answer['usage']);
  return { vectors, tokens: countOf(usage['prompt_tokens'] ?? usage['total_tokens']) };
}

export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
