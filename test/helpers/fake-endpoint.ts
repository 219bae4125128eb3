// A stand-in for model endpoints on loopback, for both ways of speaking and for every way of failing.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Dialect = 'anthropic' | 'openai-compatible';

export interface Answer {
  text?: string;
  /** The endpoint's own word for how it ended. */
  stop?: string;
  status?: number;
  headers?: Record<string, string>;
  error?: string;
  /** Half of it, then the connection ends. */
  isCut?: boolean;
  hangs?: boolean;
}

export interface Asked {
  url: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown>;
}

export interface FakeEndpoint {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** The n-th request gets the n-th answer; the last one is repeated. */
export async function startEndpoint(
  dialect: Dialect,
  answers: readonly Answer[] | ((asked: Asked, count: number) => Answer),
  options: { isStreamed?: boolean } = {},
): Promise<FakeEndpoint> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const body = JSON.parse(text || '{}') as Record<string, unknown>;
      const one = { url: request.url ?? '', headers: request.headers, text, body };
      asked.push(one);
      const answer =
        typeof answers === 'function'
          ? answers(one, asked.length)
          : (answers[Math.min(asked.length, answers.length) - 1] ?? {});
      send(response, dialect, answer, options.isStreamed === true);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const tokens = { in: 1200, out: 80 };

function send(response: ServerResponse, dialect: Dialect, answer: Answer, isStreamed: boolean): void {
  if (answer.hangs === true) return;
  const isError = answer.status !== undefined && answer.status >= 400;
  const type = isStreamed && !isError ? 'text/event-stream' : 'application/json';
  const body = isError
    ? JSON.stringify({ type: 'error', error: { type: 'error', message: answer.error ?? 'no' } })
    : dialect === 'anthropic'
      ? anthropicBody(answer, isStreamed)
      : openAiBody(answer, isStreamed);
  response.writeHead(answer.status ?? 200, { 'content-type': type, ...answer.headers });
  if (answer.isCut !== true) return void response.end(body);
  response.write(body.slice(0, body.length / 2));
  setTimeout(() => response.destroy(), 20);
}

function anthropicBody({ text = '', stop = 'end_turn' }: Answer, isStreamed: boolean): string {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'model', stop_sequence: null };
  const usage = { input_tokens: tokens.in, output_tokens: tokens.out };
  const thought = { type: 'thinking', thinking: 'hm', signature: '' };
  if (!isStreamed) {
    const content = [thought, { type: 'text', text }];
    return JSON.stringify({ ...message, content, stop_reason: stop, usage });
  }
  const half = text.length / 2;
  const events = [
    { type: 'message_start', message: { ...message, content: [], usage: { ...usage, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: text.slice(0, half) } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: text.slice(half) } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: tokens.out } },
    { type: 'message_stop' },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

function openAiBody({ text = '', stop = 'stop' }: Answer, isStreamed: boolean): string {
  const usage = { prompt_tokens: tokens.in, completion_tokens: tokens.out };
  if (!isStreamed)
    return JSON.stringify({
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: stop }],
      usage,
    });
  const half = text.length / 2;
  const chunks = [
    { choices: [{ index: 0, delta: { role: 'assistant', content: text.slice(0, half) } }] },
    { choices: [{ index: 0, delta: { content: text.slice(half) } }] },
    { choices: [{ index: 0, delta: {}, finish_reason: stop }] },
    { choices: [], usage },
  ];
  return `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`;
}
