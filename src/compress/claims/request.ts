// What a provider is asked: a sealed claim's events, cut into requests, with what is known of the same things.
import type { Event } from '../../domain/event.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { findSimilar } from '../plan/find-similar.ts';
import type { CompressRequest, KnownRecord } from '../providers/provider.ts';
import type { Sealed } from './prepared-claim.ts';
import { mergeEvents } from './session-events.ts';
import { readStanding } from '../plan/session-files.ts';
import type { SessionState } from './state.ts';
import { growStory, isWorthCompressing } from './story.ts';
import type { CompressTools } from './tools.ts';

/** Records of other sessions that a provider sees. */
const similarMax = 8;

/** The part of a session id that records carry: enough to tell sessions apart, short to read. */
export function shortSession(session: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(session) ? session.slice(0, 8) : session.slice(0, 40);
}

async function readKnown(
  events: readonly Event[],
  state: SessionState,
  excerpts: readonly Excerpt[],
  tools: CompressTools,
): Promise<KnownRecord[]> {
  const order = new Map(state.records.map((record, index) => [record.id, index]));
  const own = excerpts
    .filter((excerpt) => order.has(excerpt.id))
    .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const others = findSimilar(events, excerpts, similarMax, (excerpt) => !order.has(excerpt.id));
  const known: KnownRecord[] = [];
  for (const excerpt of [...own, ...others]) {
    const record = await tools.readRecord(excerpt);
    if (record === undefined) continue;
    const { id, type, title, description, facts, cites, body, session, created } = record;
    known.push({
      id,
      type,
      title,
      description,
      facts,
      cites,
      body,
      created,
      ...(session === undefined ? {} : { session }),
    });
  }
  return known;
}

/** Cut before a prompt where possible: a turn's reason and its proof belong together. */
export function cutEvents(events: readonly Event[], maxChars: number): Event[][] {
  const chunks: Event[][] = [];
  let chunk: Event[] = [];
  let size = 0;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    const isFull = size + length > maxChars || (event.kind === 'prompt' && size > maxChars / 2);
    if (isFull && chunk.length > 0) {
      chunks.push(chunk);
      [chunk, size] = [[], 0];
    }
    chunk.push(event);
    size += length;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}

function withoutBoundaries(events: readonly Event[]): Event[] {
  return events.filter((event) => event.kind !== 'boundary');
}

/** True when the session ended or was compacted and something happened since its last summary. */
function wantsSummary(sealed: Sealed, state: SessionState): boolean {
  if (!sealed.hasEnded && !sealed.isCompacted) return false;
  const story = growStory(state.story, sealed.events);
  return (state.isSummaryDue || withoutBoundaries(sealed.events).length > 0) && isWorthCompressing(story);
}

/** Where the session's records stand, and the events that earlier claims kept. */
export interface SoFar {
  paths: MemoryPaths;
  kept: readonly Event[];
}

/** None when nothing new is worth asking about: those events wait in the state for the next request. */
export async function makeRequests(
  sealed: Sealed,
  state: SessionState,
  excerpts: readonly Excerpt[],
  soFar: SoFar,
  tools: CompressTools,
): Promise<CompressRequest[]> {
  const events = withoutBoundaries([...state.pending, ...sealed.events]);
  const summary = wantsSummary(sealed, state);
  const isWorth = isWorthCompressing(events);
  if (!summary && !isWorth) return [];
  if (summary && tools.provider.readsWholeSession === true)
    return [await makeWholeRequest(sealed, state, excerpts, soFar, tools)];
  // What needs no model has no window either: it sees a turn best as a whole.
  const maxChars = tools.provider.name === tools.fallback.name ? Infinity : tools.settings.maxRequestChars;
  const chunks = isWorth ? cutEvents(events, maxChars) : [events];
  const known = await readKnown(events, state, excerpts, tools);
  const story = state.story.length === 0 && chunks.length === 1 ? events : growStory(state.story, sealed.events);
  return chunks.map((chunk, index) => {
    const isLast = index === chunks.length - 1;
    const isSummed = summary && isLast;
    return {
      ...circumstances(sealed, tools),
      events: chunk,
      known,
      wantsSummary: isSummed,
      story: isSummed ? story : [],
    };
  });
}

function circumstances(
  sealed: Sealed,
  { settings }: CompressTools,
): Pick<CompressRequest, 'mode' | 'language' | 'session' | 'branch' | 'now'> {
  return {
    mode: settings.mode,
    language: settings.language,
    session: shortSession(sealed.session),
    ...(sealed.branch === undefined ? {} : { branch: sealed.branch }),
    now: sealed.at,
  };
}

/** Everything since the session began (or was resumed): what was written of it so far and is not committed is written anew. */
async function makeWholeRequest(
  sealed: Sealed,
  state: SessionState,
  excerpts: readonly Excerpt[],
  { paths, kept }: SoFar,
  tools: CompressTools,
): Promise<CompressRequest> {
  const events = mergeEvents(kept, sealed);
  const replaces = readStanding(paths, state, tools)
    .filter(({ record, canMove }) => record.isPassing === true && canMove)
    .map(({ record }) => record.id);
  const others = excerpts.filter(({ id }) => !replaces.includes(id));
  return {
    ...circumstances(sealed, tools),
    events,
    known: await readKnown(events, state, others, tools),
    wantsSummary: true,
    story: state.isResumed === true ? growStory(state.story, sealed.events) : events,
    replaces,
    caps: { records: tools.settings.maxRecords, bytes: tools.settings.maxBytes },
  };
}
