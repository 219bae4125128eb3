// Usage of providers, one file of JSON lines per day; each claim counts once.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryPaths } from '../../domain/memory-paths.ts';
import { namesIn, readJsonLines } from '../../store/lenient-files.ts';
import type { Usage } from '../providers/provider.ts';

export interface UsageLine extends Usage {
  at: string;
  /** As in `generated.by`. */
  provider: string;
  session: string;
  claim: string;
}

const usageDir = (paths: MemoryPaths): string => join(paths.privateDir, 'usage');

/** Lines of one day (YYYY-MM-DD), without incomplete ones; [] when there are none. */
export function readUsage(paths: MemoryPaths, day: string): UsageLine[] {
  const lines = readJsonLines(join(usageDir(paths), `${day}.jsonl`)) as (Partial<UsageLine> | null)[];
  return lines.filter((line): line is UsageLine => typeof line?.tokensOut === 'number');
}

/** Model tokens of a day (UTC), in and out, of all records written so far. */
export function tokensOn(paths: MemoryPaths, day: Date): number {
  return readUsage(paths, day.toISOString().slice(0, 10)).reduce(
    (sum, line) => sum + line.tokensIn + line.tokensOut,
    0,
  );
}

/** Days that have usage, oldest first. */
export function usageDays(paths: MemoryPaths): string[] {
  const names = namesIn(usageDir(paths)).filter((name) => /^\d{4}-\d\d-\d\d\.jsonl$/.test(name));
  return names.map((name) => name.slice(0, 10)).sort();
}

/** Appends lines for claims and providers that are not yet listed on that day. Throws errors of the file system. */
export function appendUsage(paths: MemoryPaths, lines: readonly UsageLine[]): void {
  for (const line of lines) {
    const day = line.at.slice(0, 10);
    if (readUsage(paths, day).some((known) => known.claim === line.claim && known.provider === line.provider)) continue;
    mkdirSync(usageDir(paths), { recursive: true, mode: 0o700 });
    // The newline comes first, so that an incomplete line damages only itself.
    appendFileSync(join(usageDir(paths), `${day}.jsonl`), `\n${JSON.stringify(line)}`, { mode: 0o600 });
  }
}

export function addUsage(a: Usage, b: Usage): Usage {
  const [requests, tokensIn, tokensOut] = [a.requests + b.requests, a.tokensIn + b.tokensIn, a.tokensOut + b.tokensOut];
  return { requests, tokensIn, tokensOut };
}
