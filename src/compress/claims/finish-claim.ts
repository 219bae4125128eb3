// Processes one claim from its events to its records. Each stage is a file in the claim; completed stages are not repeated.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearWaiting, listWaiting, markWaiting } from '../../capture/waiting.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { appendLedger, readLedger } from '../../git/state/ledger.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';
import { ensureLocalDir } from '../../store/scaffold.ts';
import { planClaim } from '../plan/plan.ts';
import type { Plan } from '../plan/planned.ts';
import { hashOf, tierDir } from '../plan/session-files.ts';
import { answerRequest } from './send-request.ts';
import { finishClaim, isPartial, privateFile, readStage, writeStage, type Claim } from './claim.ts';
import { waitForLock, type Lock } from './lock.ts';
import { readEvents, sessionOf, type PreparedClaim } from './prepared-claim.ts';
import { prepareRequest, type PreparedRequest } from './request.ts';
import { keepSessionEvents } from './session-events.ts';
import { readState, stateFile } from './session-state.ts';
import type { CompressTools, HeadInfo } from './dependencies.ts';
import { appendUsage } from './usage.ts';

export interface Finished {
  prepared: PreparedClaim;
  plan: Plan;
}

export interface ClaimContext {
  paths: MemoryPaths;
  tools: CompressTools;
  /** The worktree's lock: nothing is published after it is lost. */
  lock: Lock;
  /** Git's state of the worktree where the events were captured. */
  head(): HeadInfo;
  /** Started by a person: every session counts as ended. */
  isByHand: boolean;
  newToken(): string;
  report(code: string, reason: string): void;
}

/** Another process took the lock and continues the claim. */
export class LostLock extends Error {}

/** Undefined when there was nothing to make of it. Throws DeadClaim and LostLock. */
export async function completeClaim(claim: Claim, context: ClaimContext): Promise<Finished | undefined> {
  const { paths, tools, isByHand, head } = context;
  let stage = readStage<PreparedRequest>(claim, 'prepared');
  const waiting = readStage<string>(claim, 'waiting');
  const payloads = stage ? [] : readEvents(claim, tools, (why) => context.report('dead-event', why));
  // The compressor was killed before the first event, or every event was set aside.
  if (stage === undefined && waiting === undefined && payloads.length === 0) return void finishClaim(claim);
  const session = stage?.prepared.session ?? waiting ?? sessionOf(payloads);
  // Two worktrees may hold events of one session: its state has one writer at a time.
  const sessionLock = (await waitForLock(`${stateFile(paths, session)}.lock`, context.newToken))!;
  try {
    if (stage === undefined) {
      // Another compressor has processed it meanwhile.
      if (waiting !== undefined && !listWaiting(paths).some((one) => one.session === waiting))
        return void finishClaim(claim);
      if (payloads.length > 0) tools.progress?.(`compressing ${payloads.length} events`);
      const isOver = waiting !== undefined || (isByHand && !isPartial(claim));
      stage = await prepareRequest(paths, payloads, { session, head, isOver }, tools);
      tools.secrets?.keep(session);
      writeStage(claim, 'prepared', stage, tools.write);
    }
    return await publishClaim(claim, stage, context, sessionLock);
  } finally {
    sessionLock.release();
  }
}

async function publishClaim(
  claim: Claim,
  { prepared, pass }: PreparedRequest,
  { paths, tools, lock, report }: ClaimContext,
  sessionLock: Lock,
): Promise<Finished> {
  const checkLocks = (): void => {
    if (!lock.isHeld() || !sessionLock.isHeld()) throw new LostLock(`${claim.name}: another compressor took over`);
  };
  let plan = readStage<Plan>(claim, 'plan');
  tools.secrets?.recall(prepared.session);
  const state = readState(paths, prepared.session);
  const isDone = state.claims.includes(claim.name);
  if (plan === undefined || (!isDone && plan.state.revision !== state.revision + 1)) {
    const reply = pass && (await answerRequest(claim, pass, tools, (why) => report('provider', why)));
    checkLocks();
    const older = plan?.files ?? [];
    plan = await planClaim(paths, claim.name, { prepared, state, answer: pass && reply && { ...pass, reply } }, tools);
    // A plan based on an older state may be half done: its files that the new plan lacks go.
    for (const { tier, path, text } of older)
      if (!plan.files.some((file) => file.tier === tier && file.path === path))
        plan.removals.push({ tier, path, hash: hashOf(text) });
    writeStage(claim, 'plan', plan, tools.write);
  }
  checkLocks();
  publishPlan(paths, claim.name, plan, prepared, tools);
  finishClaim(claim);
  return { prepared, plan };
}

/**
 * Executes a plan; repeated, it has the same result. Order: ledger first (our records must never look foreign), then files, then removals
 * (a moved record is in both tiers rather than in none), then the session's events and state. Throws errors of the file system; the claim
 * then stays.
 */
export function publishPlan(
  paths: MemoryPaths,
  claim: string,
  plan: Plan,
  prepared: PreparedClaim,
  tools: CompressTools,
): void {
  const known = readLedger(paths).byBlob;
  const fresh = plan.ledger.filter((entry) => known.get(entry.blob)?.id !== entry.id);
  appendLedger(paths, fresh);
  if (plan.files.some((file) => file.tier === 'local')) ensureLocalDir(paths);
  for (const { tier, path, text } of plan.files) {
    const within = tierDir(paths, tier);
    const file = join(within, path);
    if (readTextOrEmpty(file) !== text) tools.write(file, text, { within, ...(tier === 'local' && privateFile) });
  }
  for (const { tier, path, hash } of plan.removals) {
    const file = join(tierDir(paths, tier), path);
    // A file edited since belongs to the user now.
    if (hashOf(readTextOrEmpty(file)) === hash) rmSync(file, { force: true });
  }
  appendUsage(paths, plan.usage);
  const { session } = plan.state;
  if (readState(paths, session).claims.includes(claim)) return;
  keepSessionEvents(paths, prepared, tools);
  if (plan.isWaiting) markWaiting(paths, session);
  else clearWaiting(paths, session);
  tools.write(stateFile(paths, session), JSON.stringify(plan.state), privateFile);
}
