// Costs and savings of the memory: requests and tokens by provider and day, records by origin, tokens that a session reads.
import { readUsage, usageDays } from '../compress/claims/usage.ts';
import { tokensOn } from '../compress/providers/allowance.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { pickProvider } from '../learn/pick-provider.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet, tellable } from '../memory/records.ts';
import { buildBlock } from '../recall/block.ts';

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
    today: { tokens: tokensOn({ paths, day: env.now().toISOString().slice(0, 10) }), cap: settings.tokens.maxPerDay },
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
