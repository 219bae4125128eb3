// Where a claim's records go, decided once: tiers for old and new, moves, removals, the session's next state.
import { relative, sep } from 'node:path';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import { blobId } from '../../store/blob.ts';
import { recordFilePath } from '../../store/layout.ts';
import { hashOf, tierDir, type Made, type Plan, type Standing } from './planned.ts';
import type { CompressReply } from '../providers/provider.ts';
import { shortSession } from '../claims/request.ts';
import type { Sealed } from '../claims/prepared-claim.ts';
import { placeRecords, type ShareItem } from './share.ts';
import { addClaim, addSeen, type SessionRecord, type SessionState } from '../claims/state.ts';
import { growStory } from '../claims/story.ts';
import type { CompressTools } from '../claims/tools.ts';
import type { UsageLine } from '../claims/usage.ts';

interface Settled {
  sealed: Sealed;
  replies: readonly CompressReply[];
  state: SessionState;
  tools: CompressTools;
  standing: readonly Standing[];
  /** What the session had of earlier passes; it goes, but for what a new record `kept`. */
  replaced: readonly Standing[];
  made: readonly Made[];
  summary: Made | undefined;
  dropped: Plan['dropped'];
}

function pathIn(paths: MemoryPaths, record: MemoryRecord, tier: Tier): string {
  return relative(tierDir(paths, tier), recordFilePath(paths, record, tier))
    .split(sep)
    .join('/');
}

/** Tiers for old and new, the files and removals that follow, and the next state. */
export function settlePlan(
  paths: MemoryPaths,
  claim: string,
  { sealed, replies, state, tools, standing, replaced, made, summary, dropped }: Settled,
): Plan {
  const plan: Plan = { files: [], removals: [], ledger: [], usage: [], written: [], dropped: [...dropped], state };
  const superseded = new Set(made.flatMap(({ record }) => record.supersedes));
  const all = summary === undefined ? made : [...made, summary];
  const items: ShareItem[] = [
    ...standing.map(({ record, canMove }) => ({
      ...record,
      isSuperseded: record.isSuperseded === true || superseded.has(record.id),
      canMove,
    })),
    ...all.map(({ record, text, importance }) => ({
      id: record.id,
      type: record.type,
      bytes: Buffer.byteLength(text),
      importance,
      canMove: true,
      isSuperseded: superseded.has(record.id),
    })),
  ];
  if (summary === undefined && state.summary !== undefined) items.push({ ...state.summary, canMove: false });
  const placing = placeRecords(items, tools.settings);

  const records: SessionRecord[] = [];
  for (const { record, text } of standing) {
    const tier = placing.get(record.id);
    const isSuperseded = record.isSuperseded === true || superseded.has(record.id);
    const next: SessionRecord = { ...record, ...(isSuperseded ? { isSuperseded } : {}) };
    if (sealed.hasEnded) delete next.isPassing;
    if (tier !== record.tier) plan.removals.push({ tier: record.tier, path: record.path, hash: record.hash });
    if (tier === undefined) continue;
    if (tier !== record.tier) plan.files.push({ tier, path: record.path, text });
    records.push({ ...next, tier });
  }
  // Only as long as the events are at hand that the next pass over the whole session is made of.
  const isPassing = tools.provider.readsWholeSession === true && !sealed.hasEnded;
  const kept = new Set<Standing>();
  let nextSummary = state.summary;
  for (const { record, text, importance, kept: older } of all) {
    const tier = placing.get(record.id);
    if (tier === undefined) {
      plan.dropped.push({ title: record.title, reason: 'the session has more important records than its cap holds' });
      continue;
    }
    if (older !== undefined && !kept.has(older)) {
      kept.add(older);
      const { isPassing: _, ...known } = older.record;
      records.push({ ...known, tier, importance, ...(isPassing ? { isPassing } : {}) });
      if (tier === older.record.tier) continue;
      plan.files.push({ tier, path: older.record.path, text: older.text });
      plan.removals.push({ tier: older.record.tier, path: older.record.path, hash: older.record.hash });
      continue;
    }
    const path = pathIn(paths, record, tier);
    plan.files.push({ tier, path, text });
    plan.written.push({ id: record.id, tier, path, title: record.title, type: record.type });
    plan.ledger.push(ledgerEntry(paths, record, text, sealed));
    const entry: SessionRecord = {
      id: record.id,
      tier,
      path,
      bytes: Buffer.byteLength(text),
      importance,
      type: record.type,
      hash: hashOf(text),
    };
    if (record.type !== 'session')
      records.push({
        ...entry,
        ...(superseded.has(record.id) ? { isSuperseded: true } : {}),
        ...(isPassing ? { isPassing } : {}),
      });
    else {
      // One a session: the older one is ours, local, and known to this one.
      if (state.summary?.tier === 'local') plan.removals.push(state.summary);
      nextSummary = entry;
    }
  }
  for (const one of replaced) if (!kept.has(one)) plan.removals.push(one.record);
  plan.usage = usageOf(claim, sealed, replies);
  plan.state = nextState(claim, sealed, state, replies.length > 0, records, nextSummary);
  return plan;
}

