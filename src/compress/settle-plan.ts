// Where a claim's records go, decided once: tiers for old and new, moves, removals, the session's next state.
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Tier } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import type { MemoryRecord } from '../domain/record.ts';
import type { LedgerEntry } from '../git/ledger.ts';
import { blobId } from '../store/blob.ts';
import { recordFilePath } from '../store/layout.ts';
import { hashOf, tierDir, type Made, type Plan } from './planned.ts';
import type { CompressReply } from './provider.ts';
import { shortSession } from './request.ts';
import type { Sealed } from './seal.ts';
import { placeRecords, type ShareItem } from './share.ts';
import { addClaim, addSeen, type SessionRecord, type SessionState } from './state.ts';
import { growStory } from './story.ts';
import type { CompressTools } from './tools.ts';
import type { UsageLine } from './usage.ts';

interface Settled {
  sealed: Sealed;
  replies: readonly CompressReply[];
  state: SessionState;
  tools: CompressTools;
  made: readonly Made[];
  summary: Made | undefined;
  dropped: Plan['dropped'];
}

function pathIn(place: Place, record: MemoryRecord, tier: Tier): string {
  return relative(tierDir(place, tier), recordFilePath(place, record, tier))
    .split(sep)
    .join('/');
}

/** The text of a record of this session as it stands on disk; undefined when it is gone. */
function readStanding(place: Place, record: SessionRecord): string | undefined {
  try {
    return readFileSync(join(tierDir(place, record.tier), record.path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Tiers for old and new, the files and removals that follow, and the next state. */
export function settlePlan(
  place: Place,
  claim: string,
  { sealed, replies, state, tools, made, summary, dropped }: Settled,
): Plan {
  const plan: Plan = { files: [], removals: [], ledger: [], usage: [], written: [], dropped: [...dropped], state };
  const superseded = new Set(made.flatMap(({ record }) => record.supersedes));
  const standing = state.records
    .map((record) => ({ record, text: readStanding(place, record) }))
    .filter((each): each is { record: SessionRecord; text: string } => each.text !== undefined);
  const untracked = tools.untracked(
    standing.filter(({ record }) => record.tier === 'shared').map(({ record }) => join(place.memoryDir, record.path)),
  );
  const all = summary === undefined ? made : [...made, summary];
  const items: ShareItem[] = [
    ...standing.map(({ record, text }) => ({
      ...record,
      isSuperseded: record.isSuperseded === true || superseded.has(record.id),
      canMove:
        hashOf(text) === record.hash && (record.tier === 'local' || untracked.has(join(place.memoryDir, record.path))),
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
    if (tier !== record.tier) plan.removals.push({ tier: record.tier, path: record.path, hash: record.hash });
    if (tier === undefined) continue;
    if (tier !== record.tier) plan.files.push({ tier, path: record.path, text });
    records.push({ ...next, tier });
  }
  let nextSummary = state.summary;
  for (const { record, text, importance } of all) {
    const tier = placing.get(record.id);
    if (tier === undefined) {
      plan.dropped.push({ title: record.title, reason: 'the session has more important records than its cap holds' });
      continue;
    }
    const path = pathIn(place, record, tier);
    plan.files.push({ tier, path, text });
    plan.written.push({ id: record.id, tier, path, title: record.title, type: record.type });
    plan.ledger.push(ledgerEntry(place, record, text, sealed));
    const bytes = Buffer.byteLength(text);
    const entry: SessionRecord = {
      id: record.id,
      tier,
      path,
      bytes,
      importance,
      type: record.type,
      hash: hashOf(text),
    };
    if (record.type !== 'session')
      records.push({ ...entry, ...(superseded.has(record.id) ? { isSuperseded: true } : {}) });
    else {
      // One a session: the older one is ours, local, and known to this one.
      if (state.summary?.tier === 'local') plan.removals.push(state.summary);
      nextSummary = entry;
    }
  }
  plan.usage = usageOf(claim, sealed, replies);
  plan.state = nextState(claim, sealed, state, replies.length > 0, records, nextSummary);
  return plan;
}

function ledgerEntry(place: Place, record: MemoryRecord, text: string, sealed: Sealed): LedgerEntry {
  return {
    id: record.id,
    blob: blobId(Buffer.from(text), sealed.objectFormat),
    at: sealed.at,
    ...(record.session === undefined ? {} : { session: record.session }),
    ...(sealed.head === undefined ? {} : { commit: sealed.head }),
    ...(sealed.branch === undefined ? {} : { branch: sealed.branch }),
    onDefault: sealed.onDefault,
    worktree: place.worktreeKey,
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
