// Contents and setup of the memory, and what it costs and saves, from one read each.
import { join } from 'node:path';
import { readUsage, tokensOn, usageDays } from '../compress/claims/usage.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import type { Memory } from '../memory/open.ts';
import { type AssessedRecord, readRecordSet, tellable } from '../memory/records.ts';
import { buildBlock } from '../recall/block.ts';
import { readPauses } from '../capture/pauses.ts';
import { listSpool } from '../capture/spool.ts';
import { repositoryPath } from '../git/state/judge-trust.ts';
import { reviewsAnything } from '../git/state/reviewed-trees.ts';
import { isAmong } from '../git/state/snapshot.ts';
import { consentHint, isAnswered } from '../learn/consent.ts';
import { countWaitingSessions } from '../learn/waiting-sessions.ts';
import { namesIn } from '../store/lenient-files.ts';
import { checkGitHooks } from './git-hooks.ts';

export async function memoryStatus(memory: Memory) {
  const { paths, snapshot } = memory;
  const { branch, head, defaultRef, defaultChosenBy } = snapshot;
  const recordSet = await readRecordSet(memory);
  const count = (passes: (one: AssessedRecord) => boolean): number => recordSet.assessed.filter(passes).length;
  const { text, shown, total } = await buildBlock(memory, {}, recordSet);
  const { name, why, pause } = pickProvider(memory);
  const hooks = checkGitHooks(paths);
  const gitHooks: 'none' | 'installed' | 'replaced' = hooks ? (hooks.isRun ? 'installed' : 'replaced') : 'none';
  return {
    root: paths.root,
    records: {
      shared: count(({ excerpt: { tier, type } }) => tier === 'shared' && type !== 'tombstone'),
      local: count(({ excerpt: { tier, type } }) => tier === 'local' && type !== 'tombstone' && type !== 'session'),
      sessions: count(({ excerpt }) => excerpt.type === 'session'),
      forgotten: count(({ excerpt }) => excerpt.type === 'tombstone'),
      foreign: count(({ trust }) => trust === 'foreign'),
      elsewhere: count(({ isHere }) => !isHere),
      uncommitted: count(
        ({ excerpt }) => excerpt.tier === 'shared' && isAmong(snapshot.dirty, repositoryPath(excerpt, snapshot)),
      ),
    },
    context: { tokens: tokensOf(text), shown, total },
    spool: { events: listSpool(paths).length, dead: countFiles(join(paths.spoolDir, 'dead')) },
    provider: {
      name,
      why: pause === undefined ? why : `${why}; the rules for now: ${pause}`,
      /** How to enable a model, if the user was never asked. */
      hint: name === 'extractive' && !isAnswered(memory.sources) ? consentHint : undefined,
      /** Sessions not yet processed by a model. */
      waiting: countWaitingSessions(memory),
    },
    git: {
      branch,
      head,
      defaultRef: defaultRef && reviewsAnything(snapshot) ? defaultRef : undefined,
      chosenBy: defaultChosenBy,
      /** Git's own words where it refuses to answer. */
      problem: paths.worktree === undefined ? undefined : snapshot.problem,
    },
    /** Whether git's pre-commit hook takes records along; absent without git. `replaced`: another program took its place. */
    gitHooks: paths.worktree === undefined ? undefined : gitHooks,
    /** Open ones: without a session it is all of this repository. */
    pauses: readPauses(paths).filter(({ to }) => to === undefined),
    problems: [...memory.problems, ...recordSet.problems],
  };
}

/** Without the reasons that stand beside files; 0 for a folder that is not there. */
export function countFiles(folder: string): number {
  return namesIn(folder).filter((name) => !name.endsWith('.reason')).length;
}

/** Bytes of the MCP server's instructions and tools, which a host with it reads in every session; a test holds it to the server. */
export const mcpBytes = 3828;

/** `days`: maximum number of listed days (YYYY-MM-DD, UTC) with usage, newest first; totals include all. */
export async function memoryStats(memory: Memory, { days: maxDays = 14 }: { days?: number } = {}) {
  const { paths, env, settings } = memory;
  const used = usageDays(paths)
    .reverse()
    .map((day) => ({ day, lines: readUsage(paths, day) }))
    .filter(({ lines }) => lines.length > 0);
  const recordSet = await readRecordSet(memory);
  const records = recordSet.assessed.map(({ excerpt }) => excerpt).filter(({ type }) => type !== 'tombstone');
  const block = await buildBlock(memory, {}, recordSet);
  const { name, why, pause } = pickProvider(memory);
  return {
    provider: { name, why: pause === undefined ? why : `${why}; the rules for now: ${pause}` },
    days: used
      .slice(0, maxDays)
      .flatMap(({ day, lines }) =>
        [...groupBy(lines, ({ provider }) => provider)]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([provider, own]) => ({ day, provider, ...usageOf(own) })),
      ),
    total: usageOf(used.flatMap(({ lines }) => lines)),
    /** Today's tokens and the cap; 0 means no cap. */
    today: { tokens: tokensOn(paths, env.now()), cap: settings.tokens.maxPerDay },
    /** Records on disk by `generated.by`; those of people and agents count as `by hand`. */
    made: [...groupBy(records, ({ generated }) => generated?.by ?? 'by hand')]
      .map(([by, own]) => ({ by, records: own.length, tokens: sumOf(own, ({ generated }) => generated?.tokens ?? 0) }))
      .sort((a, b) => b.records - a.records || (a.by < b.by ? -1 : 1)),
    session: {
      /** Cost of the MCP server's tools and instructions, where a host has it; their size. */
      mcp: Math.ceil(mcpBytes / 4),
      mcpBytes,
      /** Cost of the index block per session, and of reading all records that it can list. */
      block: tokensOf(block.text),
      everything: sumOf(tellable(recordSet), ({ excerpt }) => excerpt.tokens),
      shown: block.shown,
      total: block.total,
    },
  };
}

function usageOf(lines: readonly { requests: number; tokensIn: number; tokensOut: number }[]) {
  return {
    requests: sumOf(lines, (one) => one.requests),
    tokensIn: sumOf(lines, (one) => one.tokensIn),
    tokensOut: sumOf(lines, (one) => one.tokensOut),
  };
}

function sumOf<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}

/** Map.groupBy came with Node 21. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), (groups.get(keyOf(item)) ?? []).concat(item));
  return groups;
}
