// One claim from its events to its records. Each stage is a file in the claim; a stage that stands is not done again.
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { answerRequest, isStopped, Unanswered } from './answer.ts';
import { buryClaim, finishClaim, readStage, writeStage, type Claim } from './claim.ts';
import { waitForLock, type Lock } from './lock.ts';
import { planClaim } from '../plan/plan.ts';
import { hashOf, type Plan } from '../plan/planned.ts';
import type { CompressReply, CompressRequest } from '../providers/provider.ts';
import { publishPlan } from './publish.ts';
import { makeRequests } from './request.ts';
import { readEvents, sealClaim, sessionOf, type Sealed } from './prepared-claim.ts';
import { readSessionEvents } from './session-events.ts';
import { readState, stateFile, type SessionState } from './state.ts';
import type { CompressTools, HeadInfo } from './tools.ts';

/** A sealed claim with what will be asked, word for word. */
interface SealedStage {
  sealed: Sealed;
  requests: CompressRequest[];
}

export interface Finished {
  sealed: Sealed;
  plan: Plan;
}

export interface ClaimContext {
  paths: MemoryPaths;
  tools: CompressTools;
  /** The worktree's lock: nothing is published once it is lost. */
  lock: Lock;
  /** What git says of the worktree that the events came from. */
  head(): HeadInfo;
  newToken(): string;
  report(code: string, reason: string): void;
}

/** The lock went to somebody else, who goes on with the claim. */
export class LostLock extends Error {}

/** Undefined when nothing could come of it: its events were set aside, or stay for a later try. */
export async function completeClaim(claim: Claim, context: ClaimContext): Promise<Finished | undefined> {
  const { paths, tools } = context;
  let stage = readStage<SealedStage>(claim, 'sealed');
  const payloads = stage === undefined ? readEvents(claim, tools, (why) => context.report('dead-event', why)) : [];
  // Killed before its first event, or every event was set aside.
  if (stage === undefined && payloads.length === 0) return void finishClaim(claim);
  const session = stage?.sealed.session ?? sessionOf(payloads);
  // Two worktrees may hold events of one session: its state has one writer at a time.
  const sessionLock = await waitForLock(`${stateFile(paths, session)}.lock`, context.newToken, () => !isStopped(tools));
  if (sessionLock === undefined) return undefined;
  try {
    if (stage === undefined) {
      tools.progress?.(`compressing ${payloads.length} events`);
      const state = readState(paths, session);
      const sealed = sealClaim(payloads, state, context.head(), tools);
      const kept = readSessionEvents(paths, session);
      const requests = await makeRequests(sealed, state, await tools.readKnown(), { paths, kept }, tools);
      stage = { sealed, requests };
      writeStage(claim, 'sealed', stage, tools.write);
    }
    return await publishClaim(claim, stage, context, sessionLock);
  } finally {
    sessionLock.release();
  }
}

async function publishClaim(
  claim: Claim,
  { sealed, requests }: SealedStage,
  context: ClaimContext,
  sessionLock: Lock,
): Promise<Finished | undefined> {
  const { paths, tools } = context;
  const checkLocks = (): void => {
    if (!context.lock.isHeld() || !sessionLock.isHeld())
      throw new LostLock(`${claim.name}: another compressor took over`);
  };
  let plan = readStage<Plan>(claim, 'plan');
  const state = readState(paths, sealed.session);
  const isDone = state.claims.includes(claim.name);
  if (plan === undefined || (!isDone && plan.state.revision !== state.revision + 1)) {
    const replies: CompressReply[] = [];
    for (const [index, request] of requests.entries()) {
      try {
        replies.push(await answerRequest(claim, index, request, tools, (why) => context.report('provider', why)));
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        return setAside(claim, error, context);
      }
    }
    checkLocks();
    plan = await replan(claim, { sealed, requests }, replies, state, plan, context);
    writeStage(claim, 'plan', plan, tools.write);
  }
  checkLocks();
  publishPlan(paths, claim.name, plan, sealed, tools);
  finishClaim(claim);
  return { sealed, plan };
}

/** A plan made on an older state may have been half carried out: what the new one does not want is removed. */
async function replan(
  claim: Claim,
  { sealed, requests }: SealedStage,
  replies: readonly CompressReply[],
  state: SessionState,
  older: Plan | undefined,
  { paths, tools }: ClaimContext,
): Promise<Plan> {
  const replaces = new Set(requests.flatMap((request) => request.replaces ?? []));
  const plan = await planClaim(paths, claim.name, { sealed, replies, state, replaces }, tools);
  for (const { tier, path, text } of older?.files ?? [])
    if (!plan.files.some((file) => file.tier === tier && file.path === path))
      plan.removals.push({ tier, path, hash: hashOf(text) });
  return plan;
}

/** Neither provider nor fallback could take it: the events wait for `--retry-dead`, and the session's state knows nothing of them. */
function setAside(claim: Claim, error: Unanswered, context: ClaimContext): undefined {
  context.report('dead-claim', error.message);
  buryClaim(claim, error.message, context.tools.write);
  return undefined;
}
