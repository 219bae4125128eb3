// Sends a claim's request. Each reply is stored in the claim before it is used, so that a killed compressor never pays twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../domain/errors.ts';
import type { CompressReply, Notes } from '../providers/provider.ts';
import { failureOf } from '../providers/transport.ts';
import { readStage, writeStage, type Claim } from './claim.ts';
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

/** Neither the provider nor the fallback could answer the request, and a retry would not help. */
export class Unanswered extends Error {}

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
  tools: CompressTools,
  report: (reason: string) => void,
): Promise<CompressReply> {
  const { provider, fallback } = tools;
  const { retryDelaysMs, maxWaitMs } = tools.settings;
  const tries = readStage<Tries>(claim, 'tries') ?? { count: 0, since: tools.env.now().toISOString() };
  const count = (): void => {
    tries.count++;
    writeStage(claim, 'tries', tries, tools.write);
  };
  const notes: Notes = {
    read: (name) => readStage(claim, `notes-${name}`),
    write: (name, value) => writeStage(claim, `notes-${name}`, value, tools.write),
  };
  const providerTries = kind === 'model' ? retryDelaysMs.length + 1 : 0;
  let askedWaitMs = 0;
  while (tries.count < providerTries) {
    const waitMs = Math.max(askedWaitMs, retryDelaysMs[tries.count - 1] ?? 0);
    const elapsedMs = tools.env.now().getTime() - Date.parse(tries.since);
    if (askedWaitMs > askedWaitMaxMs || elapsedMs + waitMs > maxWaitMs) break;
    if (waitMs > 0) await sleep(waitMs);
    count();
    try {
      return await provider.compress(request, notes);
    } catch (error) {
      askedWaitMs = failureOf(error).retryAfterMs ?? 0;
      report(`${provider.name}: try ${tries.count}: ${messageOf(error)}`);
    }
  }
  let reason = 'it died each time';
  tries.count = Math.max(tries.count, providerTries);
  while (tries.count < providerTries + fallbackTriesMax) {
    count();
    try {
      return await fallback.compress(request);
    } catch (error) {
      reason = messageOf(error);
      report(`${fallback.name}: ${reason}`);
    }
  }
  throw new Unanswered(`${fallback.name} gave no reply in ${fallbackTriesMax} tries: ${reason}`);
}
