// A server that answers as the comment part of GitHub's and GitLab's API does, and keeps what it was asked.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Comment {
  id: number;
  body: string;
  user: { login: string; type: string };
  author: { id: number };
}

export interface StandIn {
  url: string;
  comments: Comment[];
  /** `METHOD path`, in order. */
  asked: string[];
  /** Status for writing; 0 means that it works. */
  refuses: number;
  /** Who the token belongs to; undefined for a bot that may not ask. */
  login: string | undefined;
  close(): Promise<void>;
}

export async function startStandIn(): Promise<StandIn> {
  const state: Omit<StandIn, 'url' | 'close'> = { comments: [], asked: [], refuses: 0, login: undefined };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const answer = answerTo(state, request.method ?? '', request.url ?? '', body);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) });
}

function answerTo(
  state: Omit<StandIn, 'url' | 'close'>,
  method: string,
  url: string,
  text: string,
): { status: number; json: unknown } {
  state.asked.push(`${method} ${url}`);
  const own = {
    user: { login: state.login ?? 'github-actions[bot]', type: state.login ? 'User' : 'Bot' },
    author: { id: 7 },
  };
  if (url.endsWith('/user'))
    return state.login === undefined && !url.startsWith('/api/v4')
      ? { status: 403, json: {} }
      : { status: 200, json: { login: state.login, id: 7 } };
  if (method === 'GET') {
    const page = Number(new URL(url, 'http://x').searchParams.get('page'));
    return { status: 200, json: state.comments.slice((page - 1) * 100, page * 100) };
  }
  if (state.refuses !== 0) return { status: state.refuses, json: {} };
  const { body } = JSON.parse(text) as { body: string };
  if (method === 'POST') {
    state.comments.push({ id: 1000 + state.comments.length, body, ...own });
    return { status: 201, json: {} };
  }
  const id = Number(url.slice(url.lastIndexOf('/') + 1));
  const found = state.comments.find((comment) => comment.id === id);
  if (!found) return { status: 404, json: {} };
  found.body = body;
  return { status: 200, json: {} };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
