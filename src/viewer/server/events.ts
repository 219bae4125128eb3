// The event stream: what moved, to every tab that listens. Read by fetch, since an EventSource cannot send the token.
import type { ServerResponse } from 'node:http';
import type { Event } from '../wire.ts';
import { commonHeaders } from './admit.ts';

export interface Stream {
  /** Takes over an answer; ends when the client goes. `lastId`: what the client saw last, of this run or of another. */
  open(response: ServerResponse, hello: Event, lastId: string | undefined): void;
  send(event: Event): void;
  close(): void;
  count(): number;
}

/** Behind this many a client is told to read everything anew. */
const keptEvents = 200;
const quietMs = 20_000;

/** `run`: a word that no other run of the server has. `onCount` is called when a client came or went. */
export function makeStream(run: string, onCount: (count: number) => void): Stream {
  const clients = new Set<ServerResponse>();
  const kept: { id: number; text: string }[] = [];
  let last = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const textOf = (id: number, event: Event): string => `id: ${run}-${id}\ndata: ${JSON.stringify(event)}\n\n`;
  const drop = (client: ServerResponse): void => {
    if (!clients.delete(client)) return;
    if (clients.size === 0) clearInterval(timer);
    onCount(clients.size);
  };
  return {
    open(response, hello, lastId) {
      response.writeHead(200, { ...commonHeaders, 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(textOf(last, hello));
      const seen = /^(.+)-(\d+)$/.exec(lastId ?? '');
      if (seen) {
        const from = Number(seen[2]);
        const isKnown = seen[1] === run && from <= last && (from === last || (kept[0]?.id ?? Infinity) <= from + 1);
        if (isKnown) for (const { id, text } of kept) response.write(id > from ? text : '');
        else response.write(textOf(last, { type: 'reset' }));
      }
      clients.add(response);
      response.on('close', () => drop(response));
      response.on('error', () => drop(response));
      if (clients.size === 1)
        timer = setInterval(() => {
          for (const client of clients) client.write(': quiet\n\n');
        }, quietMs);
      timer?.unref();
      onCount(clients.size);
    },
    send(event) {
      const id = ++last;
      const text = textOf(id, event);
      kept.push({ id, text });
      if (kept.length > keptEvents) kept.shift();
      for (const client of clients) client.write(text);
    },
    close() {
      clearInterval(timer);
      for (const client of clients) client.end();
      clients.clear();
    },
    count: () => clients.size,
  };
}
