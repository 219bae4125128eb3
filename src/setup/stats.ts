// Costs and savings of the memory: requests and tokens by provider and day, records by origin, tokens that a session reads.
import { readUsage, usageDays } from '../compress/claims/usage.ts';
import { tokensOn } from '../compress/providers/allowance.ts';
import { tokensOf } from '../domain/excerpt.ts';
import { buildBlock } from '../recall/block.ts';
import type { Memory } from '../memory/open.ts';
import { readRecordSet, tellable } from '../memory/records.ts';
import { pickProvider } from '../learn/pick-provider.ts';

export interface ProviderDay {
  /** YYYY-MM-DD, UTC. */
  day: string;
  provider: string;
  requests: number;
  tokensIn: number;
  tokensOut: number;
}

/** Bytes of the MCP server's instructions and tools, which a host with it reads in every session; a test holds it to the server. */
export const mcpBytes = 3828;

export interface MemoryStats {
  provider: { name: string; why: string };
  /** Newest day first. */
  days: ProviderDay[];
  total: { requests: number; tokensIn: number; tokensOut: number };
  /** Today's tokens and the cap; 0 means no cap. */
  today: { tokens: number; cap: number };
  /** Records on disk by `generated.by`; those of people and agents count as `by hand`. */
  made: { by: string; records: number; tokens: number }[];
  session: {
    /** Cost of the MCP server's tools and instructions, where a host has it; their size. */
    mcp: number;
    mcpBytes: number;
    /** Cost of the index block per session. */
    block: number;
    /** Cost of reading all records that the block can list. */
    everything: number;
    shown: number;
    total: number;
  };
}

/** `days`: maximum number of listed days with usage, newest first; totals include all. */
export async function memoryStats(memory: Memory, options: { days?: number } = {}): Promise<MemoryStats> {
  const { paths, env, settings } = memory;
  const lines = usageDays(paths).flatMap((day) => readUsage(paths, day).map((line) => ({ ...line, day })));
  const byDay = new Map<string, ProviderDay>();
  for (const { day, provider, requests, tokensIn, tokensOut } of lines) {
    const key = `${day} ${provider}`;
    const known = byDay.get(key) ?? { day, provider, requests: 0, tokensIn: 0, tokensOut: 0 };
    known.requests += requests;
    known.tokensIn += tokensIn;
    known.tokensOut += tokensOut;
    byDay.set(key, known);
  }
  const days = [...byDay.values()].sort((a, b) =>
    a.day < b.day ? 1 : a.day > b.day ? -1 : a.provider < b.provider ? -1 : 1,
  );
  const newest = new Set([...new Set(days.map(({ day }) => day))].slice(0, options.days ?? 14));
  const recordSet = await readRecordSet(memory);
  const block = await buildBlock(memory, {}, recordSet);
  const { name, why, pause } = pickProvider(memory);
  return {
    provider: { name, why: pause === undefined ? why : `${why}; the rules for now: ${pause}` },
    days: days.filter(({ day }) => newest.has(day)),
    total: {
      requests: sumOf(days, ({ requests }) => requests),
      tokensIn: sumOf(days, ({ tokensIn }) => tokensIn),
      tokensOut: sumOf(days, ({ tokensOut }) => tokensOut),
    },
    today: { tokens: tokensOn({ paths, day: env.now().toISOString().slice(0, 10) }), cap: settings.tokens.maxPerDay },
    made: countMakers(recordSet.assessed.map(({ excerpt }) => excerpt).filter(({ type }) => type !== 'tombstone')),
    session: {
      mcp: Math.ceil(mcpBytes / 4),
      mcpBytes,
      block: tokensOf(block.text),
      everything: sumOf(tellable(recordSet), ({ excerpt }) => excerpt.tokens),
      shown: block.shown,
      total: block.total,
    },
  };
}

function sumOf<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}

function countMakers(excerpts: readonly { generated?: { by: string; tokens: number } }[]): MemoryStats['made'] {
  const makers = new Map<string, { by: string; records: number; tokens: number }>();
  for (const { generated } of excerpts) {
    const by = generated?.by ?? 'by hand';
    const maker = makers.get(by) ?? { by, records: 0, tokens: 0 };
    maker.records++;
    maker.tokens += generated?.tokens ?? 0;
    makers.set(by, maker);
  }
  return [...makers.values()].sort((a, b) => b.records - a.records || (a.by < b.by ? -1 : 1));
}
