// The events of a session's claims, stored beside its state: every pass covers the whole session, so that its records do not depend on
// how events were grouped into claims.
import { join } from 'node:path';
import { placeByTime } from '../../agents/join.ts';
import type { Event } from '../../domain/event.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn, readJson, readJsonLines } from '../../store/lenient-files.ts';
import { privateFile } from './claim.ts';
import { maskLearned } from './mask-events.ts';
import type { PreparedClaim } from './prepared-claim.ts';
import { stateFile, type SessionState } from './session-state.ts';
import type { CompressTools } from './dependencies.ts';

/** Maximum size of the file; beyond it the least informative events are dropped first. */
const keptMaxChars = 4 * 1024 * 1024;

const suffix = '.events.jsonl';
/** Events of the session's claims since its start; incomplete lines are skipped. */
export function readSessionEvents(paths: MemoryPaths, session: string): Event[] {
  return readJsonLines(stateFile(paths, session, suffix)) as Event[];
}

/** Ids of sessions whose events are kept. */
export function listSessionEvents(paths: MemoryPaths): string[] {
  const folder = join(paths.privateDir, 'sessions');
  return namesIn(folder).flatMap((name) => {
    if (!name.endsWith(suffix)) return [];
    const bare = name.slice(0, -suffix.length);
    // A hash of an id that is no good name: the state holds the id.
    if (!/^[0-9a-f]{24}$/.test(bare)) return bare;
    return (readJson(join(folder, `${bare}.json`)) as SessionState | undefined)?.session ?? [];
  });
}

/** Events from which no record is made. */
const isMute = (event: Event): boolean => event.kind === 'boundary' || event.kind === 'read';

/**
 * Merges a claim's events into the earlier ones, in session order. A repeated event (from the hook after the transcript) takes the
 * position of its first version. A new one is placed before the known event that follows it; what was done also before the first later
 * text, which the transcript may have told before the hook told the deed.
 */
export function mergeEvents(kept: readonly Event[], events: readonly Event[]): Event[] {
  const merged = [...kept];
  const indexOf = new Map(merged.map((event, index) => [event.key, index]));
  const before: Event[][] = Array.from({ length: merged.length + 1 }, () => []);
  const waiting: Event[] = [];
  const settle = (end: number): void => {
    for (const event of waiting.splice(0)) before[placeByTime(merged, event, end)]!.push(event);
  };
  for (const event of events) {
    const at = indexOf.get(event.key);
    if (at !== undefined) {
      settle(at);
      merged[at] = retell(merged[at]!, event);
    } else if (!isMute(event)) waiting.push(event);
  }
  settle(merged.length);
  return before.flatMap((placed, index) => [...placed, ...merged.slice(index, index + 1)]);
}

/** A failure that one side knew of stands: the hooks of some hosts tell of none, and may be read after the transcript. */
function retell(known: Event, told: Event): Event {
  if ('ok' in known && !known.ok && 'ok' in told && told.ok) return known;
  // A prompt's hook does not say after which message it was typed; the transcript does.
  return known.kind === 'prompt' && told.kind === 'prompt' ? { ...known, ...told } : told;
}

/** The others are dropped first when the file grows too large. */
function isTelling(event: Event): boolean {
  if (event.kind === 'text') return event.isFinal === true;
  if (event.kind === 'command') return event.commit !== undefined;
  return /^(?:summary|answer|verdict|prompt|task|report)$/.test(event.kind);
}

/** Adds a claim's events, within the file's size limit. Idempotent. */
export function keepSessionEvents(
  paths: MemoryPaths,
  prepared: PreparedClaim,
  tools: Pick<CompressTools, 'write' | 'secrets'>,
): void {
  const merged = mergeEvents(maskLearned(readSessionEvents(paths, prepared.session), tools), prepared.events);
  if (merged.length === 0) return;
  const lines = merged.map((event) => ({ isTelling: isTelling(event), text: `${JSON.stringify(event)}\n` }));
  let surplus = lines.reduce((sum, { text }) => sum + text.length, -keptMaxChars);
  for (const line of lines.toSorted((a, b) => Number(a.isTelling) - Number(b.isTelling))) {
    if (surplus <= 0) break;
    surplus -= line.text.length;
    line.text = '';
  }
  tools.write(stateFile(paths, prepared.session, suffix), lines.map(({ text }) => text).join(''), privateFile);
}
