// Processes one claim from its events to its records. Each stage is a file in the claim; completed stages are not repeated.
import { listWaiting } from '../../capture/waiting.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { planClaim } from '../plan/plan.ts';
import type { Plan } from '../plan/planned.ts';
import { hashOf } from '../plan/session-files.ts';
import { answerRequest, isStopped, Unanswered } from './send-request.ts';
import { buryClaim, finishClaim, isPartial, readStage, writeStage, type Claim } from './claim.ts';
import { makeResumingCleaner } from './cleaned.ts';
import { waitForLock, type Lock } from './lock.ts';
import { prepareClaim, readEvents, sessionOf, type PreparedClaim } from './prepared-claim.ts';
import { publishPlan } from './publish.ts';
import { makePass, type Pass } from './request.ts';
import { readSessionEvents } from './session-events.ts';
import { readState, stateFile } from './session-state.ts';
import type { CompressTools, HeadInfo, ParsedPayload } from './dependencies.ts';

/** A prepared claim with its exact request. */
interface PreparedStage {
  prepared: PreparedClaim;
  pass?: Pass;
}

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

/** Undefined when nothing could be made of it: its events were set aside, or stay for a later attempt. */
export async function completeClaim(claim: Claim, context: ClaimContext): Promise<Finished | undefined> {
  const { paths, tools } = context;
  const stage = readStage<PreparedStage>(claim, 'prepared');
  const waiting = readStage<string>(claim, 'waiting');
  const payloads: ParsedPayload[] = [];
  const clean = makeResumingCleaner(claim, tools, () => waiting ?? sessionOf(payloads));
  if (stage === undefined) readEvents(claim, payloads, clean, tools, (why) => context.report('dead-event', why));
  // The compressor was killed before the first event, or every event was set aside.
  if (stage === undefined && waiting === undefined && payloads.length === 0) return void finishClaim(claim);
  const session = stage?.prepared.session ?? waiting ?? sessionOf(payloads);
  // Two worktrees may hold events of one session: its state has one writer at a time.
  const sessionLock = await waitForLock(`${stateFile(paths, session)}.lock`, context.newToken, () => !isStopped(tools));
  if (sessionLock === undefined) return undefined;
  try {
    if (stage !== undefined) return await publishClaim(claim, stage, context, sessionLock);
    // Another compressor has processed it meanwhile.
    if (waiting !== undefined && !listWaiting(paths).some((one) => one.session === waiting))
      return void finishClaim(claim);
    if (payloads.length > 0) tools.progress?.(`compressing ${payloads.length} events`);
    tools.secrets?.recall(session);
    const state = readState(paths, session);
    const head = (waiting !== undefined && state.head) || context.head();
    const isOver = waiting !== undefined || (context.isByHand && !isPartial(claim));
    const kept = readSessionEvents(paths, session);
    const prepared = prepareClaim(payloads, { state, kept, head, isOver, clean }, tools);
    tools.secrets?.keep(session);
    const pass = await makePass(paths, prepared, state, tools);
    const made: PreparedStage = pass === undefined ? { prepared } : { prepared, pass };
    writeStage(claim, 'prepared', made, tools.write);
    return await publishClaim(claim, made, context, sessionLock);
  } finally {
    sessionLock.release();
  }
}

async function publishClaim(
  claim: Claim,
  stage: PreparedStage,
  context: ClaimContext,
  sessionLock: Lock,
): Promise<Finished | undefined> {
  const { paths, tools } = context;
  const { prepared, pass } = stage;
  const checkLocks = (): void => {
    if (!context.lock.isHeld() || !sessionLock.isHeld())
      throw new LostLock(`${claim.name}: another compressor took over`);
  };
  let plan = readStage<Plan>(claim, 'plan');
  tools.secrets?.recall(prepared.session);
  const state = readState(paths, prepared.session);
  const isDone = state.claims.includes(claim.name);
  if (plan === undefined || (!isDone && plan.state.revision !== state.revision + 1)) {
    let answer;
    try {
      if (pass !== undefined) {
        const report = (why: string): void => context.report('provider', why);
        answer = { ...pass, reply: await answerRequest(claim, pass, tools, report) };
      }
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      return setAside(claim, error, context);
    }
    checkLocks();
    const older = plan;
    plan = await planClaim(paths, claim.name, { prepared, state, ...(answer && { answer }) }, tools);
    removeUnwanted(plan, older);
    writeStage(claim, 'plan', plan, tools.write);
  }
  checkLocks();
  publishPlan(paths, claim.name, plan, prepared, tools);
  finishClaim(claim);
  return { prepared, plan };
}

/** A plan based on an older state may be half done: remove its files that the new plan lacks. */
function removeUnwanted(plan: Plan, older: Plan | undefined): void {
  for (const { tier, path, text } of older?.files ?? [])
    if (!plan.files.some((file) => file.tier === tier && file.path === path))
      plan.removals.push({ tier, path, hash: hashOf(text) });
}

/** Neither provider nor fallback could answer: the events wait for `--retry-dead`, and the session's state is not changed. */
function setAside(claim: Claim, error: Unanswered, context: ClaimContext): undefined {
  context.report('dead-claim', error.message);
  buryClaim(claim, error.message, context.tools.write);
  return undefined;
}
