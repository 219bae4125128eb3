// Decides what to request for a session, and from whom: the user's model after the session ended, the rules before.
import { listSpool } from '../../capture/spool.ts';
import { listWaiting } from '../../capture/waiting.ts';
import { attempt } from '../../domain/errors.ts';
import type { Event } from '../../domain/event.ts';
import { shortSession } from '../../domain/id.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { findSimilar, subjectOf } from '../plan/find-similar.ts';
import { readRecords, readSessionFiles } from '../plan/session-files.ts';
import type { CompressReply, CompressRequest } from '../providers/provider.ts';
import { claimedFiles, listClaims } from './claim.ts';
import { maskLearned } from './mask-events.ts';
import { prepareClaim, readPayload, type PassKind, type PreparedClaim } from './prepared-claim.ts';
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

/** Undefined when the claim holds nothing new. `told`: the whole session; `kept`: its earlier events. */
function kindOfPass(
  { events, closes }: PreparedClaim,
  isUnasked: boolean,
  told: readonly Event[],
  kept: readonly Event[],
  tools: CompressTools,
): PassKind | undefined {
  // The result of a call is news that was read when it had none.
  const settled = kept.filter((event) => !('unproven' in event) || event.unproven !== 'interrupted');
  const known = new Set(settled.map(({ key }) => key));
  const hasNews = events.some(({ kind, key }) => kind !== 'boundary' && !known.has(key));
  if (!hasModel(tools)) return hasNews ? 'rules' : undefined;
  if (closes && (hasNews || isUnasked) && told.some(({ kind }) => !notWorthAsking.has(kind))) return 'model';
  return hasNews ? 'passing' : undefined;
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
  const events = mergeEvents(kept, prepared.events);
  const told = events.filter(({ kind }) => kind !== 'boundary');
  const kind = kindOfPass(prepared, state.isUnasked, told, kept, tools);
  if (kind === undefined) return undefined;
  // If the earlier events are lost, their records are kept; the rules do not replace a model's records.
  const isWhole = kept.length > 0 || state.seen.length === 0;
  const replaces = readSessionFiles(paths, state, tools)
    .filter(({ record, isOurs }) => isWhole && isOurs && (kind !== 'passing' || record.isPassing === true))
    .map(({ record }) => record.id);
  // The session's own remaining records, oldest first, then the most similar ones of others.
  const excerpts = (await tools.readKnown()).filter(({ id }) => !replaces.includes(id));
  const own = state.records.flatMap(({ id }) => excerpts.find((excerpt) => excerpt.id === id) ?? []);
  const others = findSimilar(subjectOf(told), excerpts, similarMax, (excerpt) => !own.includes(excerpt));
  const { settings } = tools;
  return {
    kind,
    replaces,
    request: {
      events: told,
      known: await readRecords([...own, ...others], tools),
      mode: settings.mode,
      language: settings.language,
      session: shortSession(prepared.session),
      branch: prepared.branch,
    },
  };
}

/** The exact requests that a manual run would make now. Claims, sends and writes nothing. */
export async function previewPasses(paths: MemoryPaths, tools: CompressTools): Promise<Pass[]> {
  const sessions = new Map<string, ParsedPayload[]>();
  if (hasModel(tools)) for (const { session } of listWaiting(paths)) sessions.set(session, []);
  for (const file of [...listClaims(paths.spoolDir).flatMap(claimedFiles), ...listSpool(paths)]) {
    // What is unreadable a run would set aside.
    const payload = attempt(() => readPayload(file, tools));
    if (payload) sessions.set(payload.session, [...(sessions.get(payload.session) ?? []), payload]);
  }
  const passes: Pass[] = [];
  for (const [session, payloads] of sessions) {
    const options = { session, head: () => tools.snapshot(), isOver: true };
    const { pass } = await prepareRequest(paths, payloads, options, tools);
    if (pass !== undefined) passes.push(pass);
  }
  return passes;
}
