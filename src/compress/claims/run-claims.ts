// The compressor: one per worktree at a time; first claims left by crashed ones, then new events, until nothing is left.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appendLog } from '../../capture/error-log.ts';
import { capSpool, hostOf, orphanSpools, sweepSpool, takeDropped, type SpoolFile } from '../../capture/spool.ts';
import { readNotedHead } from '../../capture/worktree-head.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { codeOf } from '../../domain/errors.ts';
import { hasSilentSession, listWaiting, silenceMs } from '../../capture/waiting.ts';
import { sweepCaches } from '../../store/sweep-caches.ts';
import { isStopped } from './send-request.ts';
import {
  buryClaim,
  claimWaiting,
  isDiskError,
  listClaims,
  listNew,
  readStage,
  takeClaim,
  writeStage,
  type Claim,
} from './claim.ts';
import { completeClaim, LostLock, type ClaimContext, type Finished } from './finish-claim.ts';
import { isLocked, tryLock, waitForLock } from './lock.ts';
import { tierDir } from '../plan/session-files.ts';
import { arrivedAt, decodePayload } from './prepared-claim.ts';
import { hasModel } from './request.ts';
import { sweepStates } from './session-state.ts';
import type { CompressReport, CompressTools, HeadInfo } from './dependencies.ts';
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
  return [paths.spoolDir, ...orphanSpools(paths).map(({ spoolDir }) => spoolDir)].some(
    (spoolDir) => listNew(spoolDir).length > 0 || listClaims(spoolDir).length > 0 || existsSync(join(spoolDir, 'full')),
  );
}

/**
 * Empties the spools of this worktree and of removed worktrees. Never throws: errors are in `problems` and in
 * `<privateDir>/log/compress.log`, and unfinished work stays on disk for the next run.
 */
export async function compressAll(
  paths: MemoryPaths,
  tools: CompressTools,
  options: RunOptions,
): Promise<CompressReport> {
  const report = emptyReport();
  try {
    const finish = async (): Promise<void> => {
      for (const { spoolDir } of orphanSpools(paths)) {
        // Its files are gone: the records are written to this worktree and belong to the removed worktree's branch.
        const head = (): HeadInfo => tools.snapshot(readNotedHead(spoolDir));
        await compressSpool(paths, { spoolDir, head, waits: false, isByHand: options.waits }, tools, report);
        removeEmptySpool(spoolDir);
      }
      sweepStates(paths, tools.env.now());
      sweepCaches(paths, tools.env.now());
      await options.afterwards?.(report);
    };
    const { spoolDir } = paths;
    const drained = { spoolDir, head: () => tools.snapshot(), waits: options.waits, isByHand: options.waits, finish };
    await compressSpool(paths, drained, tools, report);
  } catch (error) {
    noteProblem(
      paths,
      tools,
      report,
      codeOf(error) ?? 'failed',
      error instanceof Error ? error.message : String(error),
    );
  }
  return report;
}

export function emptyReport(): CompressReport {
  const usage = { requests: 0, tokensIn: 0, tokensOut: 0 };
  return { isBusy: false, claims: 0, events: 0, records: [], dropped: [], problems: [], usage };
}

/** Error messages of others may quote their input: redact them. */
function noteProblem(
  paths: MemoryPaths,
  tools: CompressTools,
  report: CompressReport,
  code: string,
  said: string,
): void {
  const reason = tools.redact(said).text;
  report.problems.push({ code, reason });
  appendLog(paths, 'compress', tools.env.now(), `${code} ${reason}`);
}

function removeEmptySpool(spoolDir: string): void {
  const isEmpty = ['tmp', 'new', 'claims', 'dead', ''].every((name) => {
    try {
      const left = readdirSync(join(spoolDir, name));
      return name === '' || left.length === 0;
    } catch {
      return true;
    }
  });
  if (isEmpty && !existsSync(join(spoolDir, 'lock'))) rmSync(spoolDir, { recursive: true, force: true });
}

interface Drained {
  spoolDir: string;
  head(): HeadInfo;
  waits: boolean;
  isByHand: boolean;
  /** Called under the lock when the spool is drained. */
  finish?(): Promise<void>;
}

