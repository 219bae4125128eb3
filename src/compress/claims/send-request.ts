// Sends a claim's request. Each reply is stored in the claim before it is used, so that a killed compressor never pays twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.ts';
import type { CompressReply, Notes } from '../providers/provider.ts';
import { failureOf } from '../providers/transport.ts';
import { DeadClaim, readStage, writeStage, type Claim } from './claim.ts';
import type { Pass } from './request.ts';
import type { CompressTools } from './dependencies.ts';

/** The fallback fails only by a bug; after this many attempts the claim's events are set aside. */
const fallbackTriesMax = 3;

/** If an endpoint asks for a longer wait, the request is not retried: other sessions are waiting. */
const askedWaitMaxMs = 60_000;

/** The stored reply, or a new one, which is stored first. */
export async function answerRequest(
  claim: Claim,
  pass: Pass,
  tools: CompressTools,
  report: (reason: string) => void,
): Promise<CompressReply> {
  const stored = readStage<CompressReply>(claim, 'reply');
  if (stored !== undefined) return stored;
  const reply = await ask(claim, pass, tools, report);
  writeStage(claim, 'reply', reply, tools.write);
  return reply;
}

async function ask(
  claim: Claim,
  { kind, request }: Pass,
  { provider, fallback, settings, write }: CompressTools,
  report: (reason: string) => void,
): Promise<CompressReply> {
  const { retryDelaysMs } = settings;
  const notes: Notes = {
    read: (name) => readStage(claim, `notes-${name}`),
    write: (name, value) => writeStage(claim, `notes-${name}`, value, write),
  };
  const providerTries = kind === 'model' ? retryDelaysMs.length + 1 : 0;
  let reason = 'it died each time';
  let askedWaitMs = 0;
  for (let tries = readStage<number>(claim, 'tries') ?? 0; tries < providerTries + fallbackTriesMax; tries++) {
    const isProviders = tries < providerTries;
    if (isProviders && askedWaitMs > askedWaitMaxMs) continue;
    if (isProviders && tries > 0) await sleep(Math.max(askedWaitMs, retryDelaysMs[tries - 1] ?? 0));
    // Before the attempt, so that one that kills the process counts too.
    writeStage(claim, 'tries', tries + 1, write);
    const from = isProviders ? provider : fallback;
    try {
      return await from.compress(request, notes);
    } catch (error) {
      reason = messageOf(error);
      askedWaitMs = failureOf(error).retryAfterMs ?? 0;
      report(`${from.name}: try ${tries + 1}: ${reason}`);
    }
  }
  throw new DeadClaim(`${fallback.name} gave no reply in ${fallbackTriesMax} tries: ${reason}`);
}
