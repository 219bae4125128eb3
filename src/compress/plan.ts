// What a claim will leave behind, decided once: whole files, moves, removals, the session's next state. Publishing only obeys.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Draft } from '../domain/draft.ts';
import type { Excerpt, Tier } from '../domain/excerpt.ts';
import type { Place } from '../domain/place.ts';
import { fileMaxBytes, type MemoryRecord } from '../domain/record.ts';
import type { RecordType } from '../domain/types.ts';
import type { LedgerEntry } from '../git/ledger.ts';
import { blobId } from '../store/blob.ts';
import { formatRecord } from '../store/frontmatter.ts';
import { recordFilePath } from '../store/layout.ts';
import { judgeKnown } from './known.ts';
import type { CompressReply } from './provider.ts';
import { idOf, recordOfDraft, recordOfSummary, type Origin } from './record-of-draft.ts';
import { findSimilar, shortSession } from './request.ts';
import type { Sealed } from './seal.ts';
import { placeRecords, type ShareItem } from './share.ts';
import { addClaim, addSeen, type SessionRecord, type SessionState } from './state.ts';
import { growStory } from './story.ts';
import type { CompressTools } from './tools.ts';
import type { UsageLine } from './usage.ts';

/** `path` is relative to the tier's folder, with forward slashes: the repository may have moved before a replay. */
export interface PlannedFile {
  tier: Tier;
  path: string;
  text: string;
}

export interface PlannedRemoval {
  tier: Tier;
  path: string;
  /** Removed only while it is still what we wrote. */
  hash: string;
}

export interface Plan {
  files: PlannedFile[];
  removals: PlannedRemoval[];
  ledger: LedgerEntry[];
  usage: UsageLine[];
  /** The state after it; its revision is one more than the one planned on. */
  state: SessionState;
  written: { id: string; tier: Tier; path: string; title: string; type: RecordType }[];
  dropped: { title: string; reason: string }[];
}

/** Known records that a draft is compared with. */
const comparedMax = 24;

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}

export function tierDir(place: Place, tier: Tier): string {
  return tier === 'shared' ? place.memoryDir : place.localDir;
}

function pathIn(place: Place, record: MemoryRecord, tier: Tier): string {
  return relative(tierDir(place, tier), recordFilePath(place, record, tier))
    .split(sep)
    .join('/');
}

interface Made {
  record: MemoryRecord;
  text: string;
  importance: number;
}

/** Facts go from the end until the file has the format's size. */
function formatWithin(record: MemoryRecord): { record: MemoryRecord; text: string } {
  let fitted = record;
  let text = formatRecord(fitted);
  while (Buffer.byteLength(text) > fileMaxBytes && (fitted.facts.length > 0 || fitted.body.length > 200)) {
    fitted =
      fitted.facts.length > 0
        ? { ...fitted, facts: fitted.facts.slice(0, -1) }
        : { ...fitted, body: fitted.body.slice(0, fitted.body.length / 2) };
    text = formatRecord(fitted);
  }
  return { record: fitted, text };
}

async function readSimilar(draft: Draft, excerpts: readonly Excerpt[], tools: CompressTools): Promise<MemoryRecord[]> {
  const words = [draft.title, draft.description, draft.body, ...draft.facts, ...draft.aliases].join('\n');
  const said = { kind: 'text', key: '', session: '', at: '', text: words } as const;
  const reads = draft.cites.map(({ path }) => ({ kind: 'read', key: '', session: '', at: '', path }) as const);
  const similar = findSimilar([said, ...reads], excerpts, comparedMax);
  const named = new Set([...draft.supersedes, ...draft.contradicts]);
  const chosen = [...similar, ...excerpts.filter((excerpt) => named.has(excerpt.id) && !similar.includes(excerpt))];
  const records = await Promise.all(chosen.map((excerpt) => tools.readRecord(excerpt)));
  return records.filter((record) => record !== undefined);
}

