// Sessions written as a short script: one event a call, keys and times made up in order.
import type { Event, Hunk } from '../../../src/domain/event.ts';

type Bare = Event extends infer E ? (E extends Event ? Omit<E, 'key' | 'at'> : never) : never;

export function told(...events: Bare[]): Event[] {
  return events.map(
    (event, index) =>
      ({
        key: `k${index}`,
        at: `2026-11-20T10:00:${String(index).padStart(2, '0')}Z`,
        ...event,
      }) as Event,
  );
}

export const user = (text: string, follows?: string): Bare => ({
  kind: 'prompt',
  text,
  ...(follows === undefined ? {} : { follows }),
});
export const says = (text: string): Bare => ({ kind: 'text', text });
export const ran = (command: string, output = ''): Bare => ({ kind: 'command', command, ok: true, output });
export const failed = (command: string, output: string): Bare => ({ kind: 'command', command, ok: false, output });
export const commit = (message: string, id?: string): Bare => ({
  kind: 'command',
  command: 'git commit',
  ok: true,
  output: '',
  commit: { message, ...(id === undefined ? {} : { id }) },
});

export function edits(path: string, before: string, after: string, start = 1): Bare {
  const lines = (text: string): string[] => (text === '' ? [] : text.split('\n'));
  const hunk: Hunk = { start, lines: lines(after).length, removed: lines(before), added: lines(after) };
  return { kind: 'edit', path, ok: true, created: before === '', hunks: [hunk] };
}
