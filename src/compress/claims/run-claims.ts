// The compressor: one per worktree at a time; first claims left by crashed ones, then new events, until nothing is left.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appendLog } from '../../capture/error-log.ts';
import {
  capSpool,
  hostOf,
  listSpool,
  orphanSpools,
  sweepSpool,
  takeDropped,
  type SpoolFile,
} from '../../capture/spool.ts';
import { hasSilentSession, listWaiting, silenceMs } from '../../capture/waiting.ts';
import { readNotedHead } from '../../capture/worktree-head.ts';
import { attempt, codeOf, messageOf } from '../../domain/errors.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn } from '../../store/lenient-files.ts';
import { sweepPrivateDir } from '../../store/sweep-caches.ts';
import { tierDir } from '../plan/session-files.ts';
import {
  buryClaim,
  claimWaiting,
  DeadClaim,
  isDiskError,
  listClaims,
  readStage,
  takeClaim,
  writeStage,
  type Claim,
} from './claim.ts';
import type { CompressReport, CompressTools, HeadInfo } from './dependencies.ts';
import { completeClaim, LostLock, type ClaimContext, type Finished } from './finish-claim.ts';
import { tryLock, waitForLock } from './lock.ts';
import { arrivedAt, decodePayload } from './prepared-claim.ts';
import { hasModel } from './request.ts';
import { addUsage } from './usage.ts';

export interface RunOptions {
  /** Started by a person: waits for a running compressor instead of leaving the work to it, and counts every session as ended. */
  waits: boolean;
  /** Writes caches and lists after the records, while the lock is held, so that nothing is written after its release. */
  afterwards?(report: CompressReport): Promise<void>;
}

/** Whether a run started by hooks has work to do. Writes nothing. */
export function hasWork(paths: MemoryPaths, now: Date): boolean {
  if (hasSilentSession(paths, now.getTime())) return true;
  return [paths, ...orphanSpools(paths)].some(
    ({ spoolDir }) =>
      listSpool({ spoolDir }).length > 0 || listClaims(spoolDir).length > 0 || existsSync(join(spoolDir, 'full')),
  );
}

/** What all spools of a run share. */
type Run = Pick<ClaimContext, 'paths' | 'tools' | 'isByHand' | 'newToken' | 'report'> & { result: CompressReport };

/**
 * Empties the spools of this worktree and of removed worktrees. Never throws: errors are in `problems` and in
 * `<privateDir>/log/compress.log`, and unfinished work stays on disk for the next run.
 */
export async function compressAll(
  paths: MemoryPaths,
  tools: CompressTools,
  { waits, afterwards }: RunOptions,
): Promise<CompressReport> {
  const result = emptyReport();
  const run: Run = {
    paths,
    tools,
    isByHand: waits,
    newToken: () => Buffer.from(tools.env.randomBytes(12)).toString('hex'),
    report(code, said) {
      // Error messages of others may quote their input.
      const reason = tools.redact(said).text;
      result.problems.push({ code, reason });
      appendLog(paths, 'compress', tools.env.now(), `${code} ${reason}`);
    },
    result,
  };
  const finish = async (): Promise<void> => {
    for (const { spoolDir } of orphanSpools(paths)) {
      // Its files are gone: the records are written to this worktree and belong to the removed worktree's branch.
      const head = (): HeadInfo => tools.snapshot(readNotedHead(spoolDir));
      await compressSpool(spoolDir, head, { ...run, waits: false });
      removeEmptySpool(spoolDir);
    }
    sweepPrivateDir(paths, tools.env.now());
    await afterwards?.(result);
  };
  try {
    await compressSpool(paths.spoolDir, () => tools.snapshot(), { ...run, waits }, finish);
  } catch (error) {
    run.report(codeOf(error) ?? 'failed', messageOf(error));
  }
  return result;
}

export function emptyReport(): CompressReport {
  const usage = { requests: 0, tokensIn: 0, tokensOut: 0 };
  return { isBusy: false, claims: 0, events: 0, records: [], dropped: [], problems: [], usage };
}

function removeEmptySpool(spoolDir: string): void {
  const isEmpty = ['tmp', 'new', 'claims', 'dead'].every((name) => namesIn(join(spoolDir, name)).length === 0);
  if (isEmpty && !existsSync(join(spoolDir, 'lock'))) rmSync(spoolDir, { recursive: true, force: true });
}