function ledgerEntry(paths: MemoryPaths, record: MemoryRecord, text: string, sealed: Sealed): LedgerEntry {
  return {
    id: record.id,
    blob: blobId(Buffer.from(text), sealed.objectFormat),
    at: sealed.at,
    ...(record.session === undefined ? {} : { session: record.session }),
    ...(sealed.head === undefined ? {} : { commit: sealed.head }),
    ...(sealed.branch === undefined ? {} : { branch: sealed.branch }),
    onDefault: sealed.onDefault,
    worktree: paths.worktreeKey,
  };
}

function usageOf(claim: string, sealed: Sealed, replies: readonly CompressReply[]): UsageLine[] {
  const lines = new Map<string, UsageLine>();
  for (const { by, paid = by, usage } of replies) {
    const line = lines.get(paid) ?? {
      at: sealed.at,
      provider: paid,
      session: shortSession(sealed.session),
      claim,
      requests: 0,
      tokensIn: 0,
      tokensOut: 0,
    };
    line.requests += usage.requests;
    line.tokensIn += usage.tokensIn;
    line.tokensOut += usage.tokensOut;
    lines.set(paid, line);
  }
  return [...lines.values()].filter((line) => line.requests > 0 || line.tokensIn > 0);
}

function nextState(
  claim: string,
  sealed: Sealed,
  state: SessionState,
  wasAsked: boolean,
  records: SessionRecord[],
  summary: SessionRecord | undefined,
): SessionState {
  const events = sealed.events.filter((event) => event.kind !== 'boundary');
  const started = state.started ?? sealed.events[0]?.at;
  const isSummed = summary !== undefined && summary !== state.summary;
  return {
    ...state,
    revision: state.revision + 1,
    session: sealed.session,
    ...(sealed.agent === undefined ? {} : { agent: sealed.agent }),
    ...nextTranscript(sealed, state),
    ...(started === undefined ? {} : { started }),
    ...(summary === undefined ? {} : { summary }),
    seen: addSeen(state.seen, sealed.keys),
    records,
    isTurnPrivate: sealed.isTurnPrivate,
    pending: wasAsked ? [] : [...state.pending, ...events].slice(-200),
    story: growStory(state.story, events),
    ...(state.isResumed === true || sealed.hasEnded ? { isResumed: true } : {}),
    isSummaryDue: isSummed ? false : state.isSummaryDue || events.length > 0,
    turns: state.turns + sealed.turns,
    claims: addClaim(state.claims, claim),
  };
}

/** Another worktree's claim may have read further since this one was sealed. */
function nextTranscript({ transcript }: Sealed, state: SessionState): Pick<SessionState, 'transcript'> {
  if (transcript === undefined) return {};
  const { path, from, to } = transcript;
  const now = state.transcript?.path === path ? state.transcript.offset : from;
  return { transcript: { path, offset: now === from ? to : Math.max(now, to) } };
}
