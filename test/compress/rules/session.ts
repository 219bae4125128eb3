// Small invented sessions, told as events.
import type { Draft } from '../../../src/domain/draft.ts';
import type { Event, Hunk } from '../../../src/domain/event.ts';
import type { CompressReply, CompressRequest, KnownRecord } from '../../../src/compress/providers/provider.ts';
import { extractiveProvider } from '../../../src/compress/rules/rules-provider.ts';
import { blankMode } from '../../../src/compress/providers/provider.ts';

/** An event without what every event has. */
type Told<E> = E extends Event ? Omit<E, 'key' | 'session' | 'at'> : never;

export function tellSession(told: readonly Told<Event>[]): Event[] {
  return told.map((event, index) => ({
    key: `e${index}`,
    session: 's1',
    at: new Date(Date.UTC(2026, 0, 5, 9, 0, index)).toISOString(),
    ...event,
  })) as Event[];
}

export const prompt = (text: string): Told<Event> => ({ kind: 'prompt', text });
export const say = (text: string): Told<Event> => ({ kind: 'text', text });
export const close = (text: string): Told<Event> => ({ kind: 'text', text, isFinal: true });
export const run = (command: string, output: string, ok = true): Told<Event> => ({
  kind: 'command',
  command,
  output,
  ok,
});
export const commit = (message: string): Told<Event> => ({
  kind: 'command',
  command: `git commit -m "${message.split('\n')[0]}"`,
  output: '[main 1a2b3c4]',
  ok: true,
  commit: { message, id: '1a2b3c4', branch: 'main' },
});
export const edit = (path: string, removed: string[], added: string[], start = 1): Told<Event> => {
  const hunks: Hunk[] = [{ start, lines: added.length, removed, added }];
  return { kind: 'edit', path, ok: true, created: false, hunks };
};
export const create = (path: string, added: string[]): Told<Event> => ({
  kind: 'edit',
  path,
  ok: true,
  created: true,
  hunks: [{ start: 1, lines: added.length, removed: [], added }],
});

export const draftsOf = async (events: readonly Event[]): Promise<Draft[]> => (await compressEvents(events)).drafts;

export const textOf = (drafts: readonly Draft[]): string =>
  drafts.map(({ title, description, body, facts }) => [title, description, body, ...facts].join('\n')).join('\n');

export function compressEvents(
  events: readonly Event[],
  options: { known?: KnownRecord[]; wantsSummary?: boolean } = {},
): Promise<CompressReply> {
  const request: CompressRequest = {
    events,
    known: options.known ?? [],
    mode: blankMode,
    language: 'auto',
    session: 's1',
    branch: 'main',
  };
  return extractiveProvider().compress(request);
}

/** What the records tell, and the accounts in the session's summary. */
export async function toldBy(events: readonly Event[]): Promise<string> {
  const { drafts, summary } = await compressEvents(events);
  return [textOf(drafts), ...(summary?.texts ?? [])].join('\n');
}
