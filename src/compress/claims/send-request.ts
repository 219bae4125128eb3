// Sends a claim's request. Each reply is stored in the claim before it is used, so that a killed compressor never pays twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.ts';
import type { CompressReply, Notes, Provider } from '../providers/provider.ts';
import { failureOf } from '../providers/transport.ts';
import { DeadClaim, readStage, writeStage, type Claim } from './claim.ts';
import type { Pass } from './request.ts';
import type { CompressTools } from './dependencies.ts';

interface Tries {
  /** Incremented before each attempt, so that an attempt that kills the process counts too. */
  count: number;
  /** ISO 8601: the first attempt. */
  since: string;
}

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
  { provider, fallback, settings, env, write }: CompressTools,
  report: (reason: string) => void,
): Promise<CompressReply> {
  const { retryDelaysMs, maxWaitMs } = settings;
  const tries = readStage<Tries>(claim, 'tries') ?? { count: 0, since: env.now().toISOString() };
  const notes: Notes = {
    read: (name) => readStage(claim, `notes-${name}`),
    write: (name, value) => writeStage(claim, `notes-${name}`, value, write),
  };
  let reason = 'it died each time';
  let askedWaitMs = 0;
  const attempt = async (from: Provider): Promise<CompressReply | undefined> => {
    tries.count++;
    writeStage(claim, 'tries', tries, write);
    try {
      return await from.compress(request, notes);
    } catch (error) {
      reason = messageOf(error);
      askedWaitMs = failureOf(error).retryAfterMs ?? 0;
      report(`${from.name}: try ${tries.count}: ${reason}`);
      return undefined;
    }
  };
  const providerTries = kind === 'model' ? retryDelaysMs.length + 1 : 0;
  while (tries.count < providerTries) {
    const waitMs = Math.max(askedWaitMs, retryDelaysMs[tries.count - 1] ?? 0);
    const elapsedMs = env.now().getTime() - Date.parse(tries.since);
    if (askedWaitMs > askedWaitMaxMs || elapsedMs + waitMs > maxWaitMs) break;
    if (waitMs > 0) await sleep(waitMs);
    const reply = await attempt(provider);
    if (reply !== undefined) return reply;
  }
  tries.count = Math.max(tries.count, providerTries);
  while (tries.count < providerTries + fallbackTriesMax) {
    const reply = await attempt(fallback);
    if (reply !== undefined) return reply;
  }
  throw new DeadClaim(`${fallback.name} gave no reply in ${fallbackTriesMax} tries: ${reason}`);
}
