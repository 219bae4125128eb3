// Decides what to request for a session, and from whom: the user's model after the session ended, the rules before.
import type { Event } from '../../domain/event.ts';
import { shortSession } from '../../domain/id.ts';
import type { Excerpt } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { findSimilar } from '../plan/find-similar.ts';
import { readSessionFiles } from '../plan/session-files.ts';
import type { CompressReply, CompressRequest, KnownRecord } from '../providers/provider.ts';
import { maskLearned } from './mask-events.ts';
import { prepareClaim, type PassKind, type PreparedClaim } from './prepared-claim.ts';
import { mergeEvents, readSessionEvents } from './session-events.ts';
import { readState, type SessionState } from './session-state.ts';
import type { CompressTools, HeadInfo, ParsedPayload } from './dependencies.ts';

/** Number of records of other sessions that a provider sees. */
const similarMax = 8;

export interface Pass {
  kind: PassKind;
  request: CompressRequest;
  /** Ids of the session's records that the reply replaces, as far as they may be removed. */
  replaces: readonly string[];
}

export interface AnsweredPass extends Pass {
  reply: CompressReply;
}

/** Whether a model is configured. */
export function hasModel({ provider }: Pick<CompressTools, 'provider'>): boolean {
  return provider.isFree !== true;
}

/** A prompt alone means that the session was left before an answer. */
const notWorthAsking = new Set<Event['kind']>(['prompt', 'read', 'boundary']);

/** Undefined when the claim holds nothing new. */
function kindOfPass(
  prepared: PreparedClaim,
  state: SessionState,
  { events, kept }: { events: readonly Event[]; kept: readonly Event[] },
  tools: CompressTools,
): PassKind | undefined {
  const hasNews = prepared.events.some(({ kind }) => kind !== 'boundary') || bringsResult(prepared, kept);
  const isUnasked = hasNews || state.isUnasked;
  if (hasModel(tools) && prepared.closes && isUnasked && events.some(({ kind }) => !notWorthAsking.has(kind)))
    return 'model';
  if (!hasNews) return undefined;
  return hasModel(tools) ? 'passing' : 'rules';
}

/** Whether it tells the result of a call that was read when it had none. */
function bringsResult({ retold = [] }: PreparedClaim, kept: readonly Event[]): boolean {
  const told = new Set(retold.map(({ key }) => key));
  return kept.some((event) => event.kind === 'command' && event.unproven === 'interrupted' && told.has(event.key));
}

/** A session's claim with its exact request. The caller holds the session's lock, or only looks. */
export interface PreparedRequest {
  prepared: PreparedClaim;
  pass?: Pass;
}

/** `payloads` is empty for a session that counts as ended. */
export async function prepareRequest(
  paths: MemoryPaths,
  payloads: readonly ParsedPayload[],
  { session, head: headNow, isOver }: { session: string; head(): HeadInfo; isOver: boolean },
  tools: CompressTools,
): Promise<PreparedRequest> {
  tools.secrets?.recall(session);
  const state = readState(paths, session);
  const head = (payloads.length === 0 && state.head) || headNow();
  const kept = readSessionEvents(paths, session);
  const prepared = prepareClaim(payloads, { state, kept, head, isOver }, tools);
  return { prepared, pass: await makePass(paths, prepared, state, tools) };
}

/** Builds the request over the whole session so far; its uncommitted records are rewritten. */
export async function makePass(
  paths: MemoryPaths,
  prepared: PreparedClaim,
  state: SessionState,
  tools: CompressTools,
): Promise<Pass | undefined> {
  const kept = maskLearned(readSessionEvents(paths, prepared.session), tools);
  const events = mergeEvents(kept, prepared);
  const told = events.filter(({ kind }) => kind !== 'boundary');
  const kind = kindOfPass(prepared, state, { events: told, kept }, tools);
  if (kind === undefined) return undefined;
  // If the earlier events are lost, their records are kept; the rules do not replace a model's records.
  const isWhole = kept.length > 0 || state.turns === 0;
  const replaces = readSessionFiles(paths, state, tools)
    .filter(({ record, isOurs }) => isWhole && isOurs && (kind !== 'passing' || record.isPassing === true))
    .map(({ record }) => record.id);
  const excerpts = (await tools.readKnown()).filter(({ id }) => !replaces.includes(id));
  const { settings } = tools;
  return {
    kind,
    replaces,
    request: {
      events: told,
      known: await readKnown(told, state, excerpts, tools),
      mode: settings.mode,
      language: settings.language,
      session: shortSession(prepared.session),
      branch: prepared.branch,
    },
  };
}

/** The session's own remaining records, oldest first, then the most similar ones of others. */
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
    known.push({ id, type, title, description, facts, cites, body, session, created });
  }
  return known;
}
