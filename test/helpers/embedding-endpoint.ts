// A stand-in on loopback for OpenAI-compatible /v1/embeddings: vectors by a function, and every way of failing.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EmbeddingEndpoint {
  /** Base URL with /v1. */
  url: string;
  /** Bodies of the requests, as they came. */
  bodies: string[];
  /** What the next requests get. */
  state: { delayMs: number; status: number; encode: (texts: readonly string[]) => Promise<number[][]> | number[][] };
  close(): Promise<void>;
}

export async function startEmbeddings(
  encode: EmbeddingEndpoint['state']['encode'] = (texts) => texts.map((text) => hashed(text, 16)),
): Promise<EmbeddingEndpoint> {
  const bodies: string[] = [];
  const state: EmbeddingEndpoint['state'] = { delayMs: 0, status: 200, encode };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', async () => {
      bodies.push(body);
      const { input } = JSON.parse(body) as { input: string[] };
      const vectors = await state.encode(input);
      if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
      response.writeHead(request.url === '/v1/embeddings' ? state.status : 404, { 'content-type': 'application/json' });
      // Out of order: the index says which is which.
      const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })).reverse();
      response.end(JSON.stringify({ data, usage: { prompt_tokens: 7, total_tokens: 7 } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A vector that depends on the words of a text alone: the same words, the same direction. */
export function hashed(text: string, dimensions: number): number[] {
  const vector = Array.from({ length: dimensions }, () => 0.01);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? [])
    vector[[...word].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % dimensions, 7)]! += 1;
  return vector;
}