export async function planClaim(
  place: Place,
  claim: string,
  sealed: Sealed,
  replies: readonly CompressReply[],
  state: SessionState,
  tools: CompressTools,
): Promise<Plan> {
  const plan: Plan = { files: [], removals: [], ledger: [], usage: [], written: [], dropped: [], state };
  const drafts = replies.flatMap((reply) => reply.drafts.map((draft) => ({ draft, reply })));
  const ownIds = new Set([...drafts.map((_, ordinal) => idOf(claim, ordinal)), idOf(claim, 'summary')]);
  // A replay may find what it wrote before it died.
  const excerpts = (drafts.length === 0 ? [] : await tools.readKnown()).filter((excerpt) => !ownIds.has(excerpt.id));
  const tombstones = (
    await Promise.all(excerpts.filter(({ type }) => type === 'tombstone').map((excerpt) => tools.readRecord(excerpt)))
  ).filter((record) => record !== undefined);

  const made: Made[] = [];
  for (const [ordinal, { draft, reply }] of drafts.entries()) {
    const drop = (reason: string): void => void plan.dropped.push({ title: draft.title, reason });
    const { mode } = tools.settings;
    if (draft.importance < mode.minImportance) drop('not important enough for the mode');
    else if (!mode.types.includes(draft.type)) drop(`the mode writes no ${draft.type}`);
    else {
      const record = recordOfDraft(draft, idOf(claim, ordinal), originOf(claim, sealed, reply), tools);
      if (record === undefined) {
        plan.dropped.push({ title: '', reason: 'nothing was left of its title after redaction' });
        continue;
      }
      const known = [...(await readSimilar(draft, excerpts, tools)), ...made.map((other) => other.record)];
      const verdict = judgeKnown(record, known, tombstones, draft);
      if (verdict.kind === 'known') drop(verdict.reason);
      else {
        const { supersedes, contradicts } = verdict;
        made.push({ ...formatWithin({ ...record, supersedes, contradicts }), importance: draft.importance });
      }
    }
  }
  const summary = summaryOf(claim, sealed, replies, state, tools);
  return settlePlan(place, claim, sealed, replies, state, tools, plan, made, summary);
}

function originOf(claim: string, sealed: Sealed, reply: CompressReply): Origin {
  const paid = reply.usage.tokensIn + reply.usage.tokensOut;
  return { claim, sealed, by: reply.by, tokens: Math.round(paid / Math.max(1, reply.drafts.length)) };
}

function summaryOf(
  claim: string,
  sealed: Sealed,
  replies: readonly CompressReply[],
  state: SessionState,
  tools: CompressTools,
): Made | undefined {
  const reply = replies.findLast((each) => each.summary !== undefined);
  if (reply?.summary === undefined) return undefined;
  const origin = originOf(claim, sealed, reply);
  const started = state.started ?? sealed.events[0]?.at ?? sealed.at;
  const record = recordOfSummary(reply.summary, idOf(claim, 'summary'), origin, started, tools);
  if (record === undefined) return undefined;
  const supersedes = state.summary === undefined ? [] : [state.summary.id];
  return { ...formatWithin({ ...record, supersedes }), importance: 1 };
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
function settlePlan(
  place: Place,
  claim: string,
  sealed: Sealed,
  replies: readonly CompressReply[],
  state: SessionState,
  tools: CompressTools,
  plan: Plan,
  made: readonly Made[],
  summary: Made | undefined,
): Plan {
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
  for (const { by, usage } of replies) {
    const line = lines.get(by) ?? {
      at: sealed.at,
      provider: by,
      session: shortSession(sealed.session),
      claim,
      requests: 0,
      tokensIn: 0,
      tokensOut: 0,
    };
    line.requests += usage.requests;
    line.tokensIn += usage.tokensIn;
    line.tokensOut += usage.tokensOut;
    lines.set(by, line);
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
    ...(sealed.transcript === undefined
      ? {}
      : { transcript: { path: sealed.transcript.path, offset: sealed.transcript.to } }),
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
