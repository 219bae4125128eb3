// The events of a session's claims, stored beside its state: every pass covers the whole session, so that its records do not depend on
// how events were grouped into claims.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../domain/event.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { privateFile } from './claim.ts';
import { maskLearned } from './mask-events.ts';
import type { PreparedClaim } from './prepared-claim.ts';
import { stateFile } from './session-state.ts';
import type { CompressTools } from './dependencies.ts';

/** Maximum size of the file; beyond it the least informative events are dropped first. */
const keptMaxChars = 4 * 1024 * 1024;

const eventsFile = (paths: MemoryPaths, session: string): string =>
  stateFile(paths, session).replace(/\.json$/, '.events.jsonl');

/** Events of the session's claims since its start; incomplete lines are skipped. */
export function readSessionEvents(paths: MemoryPaths, session: string): Event[] {
  let text: string;
  try {
    text = readFileSync(eventsFile(paths, session), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Event];
    } catch {
      return [];
    }
  });
}

/** Ids of sessions whose events are kept. */
export function listSessionEvents(paths: MemoryPaths): string[] {
  let names: string[];
  try {
    names = readdirSync(join(paths.privateDir, 'sessions'));
  } catch {
    return [];
  }
  // The name is the id, or a hash of one that is no good name.
  return names.flatMap((name) => {
    const id = name.endsWith('.events.jsonl') ? name.slice(0, -'.events.jsonl'.length) : '';
    if (!id.startsWith('x-')) return id === '' ? [] : [id];
    const line = readFileSync(join(paths.privateDir, 'sessions', name), 'utf8').split('\n', 1)[0] ?? '';
    return /"session":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? [];
  });
}

/** Events from which no record is made. */
const isMute = (event: Event): boolean => event.kind === 'boundary' || event.kind === 'read';

/**
 * Merges a claim's events into the earlier ones, in session order. A repeated event (from the hook after the transcript) takes the
 * position of its first version; a new event is placed before the known event that follows it.
 */
export function mergeEvents(kept: readonly Event[], { events, retold = [], order }: PreparedClaim): Event[] {
  const merged = [...kept];
  const again = new Map(retold.map((event) => [event.key, event]));
  const fresh = new Map(events.filter((event) => !isMute(event)).map((event) => [event.key, event]));
  const indexOf = new Map(merged.map((event, index) => [event.key, index]));
  const before = new Map<number, Event[]>();
  let waiting: Event[] = [];
  for (const key of order ?? events.map((event) => event.key)) {
    const at = indexOf.get(key);
    if (at !== undefined) {
      before.set(at, [...(before.get(at) ?? []), ...waiting]);
      waiting = [];
      merged[at] = retell(merged[at]!, again.get(key));
      continue;
    }
    const event = fresh.get(key);
    if (event === undefined) continue;
    waiting.push(event);
    fresh.delete(key);
  }
  return [...merged.flatMap((event, index) => [...(before.get(index) ?? []), event]), ...waiting];
}

/** A failure that one side knew of stands: the hooks of some hosts tell of none, and may be read after the transcript. */
function retell(known: Event, told: Event | undefined): Event {
  const isSoftened = told !== undefined && 'ok' in known && !known.ok && 'ok' in told && told.ok;
  if (told === undefined || isSoftened) return known;
  // A prompt's hook does not say after which message it was typed; the transcript does.
  return known.kind === 'prompt' && told.kind === 'prompt' ? { ...known, ...told } : told;
}

/** Events with lower values are dropped first when the file grows too large. */
function worthOf(event: Event): number {
  switch (event.kind) {
    case 'summary':
    case 'answer':
    case 'verdict':
    case 'prompt':
      return 3;
    case 'text':
      return event.isFinal === true ? 3 : 1;
    case 'command':
      return event.commit !== undefined ? 3 : event.ok ? 0 : 1;
    case 'task':
    case 'report':
      return 2;
    default:
      return 0;
  }
}

/** Drops events until the file's size limit is met; keeps their order. */
function withinBounds(lines: readonly { event: Event; line: string }[]): string[] {
  let over = lines.reduce((sum, { line }) => sum + line.length + 1, 0) - keptMaxChars;
  const gone = new Set<number>();
  if (over > 0) {
    const order = lines.map(({ event }, index) => ({ index, worth: worthOf(event) }));
    for (const { index } of order.sort((a, b) => a.worth - b.worth || a.index - b.index)) {
      if (over <= 0) break;
      gone.add(index);
      over -= (lines[index]?.line.length ?? 0) + 1;
    }
  }
  return lines.filter((_, index) => !gone.has(index)).map(({ line }) => line);
}

/** Adds a claim's events. Idempotent. */
export function keepSessionEvents(
  paths: MemoryPaths,
  prepared: PreparedClaim,
  tools: Pick<CompressTools, 'write' | 'secrets'>,
): void {
  const merged = mergeEvents(maskLearned(readSessionEvents(paths, prepared.session), tools), prepared);
  if (merged.length === 0) return;
  const lines = withinBounds(merged.map((event) => ({ event, line: JSON.stringify(event) })));
  const text = lines.map((line) => `${line}\n`).join('');
  tools.write(eventsFile(paths, prepared.session), text, privateFile);
}
