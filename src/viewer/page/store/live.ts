// What moves in the memory, as it moves. One tab of a browser listens and tells the others: a browser has six connections to a server.
import { signal } from '@preact/signals';
import type { Event } from '../../wire.ts';
import { authorized, connection, urlOf } from './api.ts';
import { address } from './address.ts';

/** Counts up with each change of records, of judgement or of git. */
export const revision = signal(0);
/** Counts up when a session was told something. */
export const toldRevision = signal(0);
/** The last change, for those who say what came. */
export const lastChange = signal<Extract<Event, { type: 'changed' }> | undefined>(undefined);

/** By command, what the last word was of how far it is. */
export const jobs = signal<Readonly<Record<string, string>>>({});

let state = '';
let version = '';

function take(event: Event): void {
  if (event.type === 'hello') {
    const isOther = state !== '' && event.state !== state;
    if (version !== '' && event.version !== version) location.reload();
    version = event.version;
    state = event.state;
    if (isOther) revision.value++;
  } else if (event.type === 'changed') {
    if (event.state === state) return;
    state = event.state;
    lastChange.value = event;
    revision.value++;
  } else if (event.type === 'told') toldRevision.value++;
  else if (event.type === 'job') jobs.value = { ...jobs.value, [event.command]: event.text };
  else revision.value++;
}

export function startLive(): void {
  const repo = address.value.searchParams.get('repo') ?? '';
  const channel = new BroadcastChannel(`repomem ${location.port} ${repo}`);
  channel.addEventListener('message', ({ data }: MessageEvent<Event>) => take(data));
  const listen = async (): Promise<void> => {
    let lastId = '';
    for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
      try {
        await readStream(lastId, (event, id) => {
          pause = 500;
          lastId = id;
          take(event);
          channel.postMessage(event);
        });
      } catch {
        connection.value = connection.value === 'token' ? 'token' : 'gone';
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };
  if ('locks' in navigator) void navigator.locks.request(`repomem live ${repo}`, listen);
  else void listen();
}

async function readStream(lastId: string, onEvent: (event: Event, id: string) => void): Promise<void> {
  const headers = authorized(lastId ? { 'Last-Event-ID': lastId } : {});
  const response = await fetch(urlOf('/api/events'), { headers, cache: 'no-store', credentials: 'omit' });
  if (response.status === 401) connection.value = 'token';
  if (!response.ok || !response.body) throw new Error(String(response.status));
  connection.value = 'ok';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const id = /^id: (.*)$/m.exec(part)?.[1] ?? '';
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data !== undefined) onEvent(JSON.parse(data) as Event, id);
    }
  }
}