async function compressSpool(
  paths: MemoryPaths,
  { spoolDir, head, waits, isByHand, finish }: Drained,
  tools: CompressTools,
  report: CompressReport,
): Promise<void> {
  if (!existsSync(spoolDir)) {
    // No session in this worktree yet, but a removed worktree may have left events.
    if (finish === undefined || !(isByHand || hasWork(paths, tools.env.now()))) return;
    mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
  }
  const newToken = (): string => Buffer.from(tools.env.randomBytes(12)).toString('hex');
  const lockFile = join(spoolDir, 'lock');
  for (;;) {
    const isBusy = !waits && isLocked(lockFile, tools.env.now().getTime());
    let lock = isBusy ? undefined : tryLock(lockFile, newToken());
    if (lock === undefined && waits) {
      tools.progress?.('waiting for the compressor that runs');
      lock = await waitForLock(lockFile, newToken, () => !isStopped(tools));
    }
    if (lock === undefined) {
      report.isBusy = true;
      return;
    }
    const context: ClaimContext = {
      paths,
      tools,
      lock,
      head,
      isByHand,
      newToken,
      report: (code, reason) => noteProblem(paths, tools, report, code, reason),
    };
    let isEmptied = false;
    try {
      isEmptied = await drainSpool(spoolDir, context, report);
      const lost = isEmptied ? takeDropped({ spoolDir }) : 0;
      if (lost > 0) context.report('spool-full', `${lost} events were dropped because the spool was full`);
      if (lock.isHeld()) await finish?.();
    } finally {
      lock.release();
    }
    // Check again after the release: a hook that added an event while the lock was held relies on it.
    if (!isEmptied || listNew(spoolDir).length === 0) return;
  }
}

/** False when it stopped early. */
async function drainSpool(spoolDir: string, context: ClaimContext, report: CompressReport): Promise<boolean> {
  const { paths, tools, lock } = context;
  for (const name of ['tmp', 'new', 'claims']) mkdirSync(join(spoolDir, name), { recursive: true, mode: 0o700 });
  sweepSpool({ spoolDir }, tools.env.now().getTime());
  const sessions = new Map<string, string>();
  const sessionOf = (file: SpoolFile): string => {
    let session = sessions.get(file.name);
    if (session === undefined) sessions.set(file.name, (session = peekSession(file, tools)));
    return session;
  };
  const asked = new Set<string>();
  const takeWaiting = (): Claim | undefined => {
    const session = findWaiting(context, asked);
    if (session === undefined) return undefined;
    asked.add(session);
    return claimWaiting(spoolDir, context.newToken(), session, tools.write);
  };
  for (;;) {
    if (isStopped(tools) || !lock.isHeld()) return false;
    const claim = listClaims(spoolDir)[0] ?? takeClaim(spoolDir, context.newToken(), sessionOf) ?? takeWaiting();
    // After each claim, so that a full spool accepts events again.
    if (existsSync(join(spoolDir, 'full'))) capSpool({ spoolDir });
    if (claim === undefined) return true;
    try {
      const finished = await completeClaim(claim, context);
      if (finished !== undefined) addFinished(paths, report, finished);
      else if (existsSync(claim.dir)) return false;
    } catch (error) {
      noteFailure(claim, error, context);
      return false;
    }
  }
}

/** A session not yet processed by a model that has ended: silent for long, or (by hand) any. */
function findWaiting({ paths, tools, isByHand }: ClaimContext, asked: ReadonlySet<string>): string | undefined {
  if (!hasModel(tools)) return undefined;
  const before = isByHand ? Infinity : tools.env.now().getTime() - silenceMs;
  return listWaiting(paths).find(({ session, lastMs }) => lastMs <= before && !asked.has(session))?.session;
}

const failuresMax = 5;

/** A lost lock is not a failure, and a full disk is not the claim's fault; after five other failures the claim is set aside. */
function noteFailure(claim: Claim, error: unknown, { tools, report }: ClaimContext): void {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof LostLock) return report('lost-lock', reason);
  report(codeOf(error) ?? 'failed', reason);
  if (isDiskError(error)) return;
  const count = (readStage<number>(claim, 'failures') ?? 0) + 1;
  if (count < failuresMax) writeStage(claim, 'failures', count, tools.write);
  else buryClaim(claim, `failed ${count} times: ${reason}`, tools.write);
}

function peekSession(file: SpoolFile, tools: CompressTools): string {
  try {
    return tools.parsePayload(decodePayload(readFileSync(file.path)), arrivedAt(file), hostOf(file)).session;
  } catch {
    return '';
  }
}

function addFinished(paths: MemoryPaths, report: CompressReport, { prepared, plan }: Finished): void {
  report.claims++;
  report.events += prepared.files;
  report.dropped.push(...plan.dropped);
  for (const record of plan.written)
    report.records.push({ ...record, path: join(tierDir(paths, record.tier), record.path) });
  for (const line of plan.usage) report.usage = addUsage(report.usage, line);
}