/** `finish` is called under the lock when the spool is drained. */
async function compressSpool(
  spoolDir: string,
  head: () => HeadInfo,
  run: Run & { waits: boolean },
  finish?: () => Promise<void>,
): Promise<void> {
  const { tools, newToken, result, waits } = run;
  const lockFile = join(spoolDir, 'lock');
  for (;;) {
    let lock = tryLock(lockFile, newToken());
    if (lock === undefined && waits) {
      tools.progress?.('waiting for the compressor that runs');
      lock = await waitForLock(lockFile, newToken);
    }
    if (lock === undefined) return void (result.isBusy = true);
    let isEmptied = false;
    try {
      isEmptied = await drainSpool(spoolDir, { ...run, lock, head });
      const lost = isEmptied ? takeDropped({ spoolDir }) : 0;
      if (lost > 0) run.report('spool-full', `${lost} events were dropped because the spool was full`);
      if (lock.isHeld()) await finish?.();
    } finally {
      lock.release();
    }
    // Check again after the release: a hook that added an event while the lock was held relies on it.
    if (!isEmptied || listSpool({ spoolDir }).length === 0) return;
  }
}

/** False when it stopped early. */
async function drainSpool(spoolDir: string, context: ClaimContext & Run): Promise<boolean> {
  const { paths, tools, lock, newToken } = context;
  for (const name of ['tmp', 'new', 'claims']) mkdirSync(join(spoolDir, name), { recursive: true, mode: 0o700 });
  sweepSpool({ spoolDir }, tools.env.now().getTime());
  const sessions = new Map<string, string>();
  const sessionOf = (file: SpoolFile): string => {
    const session = sessions.get(file.name) ?? peekSession(file, tools);
    sessions.set(file.name, session);
    return session;
  };
  // Sessions not yet processed by a model that have ended: silent for long, or (by hand) any.
  const before = context.isByHand ? Infinity : tools.env.now().getTime() - silenceMs;
  const asked = new Set<string>();
  const takeWaiting = (): Claim | undefined => {
    const waiting = hasModel(tools) ? listWaiting(paths) : [];
    const found = waiting.find(({ session, lastMs }) => lastMs <= before && !asked.has(session));
    if (found === undefined) return undefined;
    asked.add(found.session);
    return claimWaiting(spoolDir, newToken(), found.session, tools.write);
  };
  while (lock.isHeld()) {
    const claim = listClaims(spoolDir)[0] ?? takeClaim(spoolDir, newToken(), sessionOf) ?? takeWaiting();
    // After each claim, so that a full spool accepts events again.
    if (existsSync(join(spoolDir, 'full'))) capSpool({ spoolDir });
    if (claim === undefined) return true;
    try {
      const finished = await completeClaim(claim, context);
      if (finished !== undefined) addFinished(paths, context.result, finished);
    } catch (error) {
      if (!settleFailure(claim, error, context)) return false;
    }
  }
  return false;
}

const failuresMax = 5;

/**
 * A lost lock is not a failure, and a full disk is not the claim's fault; after five other failures the claim is set aside, for
 * `--retry-dead`. True when it was.
 */
function settleFailure(claim: Claim, error: unknown, { tools, report }: ClaimContext): boolean {
  const reason = messageOf(error);
  const isDead = error instanceof DeadClaim;
  report(isDead ? 'dead-claim' : error instanceof LostLock ? 'lost-lock' : (codeOf(error) ?? 'failed'), reason);
  if (error instanceof LostLock || isDiskError(error)) return false;
  const count = (readStage<number>(claim, 'failures') ?? 0) + 1;
  const isBuried = isDead || count >= failuresMax;
  if (isBuried) buryClaim(claim, isDead ? reason : `failed ${count} times: ${reason}`, tools.write);
  else writeStage(claim, 'failures', count, tools.write);
  return isBuried;
}

function peekSession(file: SpoolFile, tools: CompressTools): string {
  const payload = attempt(() =>
    tools.parsePayload(decodePayload(readFileSync(file.path)), arrivedAt(file), hostOf(file)),
  );
  return payload?.session ?? '';
}

function addFinished(paths: MemoryPaths, report: CompressReport, { prepared, plan }: Finished): void {
  report.claims++;
  report.events += prepared.files;
  report.dropped.push(...plan.dropped);
  for (const record of plan.written)
    report.records.push({ ...record, path: join(tierDir(paths, record.tier), record.path) });
  for (const line of plan.usage) report.usage = addUsage(report.usage, line);
}
