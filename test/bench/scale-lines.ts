// A server that stays, at 10,000 records; and 100,000 records, which take minutes to write: measured when asked for.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Line } from './lines.ts';
import { median, peakMegabytes, timeProcess } from './measure.ts';
import { project, warmUp, worldOf, type RecordSet } from './worlds.ts';

const asked = 300;
/** The first questions load what later ones find in memory. */
const warming = 30;

let mcpTimes: number[] | undefined;

/** Milliseconds of `search` through a running server, each with other words of the records themselves. */
function timesOfMcp(): readonly number[] {
  if (mcpTimes) return mcpTimes;
  const recordSet = worldOf(10_000);
  warmUp(recordSet.repomem('search', 'why does the queue retry twice'));
  const calls = questionsOf(recordSet, warming + asked).map((query) => ({ name: 'search', arguments: { query } }));
  const run = spawnSync(process.execPath, [join(project, 'test/bench/mcp-client.mjs')], {
    input: JSON.stringify({ ...recordSet.repomem('mcp'), calls }),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`mcp: ${run.status} ${run.stderr}`);
  return (mcpTimes = (JSON.parse(run.stdout) as number[]).slice(warming).sort((a, b) => a - b));
}

/** Three to seven words out of the records' sentences, as they stand there or mixed with words of a question. */
function questionsOf({ dir }: RecordSet, count: number): string[] {
  const top = join(dir, '.claude-mem/observations');
  const files = readdirSync(top, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  return Array.from({ length: count }, (_, at) => {
    const text = readFileSync(join(top, files[(at * 7919) % files.length] ?? ''), 'utf8');
    const words = text
      .slice(text.lastIndexOf('---') + 3)
      .trim()
      .split(/[\s.]+/);
    const some = words.slice(at % 40, (at % 40) + 3 + (at % 5)).join(' ');
    return at % 2 === 0 ? some : `why does ${some} fail`;
  });
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const huge = (): RecordSet => worldOf(100_000);
const question = 'why does the queue retry twice';

/** Recorded, not promised. */
const noTarget = Number.POSITIVE_INFINITY;

export const scaleLines = {
  'mcp-10k-p50': {
    kind: 'figure',
    what: `search through a running MCP server at 10,000 records, the median of ${asked} questions`,
    target: 5,
    unit: 'ms',
    measure: () => median(timesOfMcp()),
  },
  'mcp-10k-p95': {
    kind: 'figure',
    what: 'the same, 95 of 100',
    target: 20,
    unit: 'ms',
    measure: () => percentile(timesOfMcp(), 0.95),
  },
  'search-100k-index': {
    kind: 'figure',
    longName: 'search-100k',
    what: 'repomem search at 100,000 records, every cache of the memory gone',
    target: noTarget,
    unit: 's',
    measure: () => {
      const recordSet = huge();
      recordSet.dropCaches();
      return timeProcess(recordSet.repomem('search', question)) / 1000;
    },
  },
  'search-100k-index-memory': {
    kind: 'figure',
    longName: 'search-100k',
    what: 'its peak resident memory',
    target: 1000,
    unit: 'MB',
    measure: () => {
      const recordSet = huge();
      recordSet.dropCaches();
      return peakMegabytes(recordSet.repomem('search', question));
    },
  },
  'search-100k': {
    kind: 'figure',
    longName: 'search-100k',
    what: 'repomem search at 100,000 records, caches warm',
    target: noTarget,
    unit: 's',
    measure: () => {
      const ask = huge().repomem('search', question);
      warmUp(ask);
      return median(Array.from({ length: 5 }, () => timeProcess(ask))) / 1000;
    },
  },
  'search-100k-memory': {
    kind: 'figure',
    longName: 'search-100k',
    what: 'its peak resident memory',
    target: 1000,
    unit: 'MB',
    measure: () => peakMegabytes(huge().repomem('search', question)),
  },
} satisfies Record<string, Line>;
