// Decides the tiers of a claim's new records; returns the plan with the session's next state.
import { relative, sep } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import type { MemoryRecord } from '../../domain/record.ts';
import type { LedgerEntry } from '../../git/state/ledger.ts';
import { blobId } from '../../store/blob.ts';
import { recordFilePath } from '../../store/layout.ts';
import type { PreparedClaim } from '../claims/prepared-claim.ts';
import { shortSession } from '../../domain/id.ts';
import { hasModel } from '../claims/request.ts';
import { addClaim, addSeen, type SessionRecord, type SessionState } from '../claims/session-state.ts';
import type { CompressTools } from '../claims/dependencies.ts';
import type { UsageLine } from '../claims/usage.ts';
import type { CompressReply } from '../providers/provider.ts';
import type { Made, Plan, PlanInput } from './planned.ts';
import { hashOf, tierDir, type SessionFile } from './session-files.ts';
import { placeRecords } from './place-records.ts';

interface Settled extends PlanInput {
  tools: CompressTools;
  /** The session's records that stay. */
  staying: readonly SessionFile[];
  /** Records of earlier passes, which are removed unless a new record `kept` them. */
  replaced: readonly SessionFile[];
  made: readonly Made[];
  dropped: Plan['dropped'];
}

export function settlePlan(paths: MemoryPaths, claim: string, settled: Settled): Plan {
  const { prepared, answer, state, tools, staying, replaced, made, dropped } = settled;
  const isPassing = answer?.kind === 'passing';
  const superseded = new Set(made.flatMap(({ record }) => record.supersedes));
  const items = made.map(({ record: { id, type }, text, importance, place }) => {
    // Records written by the rules before a model is asked stay local: reviewers should not see them.
    const isLocal = isPassing || superseded.has(id);
    return { id, type, bytes: Buffer.byteLength(text), importance, place: isLocal ? ('local' as const) : place };
  });
  const records = staying.map(({ record }) => record);
  const hasSummary = made.some(({ record }) => record.type === 'session');
  const standing = hasSummary || state.summary === undefined ? records : [...records, state.summary];
  const placing = placeRecords(items, standing, tools.settings);
  const plan: Plan = {
    files: [],
    removals: [],
    ledger: [],
    usage: answer === undefined ? [] : usageOf(claim, prepared, answer.reply),
    written: [],
    dropped,
    state,
    isWaiting: isWaiting(settled),
  };
  const unmoved = new Set<SessionFile>();
  let { summary } = state;
  for (const { record, text, kept } of made) {
    const tier = placing.get(record.id);
    if (tier === undefined) {
      dropped.push({ title: record.title, reason: 'the session has more important records than its cap holds' });
      continue;
    }
    const file = recordFilePath(paths, record, tier);
    const entry: SessionRecord = {
      ...(kept?.record ?? {
        id: record.id,
        path: relative(tierDir(paths, tier), file).split(sep).join('/'),
        bytes: Buffer.byteLength(text),
        hash: hashOf(text),
      }),
      tier,
      isPassing: isPassing || undefined,
    };
    if (record.type === 'session') {
      // One summary per session: the older one is local and written by us, so it is removed.
      if (summary?.tier === 'local') plan.removals.push(summary);
      summary = entry;
    } else records.push(entry);
    if (kept?.record.tier === tier) unmoved.add(kept);
    else plan.files.push({ tier, path: entry.path, text: kept?.text ?? text });
    if (kept !== undefined) continue;
    plan.written.push({ id: record.id, tier, path: entry.path, title: record.title, type: record.type });
    plan.ledger.push(ledgerEntry(paths, record, text, prepared));
  }
  // A pass without a summary covers the whole session: an earlier one tells what was taken back since.
  if (answer !== undefined && !hasSummary && summary?.tier === 'local') {
    plan.removals.push(summary);
    summary = undefined;
  }
  for (const file of replaced) if (!unmoved.has(file)) plan.removals.push(file.record);
  plan.state = nextState(claim, prepared, { ...state, records, summary, isUnasked: plan.isWaiting });
  return plan;
}

/** Whether a model will be asked later; not for a closed session too small for a request. */
function isWaiting({ prepared, answer, state, tools }: Settled): boolean {
  if (!hasModel(tools)) return false;
  return answer === undefined ? state.isUnasked && !prepared.closes : answer.kind === 'passing';
}

function ledgerEntry(paths: MemoryPaths, record: MemoryRecord, text: string, prepared: PreparedClaim): LedgerEntry {
  return {
    id: record.id,
    blob: blobId(Buffer.from(text), prepared.objectFormat),
    at: prepared.at,
    session: record.session,
    commit: prepared.head,
    branch: prepared.branch,
    onDefault: prepared.onDefault,
    worktree: paths.worktreeKey,
  };
}

function usageOf(claim: string, prepared: PreparedClaim, { by, paid = by, usage }: CompressReply): UsageLine[] {
  if (usage.requests === 0 && usage.tokensIn === 0) return [];
  return [{ at: prepared.at, provider: paid, session: shortSession(prepared.session), claim, ...usage }];
}

function nextState(claim: string, prepared: PreparedClaim, state: SessionState): SessionState {
  const { session, head, branch, onDefault, objectFormat, isTurnPrivate, isPassageOpen } = prepared;
  return {
    ...state,
    revision: state.revision + 1,
    session,
    agent: prepared.agent ?? state.agent,
    transcript: nextTranscript(prepared, state),
    started: state.started ?? prepared.events[0]?.at,
    seen: addSeen(state.seen, prepared.keys),
    isTurnPrivate,
    isPassageOpen,
    head: { head, branch, onDefault, objectFormat },
    claims: addClaim(state.claims, claim),
  };
}

/** Another worktree's claim may have read further since this one was prepared. */
function nextTranscript({ transcript }: PreparedClaim, state: SessionState): SessionState['transcript'] {
  if (transcript === undefined) return state.transcript;
  const { path, from, to } = transcript;
  const now = state.transcript?.path === path ? state.transcript.offset : from;
  return { path, offset: now === from ? to : Math.max(now, to) };
}
