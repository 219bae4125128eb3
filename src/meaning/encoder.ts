// Encoders of texts to vectors: an endpoint with OpenAI's /v1/embeddings, or a package installed by the user.
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

/** Larger answers are rejected: 64 vectors of 4,096 numbers take about 6 MB. */
const answerMaxBytes = 32 * 1024 * 1024;

export function endpointEncoder({ endpoint, key, model }: EndpointOptions): Encoder {
  const base = endpoint.replace(/\/+$/, '');
  const { host } = new URL(base);
  return {
    key: `endpoint ${base} ${model}`,
    isOnThisMachine: isLoopback(base),
    async embed(texts, signal) {
      let body: string;
      try {
        const response = await fetch(`${base}/embeddings`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
          body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
          // Do not send key and text to another host by a redirect.
          redirect: 'error',
          signal,
        });
        body = await response.text();
        if (!response.ok)
          throw new ProviderFailure('passing', `embeddings at ${host}: HTTP ${response.status}: ${body.slice(0, 200)}`);
      } catch (error) {
        if (error instanceof ProviderFailure) throw error;
        const reason = signal.aborted ? 'no answer in time' : reasonOf(error);
        throw new ProviderFailure('passing', `embeddings at ${host}: ${reason}`, { cause: error });
      }
      return readAnswer(body, texts.length, host);
    },
  };
}

function readAnswer(body: string, count: number, host: string): Embedded {
  const wrong = (what: string): ProviderFailure => new ProviderFailure('passing', `embeddings at ${host}: ${what}`);
  if (body.length > answerMaxBytes) throw wrong('the answer is too long');
  let answer: {
    data?: { index?: number; embedding?: unknown }[];
    usage?: { prompt_tokens?: unknown; total_tokens?: unknown };
  };
  try {
    answer = JSON.parse(body) as typeof answer;
  } catch {
    throw wrong('the answer is no JSON');
  }
  const data = Array.isArray(answer?.data) ? answer.data : [];
  const vectors = Array.from<number[]>({ length: count });
  for (const [at, one] of data.entries()) {
    const place = typeof one?.index === 'number' ? one.index : at;
    if (isVector(one?.embedding)) vectors[place] = one.embedding;
  }
  const [first] = vectors;
  if (data.length !== count || vectors.length !== count || vectors.some((one) => one?.length !== first?.length))
    throw wrong(`expected ${count} vectors of one length`);
  const told = answer.usage?.prompt_tokens ?? answer.usage?.total_tokens;
  return { vectors, tokens: typeof told === 'number' ? told : 0 };
}

export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => Number.isFinite(one));
}

/** Whether a URL is on this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? cause.message : error instanceof Error ? error.message : String(error);
}
