// Encoders of texts to vectors: an endpoint with OpenAI's /v1/embeddings, or a package installed by the user.
import { at, countAt, listAt } from '../agents/json-fields.ts';
import { readValues } from '../compress/providers/event-stream.ts';
import { ProviderFailure, failureOf, reasonOf } from '../compress/providers/transport.ts';

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
      try {
        const response = await fetch(`${base}/embeddings`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
          body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
          // Do not send key and texts to another host by a redirect.
          redirect: 'error',
          signal,
        });
        if (response.ok) return readAnswer(who, (await readValues(who, response))[0], texts.length);
        throw new ProviderFailure(
          'passing',
          `${who}: HTTP ${response.status}: ${(await response.text()).slice(0, 200)}`,
        );
      } catch (error) {
        if (failureOf(error).kind !== undefined) throw error;
        const reason = signal.aborted ? 'no answer in time' : reasonOf(error);
        throw new ProviderFailure('passing', `${who}: ${reason}`, { cause: error });
      }
    },
  };
}

function readAnswer(who: string, answer: unknown, count: number): Embedded {
  const data = listAt(answer, 'data');
  const vectors = Array.from<number[]>({ length: count });
  for (const [place, item] of data.entries()) {
    const embedding = at(item, 'embedding');
    if (isVector(embedding)) vectors[countAt(item, 'index') ?? place] = embedding;
  }
  const [first] = vectors;
  if (data.length !== count || vectors.length !== count || vectors.some((one) => one?.length !== first?.length))
    throw new ProviderFailure('passing', `${who}: expected ${count} vectors of one length`);
  return {
    vectors,
    tokens: countAt(answer, 'usage', 'prompt_tokens') ?? countAt(answer, 'usage', 'total_tokens') ?? 0,
  };
}

export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
