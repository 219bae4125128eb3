// Decides the tiers of a claim's records, old and new: moves, removals, the session's next state.
import { relative, sep } from 'node:path';
import type { Tier } from '../../domain/excerpt.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import { blobId } from '../../store/blob.ts';
import { recordFilePath } from '../../store/layout.ts';
import type { PreparedClaim } from '../claims/prepared-claim.ts';
import { shortSession } from '../../domain/id.ts';
import { hasModel, type AnsweredPass } from '../claims/request.ts';
import { addClaim, addSeen, type SessionRecord, type SessionState } from '../claims/session-state.ts';
import type { CompressTools } from '../claims/dependencies.ts';
import type { UsageLine } from '../claims/usage.ts';
import type { CompressReply } from '../providers/provider.ts';
import type { Made, Plan } from './planned.ts';
import { hashOf, tierDir, type SessionFile } from './session-files.ts';
import { placeRecords, type Placing, type ShareItem } from './place-records.ts';

interface Settled {
  prepared: PreparedClaim;
  answer: AnsweredPass | undefined;
  state: SessionState;
  tools: CompressTools;
  /** The session's records that stay. */
  files: readonly SessionFile[];
  /** Records of earlier passes, which are removed unless a new record `kept` them. */
  replaced: readonly SessionFile[];
  made: readonly Made[];
  summary: Made | undefined;
  dropped: Plan['dropped'];
}

function pathIn(paths: MemoryPaths, record: MemoryRecord, tier: Tier): string {
  return relative(tierDir(paths, tier), recordFilePath(paths, record, tier))
    .split(sep)
    .join('/');
}

/** Places old and new records in tiers; returns the resulting files, removals and next state. */
export function settlePlan(paths: MemoryPaths, claim: string, settled: Settled): Plan {
  const { prepared, answer, state, files, replaced, made, summary, dropped } = settled;
  const isPassing = answer?.kind === 'passing';
  const superseded = new Set(made.flatMap(({ record }) => record.supersedes));
  const placing = placeAll(settled, superseded);
  const plan: Plan = {
    files: [],
    removals: [],
    ledger: [],
    usage: answer === undefined ? [] : usageOf(claim, prepared, answer.reply),
    written: [],
    dropped: [...dropped],
    state,
    isWaiting: isWaiting(settled),
  };
  const records: SessionRecord[] = [];
  for (const { record, text } of files) {
    const tier = placing.get(record.id);
    const isSuperseded = record.isSuperseded === true || superseded.has(record.id);
    if (tier !== record.tier) plan.removals.push({ tier: record.tier, path: record.path, hash: record.hash });
    if (tier === undefined) continue;
    if (tier !== record.tier) plan.files.push({ tier, path: record.path, text });
    records.push({ ...record, ...(isSuperseded ? { isSuperseded } : {}), tier });
  }
  const kept = new Set<SessionFile>();
  let nextSummary = state.summary;
  for (const one of summary === undefined ? made : [...made, summary]) {
    const { record, text, importance, kept: older } = one;
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
    plan.ledger.push(ledgerEntry(paths, record, text, prepared));
    const { id, type } = record;
    const entry: SessionRecord = {
      id,
      tier,
      path,
      bytes: Buffer.byteLength(text),
      importance,
      type,
      hash: hashOf(text),
    };
    if (type !== 'session') {
      const isSuperseded = superseded.has(id);
      records.push({ ...entry, ...(isSuperseded ? { isSuperseded } : {}), ...(isPassing ? { isPassing } : {}) });
      continue;
    }
    // One summary per session: the older one is local and written by us, so it is removed.
    if (state.summary?.tier === 'local') plan.removals.push(state.summary);
    nextSummary = entry;
  }
  for (const one of replaced) if (!kept.has(one)) plan.removals.push(one.record);
  plan.state = nextState(claim, prepared, state, records, nextSummary, plan.isWaiting);
  return plan;
}

/** Whether a model will be asked later; not for a closed session too small for a request. */
function isWaiting({ prepared, answer, state, tools }: Settled): boolean {
  if (!hasModel(tools)) return false;
  return answer === undefined ? state.isUnasked && !prepared.closes : answer.kind === 'passing';
}

function placeAll({ answer, state, tools, files, made, summary }: Settled, superseded: ReadonlySet<string>): Placing {
  const items: ShareItem[] = [
    ...files.map(({ record, canMove }) => ({
      ...record,
      isSuperseded: record.isSuperseded === true || superseded.has(record.id),
      canMove,
    })),
    ...(summary === undefined ? made : [...made, summary]).map(({ record, text, importance, place }) => ({
      id: record.id,
      type: record.type,
      bytes: Buffer.byteLength(text),
      importance,
      // Records written by the rules before a model is asked stay local: reviewers should not see them.
      place: answer?.kind === 'passing' ? ('local' as const) : place,
      canMove: true,
      isSuperseded: superseded.has(record.id),
    })),
  ];
  if (summary === undefined && state.summary !== undefined) items.push({ ...state.summary, canMove: false });
  return placeRecords(items, tools.settings);
}

function ledgerEntry(paths: MemoryPaths, record: MemoryRecord, text: string, prepared: PreparedClaim): LedgerEntry {
  return {
    id: record.id,
    blob: blobId(Buffer.from(text), prepared.objectFormat),
    at: prepared.at,
    ...(record.session === undefined ? {} : { session: record.session }),
    ...(prepared.head === undefined ? {} : { commit: prepared.head }),
    ...(prepared.branch === undefined ? {} : { branch: prepared.branch }),
    onDefault: prepared.onDefault,
    worktree: paths.worktreeKey,
  };
}

function usageOf(claim: string, prepared: PreparedClaim, { by, paid = by, usage }: CompressReply): UsageLine[] {
  if (usage.requests === 0 && usage.tokensIn === 0) return [];
  return [{ at: prepared.at, provider: paid, session: shortSession(prepared.session), claim, ...usage }];
}

function nextState(
  claim: string,
  prepared: PreparedClaim,
  state: SessionState,
  records: SessionRecord[],
  summary: SessionRecord | undefined,
  isUnasked: boolean,
): SessionState {
  const started = state.started ?? prepared.events[0]?.at;
  const { head, branch, onDefault, objectFormat } = prepared;
  return {
    ...state,
    revision: state.revision + 1,
    session: prepared.session,
    ...(prepared.agent === undefined ? {} : { agent: prepared.agent }),
    ...nextTranscript(prepared, state),
    ...(started === undefined ? {} : { started }),
    ...(summary === undefined ? {} : { summary }),
    seen: addSeen(state.seen, prepared.keys),
    records,
    isTurnPrivate: prepared.isTurnPrivate,
    isPassageOpen: prepared.isPassageOpen === true,
    isUnasked,
    head: {
      ...(head === undefined ? {} : { head }),
      ...(branch === undefined ? {} : { branch }),
      onDefault,
      objectFormat,
    },
    turns: state.turns + prepared.turns,
    claims: addClaim(state.claims, claim),
  };
}

/** Another worktree's claim may have read further since this one was prepared. */
function nextTranscript({ transcript }: PreparedClaim, state: SessionState): Pick<SessionState, 'transcript'> {
  if (transcript === undefined) return {};
  const { path, from, to } = transcript;
  const now = state.transcript?.path === path ? state.transcript.offset : from;
  return { transcript: { path, offset: now === from ? to : Math.max(now, to) } };
}
