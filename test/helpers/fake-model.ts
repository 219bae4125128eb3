import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dialects } from './fake-dialects.ts';

export interface ToolUse {
  name: string;
  input: Record<string, unknown>;
  /** Of a tool that takes text instead, in the Responses dialect. */
  raw?: string;
  /** What the tool is offered under, in the Responses dialect. */
  namespace?: string;
}

export interface Turn {
  text?: string;
  tools?: ToolUse[];
}

export interface ModelScript {
  /** Answer to the n-th request that offers tools; the last one is repeated. */
  turns: Turn[];
  /** Answer to requests without tools, such as for a title. */
  side?: string;
}

export interface FakeModel {
  url: string;
  /** Bodies of the requests that offered tools, in order: what the model would have seen. */
  requests: string[];
  close(): Promise<void>;
}

/** A stand-in on loopback that plays a script: the Messages API, and the dialects of other vendors. */
export async function startFakeModel(script: ModelScript): Promise<FakeModel> {
  const requests: string[] = [];
  let turns = 0;
  let replies = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const url = request.url ?? '';
      const isMessages = url.startsWith('/v1/messages');
      const reply = isMessages ? sendReply : dialects.find(([path]) => path.test(url.replace(/\?.*/, '')))?.[1];
      if (!reply) return sendJson(response, 404, notFound);
      if (url.includes('count_tokens')) return sendJson(response, 200, { input_tokens: 100 });
      const asked = parse(body);
      const hasTools = Array.isArray(asked['tools']) && asked['tools'].length > 0;
      if (hasTools) requests.push(body);
      const turn = hasTools ? script.turns[Math.min(turns++, script.turns.length - 1)] : { text: script.side ?? 'ok' };
      reply(response, asked, turn ?? { text: 'ok' }, ++replies);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const notFound = { type: 'error', error: { type: 'not_found_error', message: 'not found' } };

function sendReply(response: ServerResponse, asked: Record<string, unknown>, turn: Turn, ordinal: number): void {
  const content = [
    ...(turn.text ? [{ type: 'text' as const, text: turn.text }] : []),
    ...(turn.tools ?? []).map((tool, index) => ({
      type: 'tool_use' as const,
      id: `toolu_${ordinal}_${index}`,
      ...tool,
    })),
  ];
  const stop = turn.tools?.length ? 'tool_use' : 'end_turn';
  const message = {
    id: `msg_${ordinal}`,
    type: 'message',
    role: 'assistant',
    model: asked['model'] ?? 'model',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 100, output_tokens: 50, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
  };
  if (asked['stream'] !== true) return sendJson(response, 200, { ...message, content, stop_reason: stop });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message });
  content.forEach((block, index) => {
    const isText = block.type === 'text';
    send('content_block_start', {
      index,
      content_block: isText ? { type: 'text', text: '' } : { ...block, input: {} },
    });
    const delta = isText
      ? { type: 'text_delta', text: block.text }
      : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) };
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  });
  send('message_delta', { delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 50 } });
  send('message_stop', {});
  response.end();
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body || '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}
