// Sends a claim's request. Each reply is stored in the claim before it is used, so that a killed compressor never pays twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { RepomemError } from '../../domain/errors.ts';
import type { CompressReply, Notes } from '../providers/provider.ts';
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

export function isStopped(tools: CompressTools): boolean {
  return tools.signal?.aborted === true;
}

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
  const { retryDelaysMs, maxWaitMs } = tools.settings;
  const tries = readStage<Tries>(claim, 'tries') ?? { count: 0, since: tools.env.now().toISOString() };
  const isOverdue = (): boolean => tools.env.now().getTime() - Date.parse(tries.since) > maxWaitMs;
  const note = (): void => writeStage(claim, 'tries', tries, tools.write);
  const providerTries = kind === 'model' ? retryDelaysMs.length + 1 : 0;
  const notes: Notes = {
    read: (name) => readStage(claim, `notes-${name}`),
    write: (name, value) => writeStage(claim, `notes-${name}`, value, tools.write),
  };
  let askedWaitMs = 0;
  while (tries.count < providerTries && !isOverdue()) {
    const delay = tries.count === 0 ? 0 : (retryDelaysMs[tries.count - 1] ?? 0);
    const wait = Math.max(askedWaitMs, withJitter(delay, tools));
    const isTooLong = wait > 0 && tools.env.now().getTime() + wait - Date.parse(tries.since) > maxWaitMs;
    if (askedWaitMs > askedWaitMaxMs || isTooLong) break;
    if (wait > 0) await sleep(wait, undefined, tools.signal ? { signal: tools.signal } : {}).catch(() => {});
    if (isStopped(tools)) throw new RepomemError('busy', 'stopped before the provider was asked');
    tries.count++;
    note();
    try {
      return await tools.provider.compress(request, notes);
    } catch (error) {
      askedWaitMs = retryAfterOf(error);
      report(`${tools.provider.name}: try ${tries.count}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  let reason = 'it died each time';
  tries.count = Math.max(tries.count, providerTries);
  while (tries.count < providerTries + fallbackTriesMax) {
    tries.count++;
    note();
    try {
      return await tools.fallback.compress(request);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      report(`${tools.fallback.name}: ${reason}`);
    }
  }
  throw new Unanswered(`${tools.fallback.name} gave no reply in ${fallbackTriesMax} tries: ${reason}`);
}

/** Adds up to half of the delay, so that compressors that failed together do not retry together. */
function withJitter(delayMs: number, tools: CompressTools): number {
  return delayMs * (1 + (tools.env.randomBytes(1)[0] ?? 0) / 510);
}

/** Milliseconds that the endpoint asked to wait. */
function retryAfterOf(error: unknown): number {
  const asked: unknown =
    typeof error === 'object' && error !== null && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof asked === 'number' && asked > 0 ? asked : 0;
}
