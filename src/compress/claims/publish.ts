// Executes a plan. Every step can be repeated with the same result, so an interrupted plan is simply repeated.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { clearWaiting, markWaiting } from '../../capture/waiting.ts';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { appendLedger, readLedger } from '../../git/state/ledger.ts';
import { readTextOrEmpty } from '../../store/lenient-files.ts';
import { ensureLocalDir } from '../../store/scaffold.ts';
import { privateFile } from './claim.ts';
import type { Plan } from '../plan/planned.ts';
import { hashOf, tierDir } from '../plan/session-files.ts';
import type { PreparedClaim } from './prepared-claim.ts';
import { keepSessionEvents } from './session-events.ts';
import { readState, stateFile } from './session-state.ts';
import type { CompressTools } from './dependencies.ts';
import { appendUsage } from './usage.ts';

/**
 * Order: ledger first (our records must never look foreign), then files, then removals (a moved record is in both tiers rather than
 * in none), then the session's events and state. Throws errors of the file system; the claim then stays.
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
